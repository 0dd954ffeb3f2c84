/**
 * JSON-only types of a model call, as they cross the wire between workflow and activity and stand in a run's history.
 * Provider objects (LangChain messages, raw HTTP responses) are left out on purpose: their shape changes with the
 * library, and a history must stay readable by a newer worker.
 */

/** One message of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What the workflow asks of the `callModel` activity. */
export interface ModelRequest {
  /** Name of a model that the operator configured; absent: the operator's default. */
  model?: string;
  messages: ChatMessage[];
}

/** Tokens of one or several model calls. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** The part of `inputTokens` that the provider read from its cache. */
  cachedInputTokens: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  reasoningTokens: number;
}

/** What the `callModel` activity returns. An answer that was paid for is returned, whatever its quality. */
export interface ModelReply {
  text: string;
  /** The model that answered, as the provider names it. */
  model: string;
  /** The provider's word, for example `stop` or `length`; `size` when the text was cut at `MAX_OUTPUT_CHARS`. */
  finishReason: string;
  usage: TokenUsage;
  /** Wall time of the successful attempt. */
  durationMs: number;
}

/**
 * Longest output of one task that a run carries, in UTF-16 code units. Temporal refuses payloads over 2 MB by failing
 * the workflow task for ever, so the bound is kept here, in our own code, with room for several outputs in one prompt.
 */
export const MAX_OUTPUT_CHARS = 200_000;

/** Longest prompt of one model call, in UTF-16 code units, for the same reason. */
export const MAX_PROMPT_CHARS = 600_000;
