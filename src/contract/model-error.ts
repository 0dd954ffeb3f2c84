import type { TokenUsage } from './wire.js';

/** How a model call failed, whichever library and provider it went through. */
export type ModelErrorReason =
  | 'rate_limited'
  | 'quota_exhausted'
  | 'unavailable'
  | 'unreachable'
  | 'timed_out'
  | 'stream_cut'
  | 'answer_too_large'
  | 'bad_response'
  | 'unauthorized'
  | 'not_found'
  | 'context_exceeded'
  | 'bad_request';

/** What is known of a failed call beside its reason. */
interface ModelErrorMore {
  status?: number;
  retryAfterMs?: number;
  /** Part of an answer had come. */
  begun?: boolean;
  usage?: TokenUsage;
}

/** The error of the `ChatModel` port. `message` is what the provider said, fit to be shown, or empty. */
export class ModelCallError extends Error {
  readonly reason: ModelErrorReason;
  /** The HTTP status, where there was one. */
  readonly status: number | undefined;
  /** How long the provider asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** Part of an answer had come, which may have to be paid for. */
  readonly begun: boolean;
  /** What the call took until it failed, where the provider said so by then. */
  readonly usage: TokenUsage | undefined;

  constructor(reason: ModelErrorReason, message: string, more: ModelErrorMore = {}) {
    super(message);
    this.name = 'ModelCallError';
    this.reason = reason;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
    this.begun = more.begun ?? false;
    this.usage = more.usage;
  }
}

export function isModelCallError(error: unknown): error is ModelCallError {
  return error instanceof ModelCallError;
}
