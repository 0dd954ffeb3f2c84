import { isCancellation } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { callId } from '../contract/ids.js';
import { INLINE_CHARS, type Text, type ToolCall, type ToolPolicy, type ToolReply } from '../contract/wire.js';
import { delegationKind } from '../crew/delegation.js';
import { MAX_CALLS_A_ROUND } from '../crew/limits.js';
import { allow } from './tool-approval.js';
import { delegate } from './delegate.js';
import { failureView } from './failure-view.js';
import type { Scope } from './journal.js';
import { callTool, IDEMPOTENT_TOOL_ATTEMPTS, TOOL_CALL } from './proxies.js';
import type { RunContext } from './run-context.js';
import { settleAll } from './settle.js';
import type { Turn } from './turn.js';

/** What became of one tool call. */
export interface ToolResult {
  call: ToolCall;
  content: Text;
  /** True: it is the turn's answer. */
  isAnswer: boolean;
  /** True: the call could not be made at all. */
  unmade: boolean;
  /** How long a person was waited for. */
  waitedMs: number;
}

/**
 * Makes the tool calls of one answer, at the same time, and waits for all of them. What goes wrong with a tool is told to
 * the model, which can try another way; only the end of the run itself gets through.
 */
export function runTools(
  run: RunContext,
  scope: Scope,
  turn: Turn,
  policies: readonly ToolPolicy[],
  calls: readonly ToolCall[],
): Promise<ToolResult[]> {
  return settleAll(
    calls.map(async (call, at): Promise<ToolResult> => {
      const name = `tool/${at}`;
      if (at >= MAX_CALLS_A_ROUND) return unmade(call, 'Too many calls at once: make this one again.');
      const kind = turn.coworkers.length > 0 ? delegationKind(call.name) : undefined;
      if (kind) {
        const content = await delegate(run, scope, name, turn, kind, call);
        return { call, content: content.text, isAnswer: false, unmade: content.refused, waitedMs: 0 };
      }
      if (call.invalid !== undefined) return unmade(call, call.invalid);
      const policy = policies.find((one) => one.name === call.name);
      if (!policy) return unmade(call, `There is no tool '${call.name}'.`);
      const { allowed, waitedMs } = await allow(run, scope.at(name), turn, policy, call);
      if ('instead' in allowed) return { ...unmade(call, allowed.instead), unmade: false, waitedMs };
      const reply = await scope.step(name, () => once(run, turn, policy, allowed));
      const isAnswer = policy.resultAsAnswer && reply.isError !== true;
      return { call, content: reply.content, isAnswer, unmade: false, waitedMs };
    }),
  );
}

function unmade(call: ToolCall, why: string): ToolResult {
  return { call, content: why.slice(0, INLINE_CHARS), isAnswer: false, unmade: true, waitedMs: 0 };
}

/** Calls a tool, or remembers what it gave for the same arguments. */
async function once(run: RunContext, turn: Turn, policy: ToolPolicy, call: ToolCall): Promise<ToolReply> {
  const args = call.arguments ?? {};
  const mayCache = policy.cacheable && turn.agent.cache !== false && run.input.definition.cache !== false;
  const known = mayCache ? run.cache.get(policy.name, args) : undefined;
  const number = run.counters.next(callId(turn.place, 'tool', 0));
  if (known !== undefined) {
    const reply = { content: known, durationMs: 0 };
    run.state.toolCalled(turn.caller, number, policy.name, reply, true);
    return reply;
  }
  const reply = await attempt(run, turn, policy, { ...call, arguments: args }, number);
  run.state.toolCalled(turn.caller, number, policy.name, reply, false);
  if (mayCache && reply.isError !== true) run.cache.set(policy.name, args, reply.content);
  return reply;
}

async function attempt(
  run: RunContext,
  { place, caller }: Turn,
  policy: ToolPolicy,
  { id, arguments: args }: ToolCall & Required<Pick<ToolCall, 'arguments'>>,
  number: number,
): Promise<ToolReply> {
  const role = run.state.roleOf(caller.agent);
  const options = {
    ...TOOL_CALL,
    startToCloseTimeout: policy.timeoutMs,
    retry: { ...TOOL_CALL.retry, maximumAttempts: policy.idempotent ? IDEMPOTENT_TOOL_ATTEMPTS : 1 },
    activityId: callId(place, 'tool', number),
    summary: `${role} · ${place.replaceAll('/', ' · ')} · ${policy.name}`.slice(0, 100),
  };
  const started = Date.now();
  try {
    return await callTool.executeWithOptions(options, [
      { name: policy.name, arguments: args, ...(id !== '' && { callId: id }) },
    ]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { content: explain(policy, failureView(error)), isError: true, durationMs: Date.now() - started };
  }
}

/** What the model is told of a tool that gave nothing. */
function explain({ name, idempotent }: ToolPolicy, { code, message }: { code: string; message: string }): string {
  const doubt = idempotent ? '' : ' It is not known whether it took effect.';
  if (code === FailureType.taskTimedOut || code === FailureType.toolTimedOut) {
    return `The tool ${name} did not finish in time.${doubt}`;
  }
  if (code === FailureType.workerLost) return `The tool ${name} was cut off.${doubt}`;
  const why = code === FailureType.internal ? 'it failed' : message;
  return `The tool ${name} could not be used: ${why}.${code === FailureType.toolUnavailable ? doubt : ''}`.slice(
    0,
    INLINE_CHARS,
  );
}
