import { ModelCallError, type ModelErrorReason } from '../../contract/model-error.js';

/**
 * Puts an error of LangChain or the OpenAI client into the port's words. `started`: part of an answer had come.
 * Goes by the errors' fields, not their classes: LangChain rewraps some of them, and the client is its dependency.
 */
export function modelCallError(error: unknown, started: boolean): Error {
  if (!(error instanceof Error)) return new ModelCallError('bad_response', '');
  const { status, code, headers } = error as ProviderError;
  const message = providerMessage(error);
  if (error.name === 'TimeoutError') return new ModelCallError('timed_out', message);
  if (error.name === 'ContextOverflowError' || code === 'context_length_exceeded') {
    return new ModelCallError('context_exceeded', message, status === undefined ? {} : { status });
  }
  if (status !== undefined) {
    const retryAfterMs = retryAfter(headers);
    const more = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return new ModelCallError(reasonOf(status, code), message, more);
  }
  if (error instanceof SyntaxError) return new ModelCallError('bad_response', 'not JSON');
  if (started) return new ModelCallError('stream_cut', 'the connection was lost');
  return isConnectionError(error) ? new ModelCallError('unreachable', connectionMessage(error)) : error;
}

/** What the errors of the OpenAI client carry. */
interface ProviderError extends Error {
  status?: number;
  code?: string | null;
  headers?: Headers;
  /** The body's `error` object. */
  error?: { message?: unknown };
}

function reasonOf(status: number, code: string | null | undefined): ModelErrorReason {
  if (status === 429) return code === 'insufficient_quota' ? 'quota_exhausted' : 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 408 || status === 409 || status >= 500) return 'unavailable';
  return 'bad_request';
}

/** Retry-After in seconds or as a date (RFC 9110 §10.2.3), and OpenAI's `retry-after-ms`, as milliseconds. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? NaN);
  if (exact >= 0) return exact;
  const value = headers?.get('retry-after');
  if (value === null || value === undefined || value === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** What the provider said, without keys (providers quote them back) and not longer than a person reads. */
function providerMessage(error: ProviderError): string {
  const said = error.error?.message;
  const text = typeof said === 'string' ? said : error.message.replace(/^\d{3}\s+/, '');
  return text.replace(/\bsk-[\w*.-]{4,}|\bBearer\s+\S+/gi, '[key]').slice(0, 500);
}

const CONNECTION_CODES =
  /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|UND_ERR_|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED)/;

function isConnectionError(error: Error): boolean {
  return error.constructor.name === 'APIConnectionError' || connectionCode(error) !== undefined;
}

function connectionCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string' && CONNECTION_CODES.test(code)) return code;
  }
  return undefined;
}

function connectionMessage(error: Error): string {
  return connectionCode(error) ?? 'connection error';
}
