import { context, propagation } from '@opentelemetry/api';
import { linkedSignal } from '../../contract/linked-signal.js';
import { ModelCallError } from '../../contract/model-error.js';
import type { TokenUsage } from '../../contract/wire.js';
import type { ChatModel, ChatReply, ChatRequest, Logger, ModelCallOptions } from '../../ports.js';
import { MissingVariableError, type ModelEntry, type Models, type ModelSecrets } from '../models/entry.js';
import { addChunk, emptyAnswer, tokenUsage, type Answer } from './answer.js';
import { ANSWER_LIMITS, type AnswerLimits } from './answer-limits.js';
import { newClient, type Completions } from './completions.js';
import { modelCallError } from './errors.js';
import { planTurn, type Turn } from './turn.js';

/**
 * The `ChatModel` port on LangChain's client of chat completions: OpenAI and everything that speaks its protocol. Which
 * model is asked where, and how, its entry in the registry says.
 */
export function createChatModel(models: Models, logger: Logger, limits: AnswerLimits = ANSWER_LIMITS): ChatModel {
  const withoutUsage = new Set<string>();
  return {
    async call(request, options) {
      // Not the wall clock, which may be set meanwhile.
      const started = performance.now();
      const entry = entryOf(models, request.model);
      const secrets = secretsOf(models, entry);
      const turn = planTurn(entry, request);
      const answer = await ask(entry, secrets, turn, options, limits);
      if (!answer.usage && !withoutUsage.has(entry.name)) {
        withoutUsage.add(entry.name);
        logger.warn({ model: entry.name }, 'the model provider tells no usage: it is counted as 0');
      }
      return { ...reply(answer, entry, turn), durationMs: Math.round(performance.now() - started) };
    },
  };
}

/** The place in the trace that the provider goes on from: `traceparent`, where there is one. */
function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

function entryOf(models: Models, name: ChatRequest['model']): ModelEntry {
  const entry = models.find(name);
  if (!entry) throw new ModelCallError('not_found', models.whyNot(name ?? ''));
  return entry;
}

function secretsOf(models: Models, entry: ModelEntry): ModelSecrets {
  try {
    return models.secrets(entry);
  } catch (error) {
    if (error instanceof MissingVariableError) throw new ModelCallError('unauthorized', error.message);
    throw error;
  }
}

/**
 * One answer, whole. An error says what was taken until then, as far as the provider said: it may have to be paid for.
 * @throws ModelCallError
 */
async function ask(
  entry: ModelEntry,
  secrets: ModelSecrets,
  turn: Turn,
  options: ModelCallOptions,
  limits: AnswerLimits,
): Promise<Answer> {
  const client = newClient(entry, secrets, limits);
  const answer = emptyAnswer();
  try {
    await read(client, answer, entry, turn, options, limits);
    return whole(answer, client.usageReports);
  } catch (error) {
    throw explained(error, entry, secrets, { begun: answer.hasChoice, usage: client.usageSoFar });
  }
}

/** Streams the answer and puts it together: a stream shows at once that the caller went away, and that it was cut. */
async function read(
  client: Completions,
  answer: Answer,
  entry: ModelEntry,
  turn: Turn,
  options: ModelCallOptions,
  limits: AnswerLimits,
): Promise<void> {
  const timeoutMs = Math.min(options.timeoutMs, entry.timeoutMs ?? Infinity);
  const bounded = linkedSignal([options.signal], { ms: timeoutMs });
  const timedOut = () => new ModelCallError('timed_out', `no whole answer within ${timeoutMs} ms`);
  let started = false;
  try {
    // `headers` reaches the client though LangChain's types do not name it; its typed `options.headers` does not.
    const callOptions = {
      ...turn.options,
      signal: bounded.signal,
      headers: { 'X-Client-Request-Id': options.requestId, ...traceHeaders() },
    };
    // Not `stream()`: that puts all chunks together for callbacks that we have none of, at a cost that grows with each.
    for await (const chunk of client._streamResponseChunks(turn.messages, callOptions)) {
      started = true;
      addChunk(answer, chunk, limits);
      if (chunk.message.text !== '') options.onText?.(chunk.message.text);
    }
  } catch (error) {
    options.signal.throwIfAborted();
    throw bounded.signal.aborted ? timedOut() : modelCallError(error, started);
  } finally {
    bounded.release();
  }
  // An aborted stream may end without an error, and a cut one without a finish reason.
  options.signal.throwIfAborted();
  if (bounded.signal.aborted) throw timedOut();
}

/** @throws ModelCallError where something is missing */
function whole(answer: Answer, usageReports: number): Answer {
  if (!answer.hasChoice) throw new ModelCallError('bad_response', 'an empty stream');
  if (answer.finishReason === 'error') throw new ModelCallError('unavailable', 'the answer ended with an error');
  if (answer.finishReason !== undefined) return answer;
  // Some never say why they stopped; that they tell the usage says that they did, unless they told it all along.
  if (answer.usage && usageReports <= 1)
    return { ...answer, finishReason: answer.calls.length > 0 ? 'tool_calls' : 'stop' };
  throw new ModelCallError('stream_cut', 'the stream ended without a finish reason');
}

function reply(answer: Answer, entry: ModelEntry, turn: Turn): Omit<ChatReply, 'durationMs'> {
  return {
    ...turn.read(answer),
    ...(answer.id !== undefined && { id: answer.id }),
    model: answer.model ?? entry.id,
    finishReason: answer.finishReason ?? 'unknown',
    usage: tokenUsage(answer.usage),
  };
}

/** Says which model, where, and which variable its key came from, where that is what must be looked at. Never a secret. */
function explained(
  error: unknown,
  entry: ModelEntry,
  { baseUrl, key, headers }: ModelSecrets,
  { begun, usage }: { begun: boolean; usage: TokenUsage | undefined },
): unknown {
  if (!(error instanceof ModelCallError)) return error;
  const { reason, status, retryAfterMs } = error;
  let message = error.message;
  for (const secret of [key, ...Object.values(headers)]) {
    if (secret !== undefined && secret.length > 5) message = message.replaceAll(secret, '[key]');
  }
  if (reason === 'not_found' || reason === 'unauthorized') {
    const { origin, pathname } = new URL(baseUrl);
    const from = entry.keyEnv === undefined ? 'no key is configured for it' : `its key is taken from ${entry.keyEnv}`;
    message = `${message} (model '${entry.id}' at ${origin}${pathname}; ${from})`;
  }
  return new ModelCallError(reason, message, {
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    begun,
    ...(usage && { usage }),
  });
}
