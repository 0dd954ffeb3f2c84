import { FailureType } from '../contract/failures.js';
import { callId } from '../contract/ids.js';
import { Attribute, Operation } from '../contract/telemetry.js';
import type { ChatMessage, ModelReply, ToolCall, TurnKit } from '../contract/wire.js';
import { DEFAULT_MAX_ITER, MAX_MALFORMED_ROUNDS, SCHEMA_REPAIRS } from '../crew/limits.js';
import { LAST_CALL, schemaFeedback } from '../crew/prompt.js';
import { askModel, type Pick } from './ask-model.js';
import { failure } from './failure.js';
import type { Scope } from './journal.js';
import { lengthOf, sizeOf } from './messages.js';
import { takeMessages } from './mailbox.js';
import { CHECK, prepareTurn } from './proxies.js';
import type { RunContext } from './run-context.js';
import { inSpan, type LongSpan } from './spans.js';
import { runTools, type ToolResult } from './tools.js';
import type { Answer, Turn } from './turn.js';

/** Where the loop of a turn stands: all that its next round depends on. */
interface LoopState extends Pick {
  /** When the turn began, in ms. */
  startedAt?: number;
  kit?: TurnKit;
  /** When the agent's time is over, in ms. */
  deadline?: number;
  /** Digest of the conversation so far, and its length; */
  transcript?: string;
  transcriptChars: number;
  /** what comes after it. */
  append: ChatMessage[];
  /** Answers with tool calls so far, */
  rounds: number;
  /** and those in a row in which no call could be made. */
  malformed: number;
  empty: number;
  repairs: number;
}

/**
 * One turn of an agent: asks its model, makes the tool calls that it asks for, and so on until it answers. At most
 * `max_iter` calls with tools, then one last call without. Empty answers and answers that do not fit the schema are
 * asked for again, both bounded.
 * @throws ApplicationFailure and ActivityFailure; `failureView` puts either into words.
 */
export function agentTurn(run: RunContext, scope: Scope, turn: Turn): Promise<Answer> {
  const resumed = scope.resume<LoopState>('loop');
  const span = spanOf(run, scope, turn, resumed?.startedAt ?? Date.now());
  return inSpan(span, () => rounds(run, scope, turn, resumed, span.startedAt));
}

function spanOf({ input }: RunContext, { place }: Scope, { caller }: Turn, startedAt: number): LongSpan {
  return {
    name: `${Operation.agent} ${caller.agent}`,
    key: `${input.runId}/${place}`,
    startedAt,
    attributes: {
      [Attribute.operation]: Operation.agent,
      [Attribute.agent]: caller.agent,
      [Attribute.workflow]: input.crew.name,
      [Attribute.run]: input.runId,
      [Attribute.place]: place,
      ...(caller.taskId !== undefined && { [Attribute.task]: caller.taskId }),
    },
  };
}

async function rounds(
  run: RunContext,
  scope: Scope,
  turn: Turn,
  resumed: LoopState | undefined,
  startedAt: number,
): Promise<Answer> {
  const state = resumed ?? { ...(await begin(run, scope, turn)), startedAt };
  const usesTools = turn.tools.length > 0 || turn.coworkers.length > 0;
  const maxRounds = usesTools ? (turn.agent.max_iter ?? DEFAULT_MAX_ITER) : 0;
  for (let goesOn = resumed !== undefined; ; goesOn = false) {
    // A round that was begun before the run continued as new goes on with what it has.
    if (!goesOn) {
      state.append = [...state.append, ...takeMessages(run.state, turn.caller.taskId, turn.caller.agent)];
      scope.checkpoint('loop', state);
    }
    const last = usesTools && (state.rounds >= maxRounds || state.malformed >= MAX_MALFORMED_ROUNDS);
    const reply = await ask(run, scope, turn, state, { usesTools, last });
    const calls = last ? [] : (reply.toolCalls ?? []);
    if (calls.length > 0) {
      const results = await runTools(run, scope, turn, state.kit?.tools ?? [], calls);
      // The agent's time does not run while a person is asked.
      if (state.deadline !== undefined) state.deadline += Math.max(...results.map(({ waitedMs }) => waitedMs));
      const answer = results.find(({ isAnswer }) => isAnswer);
      if (answer) return { output: answer.content, json: false };
      heardOf(state, reply, results);
      continue;
    }
    const output = reply.textRef ?? reply.text.trim();
    if (output === '') {
      if (state.empty >= turn.agent.max_retry_limit) {
        throw failure(FailureType.modelEmptyAnswer, `The model gave an empty answer ${state.empty + 1} times`);
      }
      state.empty += 1;
      scope.once('empty', () => run.state.askedAgain(turn.caller, 'empty_answer'));
      continue;
    }
    if (!reply.schemaIssues) return { output, json: turn.schema !== undefined };
    repair(run, scope, turn, state, reply, reply.schemaIssues);
  }
}

