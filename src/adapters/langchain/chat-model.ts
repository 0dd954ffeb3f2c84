import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  type AIMessageChunk,
  type BaseMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { ModelCallError } from '../../contract/model-error.js';
import type { ChatMessage, ModelReply, ModelRequest, TokenUsage } from '../../contract/wire.js';
import type { ChatModel, ModelCallOptions } from '../../ports.js';
import { modelCallError } from './errors.js';

/** Which provider answers, and how it is asked. */
export interface ChatModelConfig {
  apiKey: string;
  /** Absent: OpenAI itself. */
  baseUrl?: string;
  /** The model of agents that name none. */
  defaultModel: string;
  /** Longest answer, in tokens. */
  maxOutputTokens: number;
  temperature?: number;
}

/** The `ChatModel` port on LangChain's ChatOpenAI: OpenAI and everything that speaks its chat completions. */
export function createChatModel(config: ChatModelConfig): ChatModel {
  const models = new Map<string, ChatOpenAI>();
  const modelOf = (name: string): ChatOpenAI => {
    const model = models.get(name) ?? newModel(config, name);
    models.set(name, model);
    return model;
  };
  return {
    async call(request, options) {
      const started = Date.now();
      const name = request.model ?? config.defaultModel;
      const answer = await ask(modelOf(name), request, options);
      return { ...reply(answer, name), durationMs: Date.now() - started };
    },
  };
}

function newModel({ apiKey, baseUrl, maxOutputTokens, temperature }: ChatModelConfig, model: string): ChatOpenAI {
  return new ChatOpenAI({
    model,
    apiKey,
    maxTokens: maxOutputTokens,
    // Retries are Temporal's: durable, visible, and with one meaning.
    maxRetries: 0,
    streamUsage: true,
    ...(temperature !== undefined && { temperature }),
    configuration: { ...(baseUrl !== undefined && { baseURL: baseUrl }), maxRetries: 0 },
  });
}

/** An answer as far as its stream has come. */
interface Answer {
  parts: string[];
  model?: string;
  finishReason?: string;
  usage?: UsageMetadata;
}

/** Streams the answer and puts it together: a stream shows at once that the caller went away, and that it was cut. */
async function ask(model: ChatOpenAI, request: ModelRequest, options: ModelCallOptions): Promise<Answer> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const answer: Answer = { parts: [] };
  let started = false;
  try {
    // `headers` reaches the client though LangChain's types do not name it; its typed `options.headers` does not.
    const callOptions = {
      signal: AbortSignal.any([options.signal, timeout]),
      headers: { 'X-Client-Request-Id': options.requestId },
    };
    const stream = await model.stream(request.messages.map(toLangChain), callOptions);
    for await (const chunk of stream) {
      started = true;
      add(answer, chunk);
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (timeout.aborted) throw new ModelCallError('timed_out', `no whole answer within ${options.timeoutMs} ms`);
    throw modelCallError(error, started);
  }
  // An aborted stream may end without an error, and a cut one without a finish reason.
  options.signal.throwIfAborted();
  if (timeout.aborted) throw new ModelCallError('timed_out', `no whole answer within ${options.timeoutMs} ms`);
  if (!started) throw new ModelCallError('bad_response', 'an empty stream');
  if (answer.finishReason === undefined)
    throw new ModelCallError('stream_cut', 'the stream ended without a finish reason');
  return answer;
}

/** Adds a chunk. By hand: LangChain's `concat` copies the whole answer for each chunk, seconds of CPU for a long one. */
function add(answer: Answer, chunk: AIMessageChunk): void {
  answer.parts.push(chunk.text);
  const { finish_reason: finishReason, model_name: model }: Record<string, unknown> = chunk.response_metadata;
  if (typeof finishReason === 'string' && finishReason !== '') answer.finishReason = finishReason;
  if (typeof model === 'string' && model !== '') answer.model = model;
  const usage = chunk.usage_metadata as UsageMetadata | undefined;
  if (usage) answer.usage = usage;
}

function reply(
  { parts, model, finishReason = 'unknown', usage }: Answer,
  asked: string,
): Omit<ModelReply, 'durationMs'> {
  return { text: parts.join(''), model: model ?? asked, finishReason, usage: tokenUsage(usage) };
}

function tokenUsage(usage: UsageMetadata | undefined): TokenUsage {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cachedInputTokens: usage?.input_token_details?.cache_read ?? 0,
    reasoningTokens: usage?.output_token_details?.reasoning ?? 0,
  };
}

function toLangChain({ role, content }: ChatMessage): BaseMessage {
  switch (role) {
    case 'system':
      return new SystemMessage(content);
    case 'user':
      return new HumanMessage(content);
    case 'assistant':
      return new AIMessage(content);
  }
}
