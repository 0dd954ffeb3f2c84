import type { Readable, Writable } from 'node:stream';
import { isCancel, note, select, text, type Option } from '@clack/prompts';
import type { Approval, ApprovalAction, Decision } from '../client/index.js';
import { byOf, type Call } from './call.js';
import { clean } from './text.js';

/** What a person said: a decision, `later`, or `interrupted` (Ctrl-C). */
type Answer = Decision | 'later' | 'interrupted';

const WORDS: Record<ApprovalAction, { label: string; hint: string }> = {
  approve: { label: 'Approve', hint: 'it stands' },
  reject: { label: 'Reject', hint: 'the agent works again with what you say' },
  edit: { label: 'Edit', hint: 'what you write stands' },
  skip: { label: 'Skip', hint: 'go on without it' },
  abort: { label: 'Abort', hint: 'the run ends' },
};
const MAX_LINES = 60;

/** Shows an approval, and asks for a decision; undefined where the signal fired, as somebody else has decided. */
export async function askDecision(call: Call, approval: Approval, signal: AbortSignal): Promise<Answer | undefined> {
  const { deps } = call;
  const io = { input: deps.terminal.input, output: deps.terminal.output, signal };
  note(shownOf(approval), clean(approval.question ?? titleOf(approval)), { output: io.output });
  const options: Option<ApprovalAction | 'later'>[] = [
    ...approval.actions.map((action) => ({ value: action, ...WORDS[action] })),
    { value: 'later', label: 'Later', hint: 'leave it open and go on watching' },
  ];
  const action = await select({ ...io, message: approval.id, options });
  if (isCancel(action)) return signal.aborted ? undefined : 'interrupted';
  if (action === 'later') return action;
  const by = byOf({ deps }, undefined);
  const ask = async (message: string): Promise<string | undefined> => {
    const given = await text({ ...io, message, validate: (value) => (value?.trim() ? undefined : 'Expected a text') });
    return isCancel(given) ? undefined : given;
  };
  if (action === 'reject') {
    const feedback = await ask('What shall the agent do differently?');
    return feedback === undefined ? interruptedBy(signal) : { action, ...by, feedback };
  }
  if (action === 'edit') return { action, ...by, ...(await edited(call, approval)) };
  if (action === 'approve' && approval.answerSchema !== undefined) {
    const answer = await answerTo(approval.answerSchema, io, ask);
    return answer === undefined ? interruptedBy(signal) : { action, ...by, answer };
  }
  return { action, ...by };
}

/** Opens what an approval shows in the editor. */
export async function edited(
  { deps }: Pick<Call, 'deps'>,
  approval: Approval,
): Promise<Pick<Decision, 'output' | 'arguments'>> {
  if (approval.kind === 'tool_call') {
    const now = JSON.stringify(approval.tool?.arguments ?? {}, null, 2);
    return editOf(approval, await deps.edit(now, 'json'), deps);
  }
  return editOf(approval, await deps.edit(approval.shown, approval.outputSchema === undefined ? 'md' : 'json'), deps);
}

/** An edit of a text: the output, or for a tool the arguments. */
export function editOf(
  { kind }: Approval,
  given: string,
  deps: Pick<Call['deps'], 'parseYaml'>,
): Pick<Decision, 'output' | 'arguments'> {
  if (kind !== 'tool_call') return { output: given.trimEnd() };
  return { arguments: deps.parseYaml(given, 'the arguments') as Record<string, unknown> };
}

/** An answer that was typed: by its schema a text, or JSON where it is some. */
export function valueOf(typed: string, schema: unknown): unknown {
  if ((schema as { type?: unknown } | undefined)?.type === 'string') return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** What the person answers: one of the schema's values where it names them, else what they type. */
async function answerTo(
  schema: unknown,
  io: { input: Readable; output: Writable; signal: AbortSignal },
  ask: (message: string) => Promise<string | undefined>,
): Promise<unknown> {
  const values = (schema as { enum?: unknown[] } | undefined)?.enum;
  if (!Array.isArray(values) || values.length === 0) {
    const typed = await ask('Your answer');
    return typed === undefined ? undefined : valueOf(typed, schema);
  }
  const options = values.map((value, at) => ({ value: at, label: clean(String(value)) }));
  const chosen = await select({ ...io, message: 'Your answer', options });
  return isCancel(chosen) ? undefined : values[chosen];
}

function interruptedBy(signal: AbortSignal): 'interrupted' | undefined {
  return signal.aborted ? undefined : 'interrupted';
}

function titleOf({ kind, taskId, tool, attempt }: Approval): string {
  if (kind === 'tool_call') return `The task ${taskId} wants to call ${tool?.name ?? 'a tool'}`;
  if (kind === 'budget') return 'The budget is used up: go on?';
  return `The output of the task ${taskId}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
}

function shownOf({ shown, tool }: Approval): string {
  const whole = clean(tool?.arguments ? JSON.stringify(tool.arguments, null, 2) : shown);
  const lines = whole.split('\n');
  if (lines.length <= MAX_LINES) return whole;
  return [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`].join('\n');
}