async function begin(run: RunContext, scope: Scope, turn: Turn): Promise<LoopState> {
  const { tools, coworkers, schema, agent, messages } = turn;
  const needsKit = tools.length > 0 || coworkers.length > 0 || schema !== undefined;
  const kit = needsKit ? await scope.step('kit', () => makeKit(run, turn)) : undefined;
  return {
    ...(kit && { kit }),
    ...(agent.max_execution_time !== undefined && { deadline: Date.now() + agent.max_execution_time * 1000 }),
    transcriptChars: 0,
    append: messages,
    rounds: 0,
    malformed: 0,
    empty: 0,
    repairs: 0,
    model: 0,
  };
}

function makeKit(run: RunContext, { place, tools, coworkers, schema }: Turn): Promise<TurnKit> {
  const names = tools.map((tool) => (typeof tool === 'string' ? { name: tool } : asWire(tool)));
  const options = {
    ...CHECK,
    activityId: callId(place, 'kit', run.counters.next(`${place}/kit`)),
    summary: `${place} · tools`,
  };
  return prepareTurn.executeWithOptions(options, [
    { tools: names, coworkers, ...(schema !== undefined && { schema }) },
  ]);
}

function asWire({ name, result_as_answer, cache, approval }: Exclude<Turn['tools'][number], string>) {
  return {
    name,
    ...(approval !== undefined && { approval: approval !== false }),
    ...(result_as_answer !== undefined && { resultAsAnswer: result_as_answer }),
    ...(cache !== undefined && { cache }),
  };
}

function ask(
  run: RunContext,
  scope: Scope,
  { caller, agent, place }: Turn,
  state: LoopState,
  { usesTools, last }: { usesTools: boolean; last: boolean },
): Promise<ModelReply> {
  const { kit, transcript } = state;
  const messages = last ? [...state.append, { role: 'user', content: LAST_CALL } as const] : state.append;
  const request = {
    messages,
    ...(transcript !== undefined && { transcript }),
    ...(kit && { kit: kit.kit, keep: true }),
    ...(last && { toolChoice: 'none' as const }),
    ...(agent.max_tokens !== undefined && { maxOutputTokens: agent.max_tokens }),
    ...(usesTools && agent.respect_context_window !== false && { fitWindow: true }),
  };
  return askModel(
    run,
    scope,
    'model',
    {
      caller,
      place,
      role: run.state.roleOf(caller.agent),
      llm: agent.llm,
      maxRpm: agent.max_rpm,
      request,
      transcriptChars: state.transcriptChars,
      deadline: state.deadline,
    },
    state,
  );
}

/** The conversation goes on with what the tools gave. */
function heardOf(state: LoopState, reply: ModelReply, results: readonly ToolResult[]): void {
  continued(state, reply);
  state.append = results.map(({ call, content }) => ({
    role: 'tool',
    content,
    toolCallId: call.id,
    toolName: call.name,
  }));
  state.rounds += 1;
  state.malformed = results.every(({ unmade }) => unmade) ? state.malformed + 1 : 0;
}

/** The conversation goes on with why the answer is not what is wanted. */
function repair(
  run: RunContext,
  scope: Scope,
  turn: Turn,
  state: LoopState,
  reply: ModelReply,
  issues: string[],
): void {
  if (state.repairs >= SCHEMA_REPAIRS) {
    throw failure(
      FailureType.schemaUnmet,
      `The answers did not fit the output schema: ${issues.slice(0, 3).join('; ')}`,
    );
  }
  state.repairs += 1;
  scope.once('repair', () => run.state.askedAgain(turn.caller, 'schema'));
  continued(state, reply);
  state.append = [{ role: 'user', content: schemaFeedback(issues) }];
}

function continued(state: LoopState, reply: ModelReply): void {
  if (reply.transcript === undefined) throw failure(FailureType.internal, 'the conversation was not kept');
  state.transcriptChars +=
    sizeOf(state.append) + lengthOf(reply.textRef ?? reply.text) + argumentChars(reply.toolCalls);
  state.transcript = reply.transcript;
}

function argumentChars(calls: readonly ToolCall[] = []): number {
  return calls.reduce((sum, { arguments: args = {} }) => {
    return sum + ('ref' in args && 'chars' in args ? Number(args.chars) : JSON.stringify(args).length);
  }, 0);
}
