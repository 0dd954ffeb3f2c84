import { AIMessage, HumanMessage, SystemMessage, type AIMessageChunk, type BaseMessage, type UsageMetadata } from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
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

/** Streams the answer and puts it together: a stream shows at once that the caller went away, and that it was cut. */
async function ask(model: ChatOpenAI, request: ModelRequest, options: ModelCallOptions): Promise<AIMessageChunk> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  let answer: AIMessageChunk | undefined;
  try {
    const stream = await model.stream(request.messages.map(toLangChain), {
      signal: AbortSignal.any([options.signal, timeout]),
      options: { headers: { 'X-Client-Request-Id': options.requestId } },
    });
    for await (const chunk of stream) answer = answer ? concat(answer, chunk) : chunk;
  } catch (error) {
    options.signal.throwIfAborted();
    if (timeout.aborted) throw new ModelCallError('timed_out', `no answer within ${options.timeoutMs} ms`);
    throw modelCallError(error, answer !== undefined);
  }
  // An aborted stream may end without an error.
  options.signal.throwIfAborted();
  if (timeout.aborted) throw new ModelCallError('timed_out', `no whole answer within ${options.timeoutMs} ms`);
  if (!answer) throw new ModelCallError('bad_response', 'an empty stream');
  if (finishReason(answer) === undefined) throw new ModelCallError('stream_cut', 'the stream ended without a finish reason');
  return answer;
}

function reply(answer: AIMessageChunk, model: string): Omit<ModelReply, 'durationMs'> {
  const named: unknown = answer.response_metadata['model_name'];
  return {
    text: answer.text,
    model: typeof named === 'string' && named !== '' ? named : model,
    finishReason: finishReason(answer) ?? 'unknown',
    usage: tokenUsage(answer),
  };
}

function finishReason({ response_metadata: metadata }: AIMessageChunk): string | undefined {
  const reason: unknown = metadata['finish_reason'];
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}

function tokenUsage(answer: AIMessageChunk): TokenUsage {
  const usage = answer.usage_metadata as UsageMetadata | undefined;
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
