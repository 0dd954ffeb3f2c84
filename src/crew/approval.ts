import { ALL_ACTIONS } from './actions.js';
import { MAX_REJECTIONS } from './limits.js';
import type { AgentDefinition, ApprovalSpec, TaskDefinition } from './types.js';

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

/** How a definition uses the tool of this name: `server/*` stands for all of a server's. */
export function toolUseOf<Use extends string | { name: string }>(uses: readonly Use[], name: string): Use | undefined {
  const named = (wanted: string) => uses.find((use) => (typeof use === 'string' ? use : use.name) === wanted);
  return named(name) ?? named(`${name.split('/')[0]}/*`);
}

/** How a person is asked before the tool of this name is called. */
export function toolApprovalOf(
  uses: NonNullable<AgentDefinition['tools']>,
  name: string,
): Omit<ApprovalSpec, 'answer_schema' | 'max_rejections'> | undefined {
  const use = toolUseOf(uses, name);
  if (typeof use !== 'object' || use.approval === undefined || use.approval === false) return undefined;
  return use.approval === true ? {} : use.approval;
}
