import type { ModelFacts } from '../contract/models.js';
import type { JsonSchema, PlainMessage, PlainToolCall, TokenUsage, ToolSpec } from '../contract/wire.js';

/** A language model behind some provider. One call, no retries: those are Temporal's. */
export interface ChatModel {
  /**
   * Asks the model. Rejects with a `ModelCallError` where the provider failed, and with the signal's reason where it
   * was aborted.
   */
  call(request: ChatRequest, options: ModelCallOptions): Promise<ChatReply>;
}

/** One question to a model, with every reference resolved. */
export interface ChatRequest {
  /** As definitions name it; absent: the operator's default. */
  model?: string;
  messages: PlainMessage[];
  /** Tools that it may call, natively or through a JSON turn, as the model's entry says. */
  tools?: ToolSpec[];
  /** `none`: it must answer without one, though the conversation has tool calls. */
  toolChoice?: 'none';
  /** The answer shall be JSON of this schema: `response_format` where the provider has it, else said in the prompt. */
  schema?: JsonSchema;
  maxOutputTokens?: number;
}

/** What a model answered. */
export interface ChatReply {
  text: string;
  toolCalls: PlainToolCall[];
  /** The provider's id of the answer. */
  id?: string;
  /** As the provider names it. */
  model: string;
  finishReason: string;
  usage: TokenUsage;
  durationMs: number;
}

/** The models that the operator configured. */
export interface ModelRegistry {
  /**
   * What a run needs to know of a model that a definition names: `gpt-4.1`, `openai/gpt-4.1`, `ollama/llama3.2` as CrewAI
   * writes them, or a name of `models.yaml`. Absent name: the operator's default. Undefined: not configured.
   */
  facts(name: string | undefined): ModelFacts | undefined;
  /** The names that definitions may use, for messages. */
  names(): string[];
  /** For a name without facts: why it is not configured, and what to set. A sentence or two. */
  whyNot(name: string): string;
}

/** JSON Schemas, and the JSON in what models write. Nothing is fetched, and nothing runs for long, whatever they are. */
export interface JsonSchemas {
  /** What is wrong with a schema, in words with paths; empty: it can be used. */
  check(schema: JsonSchema): string[];
  /** Why a value does not fit, in words with paths for a model to act on; empty: it fits. */
  validate(schema: JsonSchema, value: unknown): string[];
  /** The JSON of an answer, whatever is around it; undefined: there is none. */
  extract(text: string): unknown;
}

/** What goes with a model call beside its content. */
export interface ModelCallOptions {
  /** Aborts the call at the provider. */
  signal: AbortSignal;
  /** Names the call at the provider (`X-Client-Request-Id`), the same for each retry: `<workflowId>/<activityId>`. */
  requestId: string;
  /** Longest time without an answer. */
  timeoutMs: number;
  /** Told each piece of the answer's text as it comes. Must not throw. */
  onText?: (chunk: string) => void;
}
