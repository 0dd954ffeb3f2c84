import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { callId } from '../contract/ids.js';
import { DEFAULT_MODEL, modelQueueOf, type ModelFacts } from '../contract/models.js';
import { MAX_PROMPT_CHARS, type EarlierAttempts, type ModelReply, type ModelRequest } from '../contract/wire.js';
import { estimateTokens } from '../crew/limits.js';
import { failure } from './failure.js';
import { codeOf, failureView } from './failure-view.js';
import type { Scope } from './journal.js';
import { sizeOf } from './messages.js';
import { callModel, LIMITED_MODEL_CALL, MODEL_CALL } from './proxies.js';
import { modelFacts, type RunContext } from './run-context.js';
import type { Caller } from './run-log.js';
import { usageOf, usageOfFailed } from './usage.js';

/** One question to a model, and on whose behalf it is asked. */
export interface Asking {
  caller: Caller;
  /** Where the call is, for its id: `research`, `research/review`. */
  place: string;
  /** Who asks, for people. */
  role: string;
  /** What definitions write: a model, several to fall back on, or none. */
  llm: string | string[] | undefined;
  maxRpm?: number | undefined;
  request: Omit<ModelRequest, 'model'>;
  /** Characters of the conversation that `request.transcript` stands for. */
  transcriptChars?: number;
  /** When the agent's time is over, in ms of the workflow's clock. */
  deadline?: number | undefined;
}

/** Which of several models is asked: a fallback is kept to, until the turn is over. */
export interface Pick {
  model: number;
}

/**
 * Asks a model once, as the step `name` of the scope; where it cannot answer, the next one of the list. Keeps to the budget
 * and to `max_rpm` first, and counts what it took.
 * @throws ApplicationFailure and ActivityFailure; `failureView` puts either into words.
 */
export async function askModel(
  run: RunContext,
  scope: Scope,
  name: string,
  asking: Asking,
  pick: Pick,
): Promise<ModelReply> {
  const models = typeof asking.llm === 'object' ? asking.llm : [asking.llm];
  checkSize(asking);
  for (;;) {
    const model = models[pick.model];
    const next = models[pick.model + 1];
    const step = `${name}/${pick.model}`;
    try {
      const release = scope.has(step) ? () => undefined : await admission(run, asking);
      try {
        return await scope.step(step, () => callOnce(run, asking, model, next !== undefined));
      } finally {
        release();
      }
    } catch (error) {
      if (isCancellation(error) || next === undefined || !FALLS_BACK.has(failureView(error).code)) throw error;
      const { code } = failureView(error);
      scope.once(`${step}/fell-back`, () => {
        run.state.modelFellBack(asking.caller, { from: model ?? 'default', to: next, code });
      });
      pick.model += 1;
    }
  }
}

/**
 * On which failures the next model is asked: whatever is the fault of this model, its provider or its account. Not where the
 * request itself is refused (another model would refuse it too), and not where the agent's time is over.
 */
const FALLS_BACK = new Set<string>([
  FailureType.modelRateLimited,
  FailureType.modelUnavailable,
  FailureType.modelUnreachable,
  FailureType.modelTimedOut,
  FailureType.modelStreamCut,
  FailureType.modelAnswerTooLarge,
  FailureType.modelBadResponse,
  FailureType.modelQuotaExhausted,
  FailureType.modelUnauthorized,
  FailureType.modelNotFound,
  FailureType.modelContextExceeded,
  FailureType.notConfigured,
]);

