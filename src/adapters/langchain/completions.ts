import { ChatOpenAICompletions, type BaseChatOpenAICallOptions } from '@langchain/openai';
import type { TokenUsage } from '../../contract/wire.js';
import type { ModelEntry, ModelSecrets } from '../models/entry.js';
import { answerFetch } from './answer-fetch.js';
import type { AnswerLimits } from './answer-limits.js';
import { tolerant } from './tolerant-stream.js';

/** What goes with one request beside its messages. */
export interface CompletionOptions extends BaseChatOpenAICallOptions {
  /** Longest answer, in tokens. LangChain knows it of a client only, not of a request. */
  maxOutputTokens?: number;
}

type Streaming = (request: object, options?: object) => Promise<AsyncIterable<unknown>>;

/**
 * LangChain's client of chat completions, for endpoints that are OpenAI's only nearly. The class behind `ChatOpenAI`
 * itself: that one goes over to another API by the model's name.
 */
export class Completions extends ChatOpenAICompletions<CompletionOptions> {
  /** What the provider said of its last call's usage, so far. */
  usageSoFar: TokenUsage | undefined;
  /** How often it said so: once at the end, from some endpoints with each part. */
  usageReports = 0;

  override invocationParams(options?: this['ParsedCallOptions'], extra?: { streaming?: boolean }) {
    const params = super.invocationParams(options, extra);
    const max = options?.maxOutputTokens;
    if (max === undefined) return params;
    return { ...params, ['max_completion_tokens' in params ? 'max_completion_tokens' : 'max_tokens']: max };
  }

  // Typed by what both overloads of LangChain's method have in common; `stream` is always true here.
  override async completionWithRetry(request: object, options?: object): Promise<never> {
    const streaming = super.completionWithRetry.bind(this) as unknown as Streaming;
    this.usageSoFar = undefined;
    this.usageReports = 0;
    const onUsage = (usage: Record<string, unknown>) => {
      this.usageSoFar = usageOf(usage);
      this.usageReports += 1;
    };
    return tolerant(await streaming(withoutEmptyTexts(request), options), onUsage) as never;
  }
}

/** Usage as providers write it. */
function usageOf(usage: Record<string, unknown>): TokenUsage {
  const count = (of: unknown, key: string) => {
    const value = typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[key] : undefined;
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
  };
  return {
    inputTokens: count(usage, 'prompt_tokens'),
    outputTokens: count(usage, 'completion_tokens'),
    cachedInputTokens: count(usage['prompt_tokens_details'], 'cached_tokens'),
    reasoningTokens: count(usage['completion_tokens_details'], 'reasoning_tokens'),
  };
}

/** A client for one call: connections are kept by `fetch`, and a client costs next to nothing. */
export function newClient(
  entry: ModelEntry,
  { baseUrl, key, headers }: ModelSecrets,
  limits: AnswerLimits,
): Completions {
  return new Completions({
    model: entry.id,
    // A provider that takes no key is still sent one: the client refuses to be made without.
    apiKey: key ?? 'none',
    // Retries are Temporal's: durable, visible, and with one meaning.
    maxRetries: 0,
    streamUsage: entry.traits.streamOptions,
    ...(entry.temperature !== undefined && { temperature: entry.temperature }),
    // Its own log lines would show what models write.
    configuration: {
      baseURL: baseUrl,
      maxRetries: 0,
      defaultHeaders: headers,
      fetch: answerFetch(limits),
      logLevel: 'off',
    },
  });
}

/** OpenAI has `null` where an assistant only called tools; some endpoints refuse an empty text there. */
function withoutEmptyTexts(request: { messages?: { role: string; content?: unknown }[] }): object {
  const messages = request.messages?.map((message) =>
    message.role === 'assistant' && message.content === '' ? { ...message, content: null } : message,
  );
  return { ...request, messages };
}
