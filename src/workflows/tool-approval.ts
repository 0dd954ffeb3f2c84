import { toolApprovalId } from '../contract/ids.js';
import type { ApprovalDecision } from '../contract/views.js';
import { INLINE_CHARS, type Text, type ToolCall, type ToolPolicy } from '../contract/wire.js';
import { toolApprovalOf } from '../crew/approval.js';
import { askPerson } from './ask-person.js';
import type { Scope } from './journal.js';
import type { RunContext } from './run-context.js';
import type { Turn } from './turn.js';

/** What became of a call that a person was asked about: the call to make, or what the agent is told instead. */
type Allowed = ToolCall | { instead: string };

/**
 * Asks a person before a tool is called, where the definition or the tool's author wants it. The agent is told of a refusal
 * and can go on without. `waitedMs`: how long the person took.
 * @throws ApplicationFailure `Task.Stopped`
 */
export async function allow(
  run: RunContext,
  scope: Scope,
  turn: Turn,
  policy: ToolPolicy,
  call: ToolCall,
): Promise<{ allowed: Allowed; waitedMs: number }> {
  const spec = toolApprovalOf(turn.tools, policy.name) ?? (policy.needsApproval ? {} : undefined);
  const { taskId } = turn.caller;
  if (!spec || taskId === undefined) return { allowed: call, waitedMs: 0 };
  const id = scope.once('asked', () => toolApprovalId(turn.place, run.counters.next(`${turn.place}/asked`)));
  const { argumentsSchema } = policy;
  const decision = await askPerson(run, {
    id,
    kind: 'tool_call',
    taskId,
    spec,
    ...shownOf(call),
    ...(argumentsSchema && { argumentsSchema }),
  });
  const approval = run.state.view.approvals.find((one) => one.id === id);
  const waitedMs = Date.parse(decision.at) - Date.parse(approval?.requestedAt ?? decision.at);
  return { allowed: afterDecision(decision, policy.name, call), waitedMs };
}

function shownOf({ name, arguments: args = {} }: ToolCall) {
  const isLong = 'ref' in args && 'chars' in args;
  const shown: Text = isLong ? { ref: String(args.ref), chars: Number(args.chars) } : JSON.stringify(args, null, 2);
  const short = !isLong && JSON.stringify(args).length <= INLINE_CHARS;
  return { shown, tool: { name, ...(short && { arguments: args }) } };
}

function afterDecision(decision: ApprovalDecision, tool: string, call: ToolCall): Allowed {
  const { action, by, feedback } = decision;
  if (action === 'approve') return call;
  if (action === 'edit') return { ...call, arguments: decision.arguments ?? {} };
  if (action === 'skip') return { instead: `The call of ${tool} was left out by ${by}: go on without its result.` };
  return { instead: `${by} did not allow this call of ${tool}: ${feedback ?? ''}`.slice(0, INLINE_CHARS) };
}
