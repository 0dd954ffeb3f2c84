import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import type { ModelFacts } from '../contract/models.js';
import { isModelCallError } from '../contract/model-error.js';
import {
  INLINE_CHARS,
  MAX_OUTPUT_CHARS,
  type ModelReply,
  type ModelRequest,
  type PlainMessage,
  type PlainToolCall,
  type StoredKit,
  type ToolCall,
} from '../contract/wire.js';
import { estimateTokens } from '../crew/limits.js';
import type { ChatModel, ChatReply, ChatRequest, JsonSchemas, ModelRegistry, Store, TokenPublisher } from '../ports.js';
import { fitWindow } from './fit-window.js';
import { AttemptCount, withHeartbeat, type FailedAttempt } from './heartbeat.js';
import { here, ownTimeMs, type Here } from './here.js';
import { kept } from './kept.js';
import { liveText } from './live-text.js';
import { modelFailure } from './model-failure.js';
import { missing, stored, textsOf, type Texts } from './texts.js';

interface Deps {
  chatModel: ChatModel;
  models: ModelRegistry;
  store: Store;
  schemas: JsonSchemas;
  tokens: TokenPublisher;
}

/** The activities that call models. */
export function createModelActivities(deps: Deps) {
  const { store, models } = deps;
  return {
    /**
     * One call of a model. Returns whatever was answered, for it was paid for.
     * @throws ApplicationFailure of a `Model.*` type, see `modelFailure`; its detail are the `EarlierAttempts` with this one
     */
    async callModel(request: ModelRequest): Promise<ModelReply> {
      const at = here();
      const attempts = new AttemptCount();
      const texts = textsOf(store, at.tenant);
      const facts = models.facts(request.model);
      const conversation = await conversationOf(store, texts, at.tenant, request);
      const kit = await kitOf(texts, request);
      const asked = askedOf(request, kit, conversation, facts);
      const tokens =
        estimateTokens(JSON.stringify(asked.chat.messages).length) +
        (asked.chat.maxOutputTokens ?? facts?.maxOutputTokens ?? 0);
      await takeTokens(store, facts, tokens, attempts);
      const answer = await call(deps, asked.chat, at, attempts);
      await settleTokens(store, facts, tokens, answer);
      const keeping = <T>(work: () => Promise<T>) => kept(work, at, attempts.beats);
      const reply = await keeping(() => replyOf(deps.schemas, texts, answer, asked.chat));
      const transcript =
        request.keep === true ? await keeping(() => keep(store, at.tenant, request, conversation, answer)) : undefined;
      return {
        ...reply,
        ...(transcript !== undefined && { transcript }),
        ...(attempts.earlier.failed + attempts.earlier.unknown > 0 && { earlier: attempts.earlier }),
        ...(asked.leftOutChars > 0 && { leftOutChars: asked.leftOutChars }),
      };
    },
  };
}

/** The conversation of a request: what came before, and what is new. */
interface Conversation {
  before: PlainMessage[];
  added: PlainMessage[];
}

async function conversationOf(
  store: Store,
  texts: Texts,
  tenant: string,
  { transcript, messages }: ModelRequest,
): Promise<Conversation> {
  const added = await texts.plain(messages);
  if (transcript === undefined) return { before: [], added };
  const before = await stored(() => store.readTranscript(tenant, transcript));
  if (!before) throw missing();
  return { before, added };
}

async function kitOf(texts: Texts, { kit, schema }: ModelRequest): Promise<StoredKit> {
  const known =
    kit === undefined ? { tools: [] } : (JSON.parse(await texts.resolve({ ref: kit, chars: 0 })) as StoredKit);
  return schema ? { ...known, schema } : known;
}