/** Waits until the budget and the rates let one more call through. Resolves to what gives the reservation back. */
async function admission(
  run: RunContext,
  { caller, maxRpm, request, transcriptChars = 0 }: Asking,
): Promise<() => void> {
  const { definition } = run.input;
  const task = caller.taskId ?? Object.keys(definition.tasks)[0] ?? '';
  const release = await run.budget.reserve(task, estimateTokens(sizeOf(request.messages) + transcriptChars));
  try {
    const own = caller.agent === undefined ? [] : [{ of: caller.agent, rpm: maxRpm }];
    await run.pace.turn([{ of: '', rpm: definition.max_rpm }, ...own]);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

async function callOnce(
  run: RunContext,
  asking: Asking,
  model: string | undefined,
  hasFallback: boolean,
): Promise<ModelReply> {
  const { caller, place, role, request } = asking;
  const facts = modelFacts(run.input, model);
  const call = run.counters.next(callId(place, 'model', 0));
  const asked: ModelRequest = {
    ...request,
    ...(facts ? facts.name !== DEFAULT_MODEL && { model: facts.name } : model !== undefined && { model }),
  };
  const options = {
    ...callOptions(facts, hasFallback),
    ...remaining(asking),
    activityId: callId(place, 'model', call),
    summary: `${role} · ${place.replaceAll('/', ' · ')} · model call ${call}`.slice(0, MAX_SUMMARY_CHARS),
  };
  const counted = facts?.name ?? model ?? 'default';
  try {
    const reply = await callModel.executeWithOptions(options, [asked]);
    run.state.modelCalled(caller, call, counted, reply, usageOf(reply, facts?.prices));
    return reply;
  } catch (error) {
    const attempts = attemptsOf(error, options.retry.maximumAttempts);
    run.state.modelFailed(caller, counted, usageOfFailed(attempts, facts?.prices));
    throw error;
  }
}

/** How a call is bounded: where its rate is limited it may wait in the model's own queue for as long as it takes. */
function callOptions(facts: ModelFacts | undefined, hasFallback: boolean) {
  const limited = facts?.rpm !== undefined || facts?.tpm !== undefined;
  const options = limited ? LIMITED_MODEL_CALL : MODEL_CALL;
  const maximumAttempts = hasFallback ? ATTEMPTS_WITH_FALLBACK : options.retry.maximumAttempts;
  return {
    ...options,
    retry: { ...options.retry, maximumAttempts },
    ...(facts?.rpm !== undefined && { taskQueue: modelQueueOf(workflowInfo().taskQueue, facts.name) }),
  };
}

/** Where another model can be asked, one that fails is not waited for so long. */
const ATTEMPTS_WITH_FALLBACK = 3;

function remaining({ deadline }: Asking) {
  if (deadline === undefined) return {};
  const scheduleToCloseTimeout = deadline - Date.now();
  if (scheduleToCloseTimeout <= 0) throw failure(FailureType.taskTimedOut, 'The agent did not finish within its time');
  return { scheduleToCloseTimeout };
}

/** The attempts of a call that was never answered, as its activity counted them; else as the retry policy did. */
function attemptsOf(error: unknown, maximumAttempts: number): EarlierAttempts {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure)
    return (cause.details?.[0] as EarlierAttempts | undefined) ?? { failed: 1, unknown: 0 };
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'HEARTBEAT')
    return { failed: 0, unknown: maximumAttempts };
  return { failed: 0, unknown: codeOf(error) === undefined ? 1 : 0 };
}

// Temporal refuses summaries over 400 bytes, and a refusal fails the workflow task for ever; 4 bytes a character.
const MAX_SUMMARY_CHARS = 100;

/** Longest part of a prompt that stands in the history itself: descriptions and inputs, which are never by reference. */
const MAX_INLINE_CHARS = 400_000;

function checkSize({ request: { messages }, transcriptChars = 0 }: Asking): void {
  const inline = sizeOf(messages, 'inline');
  const chars = sizeOf(messages) + transcriptChars;
  if (inline <= MAX_INLINE_CHARS && chars <= MAX_PROMPT_CHARS) return;
  const message = `The prompt has ${chars} characters, at most ${MAX_PROMPT_CHARS} fit a call (${MAX_INLINE_CHARS} of descriptions and inputs); name fewer tasks in context`;
  throw failure(FailureType.promptTooLarge, message);
}
