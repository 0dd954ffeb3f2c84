import { MAX_REJECTIONS } from './limits.js';
import type { ApprovalSpec } from './schema-approval.js';
import type { AgentDefinition, TaskDefinition } from './types.js';

/** What a person may do with an output where the definition does not say. */
export const ALL_ACTIONS = ['approve', 'reject', 'edit', 'skip', 'abort'] as const;

/** How a person is asked for a task's output; undefined where nobody is. `human_input` is an approval with nothing said. */
export function approvalOf({ approval, human_input: human }: TaskDefinition): ApprovalSpec | undefined {
  if (typeof approval === 'object') return approval;
  return (approval ?? human) ? {} : undefined;
}

/** How often a person may send a task's output back; undefined where no person is asked, or none may. */
export function rejectionsOf(task: TaskDefinition): number | undefined {
  const spec = approvalOf(task);
  if (spec === undefined) return undefined;
  const may = (spec.actions ?? ALL_ACTIONS).includes('reject') || spec.on_deadline === 'reject';
  return may ? (spec.max_rejections ?? MAX_REJECTIONS) : undefined;
}

/** How a person is asked before the tool of this name is called: `server/*` stands for all of a server's. */
export function toolApprovalOf(
  uses: NonNullable<AgentDefinition['tools']>,
  name: string,
): Omit<ApprovalSpec, 'answer_schema' | 'max_rejections'> | undefined {
  const server = `${name.split('/')[0]}/*`;
  const named = (wanted: string) => uses.find((use) => (typeof use === 'string' ? use : use.name) === wanted);
  const use = named(name) ?? named(server);
  if (typeof use !== 'object' || use.approval === undefined || use.approval === false) return undefined;
  return use.approval === true ? {} : use.approval;
}