function askedOf(
  request: ModelRequest,
  { tools, schema }: StoredKit,
  { before, added }: Conversation,
  facts: ModelFacts | undefined,
): { chat: ChatRequest; leftOutChars: number } {
  const { model, toolChoice, maxOutputTokens } = request;
  const all = [...before, ...added];
  const fitted =
    request.fitWindow === true ? fitWindow(all, facts, maxOutputTokens) : { messages: all, leftOutChars: 0 };
  const chat: ChatRequest = {
    messages: fitted.messages,
    ...(model !== undefined && { model }),
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && toolChoice && { toolChoice }),
    ...(schema && { schema }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
  return { chat, leftOutChars: fitted.leftOutChars };
}

/** Takes the call's tokens from what all workers may use in a minute; or comes again when they are there. */
async function takeTokens(
  store: Store,
  facts: ModelFacts | undefined,
  tokens: number,
  attempts: AttemptCount,
): Promise<void> {
  const tpm = facts?.tpm;
  if (facts === undefined || tpm === undefined) return;
  const taken = await stored(() => store.takeTokens(bucketOf(facts), tokens, tpm));
  if (taken.granted) return;
  attempts.held();
  throw ApplicationFailure.create({
    type: FailureType.modelRateLimited,
    message: `The tokens per minute of the model '${facts.name}' are used up for now`,
    nextRetryDelay: Math.max(1_000, taken.waitMs),
    details: [attempts.earlier],
  });
}

async function settleTokens(
  store: Store,
  facts: ModelFacts | undefined,
  tokens: number,
  { usage }: ChatReply,
): Promise<void> {
  const tpm = facts?.tpm;
  if (facts === undefined || tpm === undefined) return;
  const used = usage.inputTokens + usage.outputTokens;
  // The answer is there: that the bucket could not be corrected must not cost it.
  await store.settleTokens(bucketOf(facts), used - tokens, tpm).catch(() => undefined);
}

function bucketOf({ name }: ModelFacts): string {
  return `model:${name}`;
}

async function call(
  { chatModel, models, tokens }: Deps,
  chat: ChatRequest,
  at: Here,
  attempts: AttemptCount,
): Promise<ChatReply> {
  const { signal, timeoutMs, id: requestId } = at;
  const live = liveText(tokens, at);
  const ownMs = ownTimeMs(timeoutMs);
  const model = chat.model ?? models.facts(undefined)?.name;
  try {
    return await withHeartbeat(
      () => chatModel.call(chat, { signal, requestId, timeoutMs: ownMs, onText: live.onText }),
      attempts.beats,
    );
  } catch (error) {
    // Aborted by Temporal: say so in Temporal's own words, whatever the library threw.
    signal.throwIfAborted();
    const failed = failedHow(error);
    throw modelFailure(error, { ...failed, ...attempts.failed(failed), model });
  } finally {
    live.end();
  }
}

function failedHow(error: unknown): FailedAttempt {
  if (!isModelCallError(error)) return { how: 'otherwise' };
  const { reason, begun, usage } = error;
  return { how: reason === 'timed_out' ? 'timedOut' : begun || reason === 'stream_cut' ? 'cut' : 'otherwise', usage };
}

async function replyOf(
  schemas: JsonSchemas,
  texts: Texts,
  answer: ChatReply,
  { schema }: ChatRequest,
): Promise<ModelReply> {
  const { model, usage, durationMs, toolCalls } = answer;
  const cut = answer.text.length > MAX_OUTPUT_CHARS;
  const raw = cut ? answer.text.slice(0, MAX_OUTPUT_CHARS) : answer.text;
  const checked =
    schema && toolCalls.length === 0 && raw.trim() !== '' ? inSchema(schemas, schema, raw) : { text: raw };
  const text = await texts.toWire(checked.text);
  return {
    ...(typeof text === 'string' ? { text } : { text: '', textRef: text }),
    ...(toolCalls.length > 0 && { toolCalls: await Promise.all(toolCalls.map((one) => wireCall(texts, one))) }),
    ...(checked.issues && { schemaIssues: checked.issues }),
    model,
    finishReason: cut ? 'size' : answer.finishReason,
    usage,
    durationMs,
  };
}

/** The answer as the JSON that it holds; or why it does not fit. */
function inSchema(
  schemas: JsonSchemas,
  schema: NonNullable<ChatRequest['schema']>,
  text: string,
): { text: string; issues?: string[] } {
  const value = schemas.extract(text);
  if (value === undefined) return { text, issues: ['there is no JSON in the answer'] };
  const issues = schemas.validate(schema, value);
  if (issues.length > 0) return { text, issues: issues.slice(0, MAX_ISSUES).map((issue) => issue.slice(0, 300)) };
  return { text: JSON.stringify(value) };
}

const MAX_ISSUES = 10;

async function wireCall(texts: Texts, { id, name, arguments: args, invalid }: PlainToolCall): Promise<ToolCall> {
  const json = JSON.stringify(args);
  const long = json.length > INLINE_CHARS ? await texts.toWire(json) : args;
  return {
    id,
    name: name.slice(0, 200),
    arguments: typeof long === 'string' ? args : long,
    ...(invalid !== undefined && { invalid: invalid.slice(0, 1_000) }),
  };
}

async function keep(
  store: Store,
  tenant: string,
  { transcript }: ModelRequest,
  { added }: Conversation,
  { text, toolCalls }: ChatReply,
): Promise<string> {
  const answer: PlainMessage = { role: 'assistant', content: text, ...(toolCalls.length > 0 && { toolCalls }) };
  return stored(() => store.appendTranscript(tenant, transcript, [...added, answer]));
}
