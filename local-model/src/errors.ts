import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Body of every error answer, in the shape of https://platform.openai.com/docs/guides/error-codes. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null };
}

interface ErrorDetails {
  /** Path of the field at fault, for example `messages[0].role`. */
  param?: string;
  /** A stable word for programs, for example `context_length_exceeded`. */
  code?: string;
  headers?: Record<string, string>;
}

/** An answer other than 2xx, with a message that the caller may read. */
export class ApiError extends Error {
  readonly status: ContentfulStatusCode;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(status: ContentfulStatusCode, type: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = type;
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.headers = details.headers ?? {};
  }

  body(): ErrorBody {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

/** The caller's mistake: 400 unless another status says it better. */
export function invalidRequest(message: string, details: ErrorDetails = {}, status: ContentfulStatusCode = 400) {
  return new ApiError(status, 'invalid_request_error', message, details);
}

/** What a caller is told of a failure that is not theirs: nothing internal. */
export function internalError() {
  return new ApiError(500, 'server_error', 'The demo model failed to answer. Its log has the details.');
}

/** Another try, at another time, may work. */
export function shuttingDown() {
  return new ApiError(503, 'server_error', 'The demo model is shutting down.');
}
