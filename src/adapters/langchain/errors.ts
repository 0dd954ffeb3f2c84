import { ModelCallError, type ModelErrorReason } from '../../contract/model-error.js';

/**
 * Puts an error of LangChain or the OpenAI client into the port's words. `started`: part of an answer had come.
 * Goes by the errors' fields, not their classes: LangChain rewraps some of them, and the client is its dependency.
 */
export function modelCallError(error: unknown, started: boolean): Error {
  if (!(error instanceof Error)) return new ModelCallError('bad_response', '');
  const own = ownError(error);
  if (own) return own;
  const { status, code, headers, error: body } = error as ProviderError;
  const message = providerMessage(error);
  if (error.name === 'TimeoutError') return new ModelCallError('timed_out', message);
  if (error.name === 'ContextOverflowError' || isOverflow(code, message)) {
    return new ModelCallError('context_exceeded', message, status === undefined ? {} : { status });
  }
  // Made by our own `fetch`.
  if (code === 'bad_response') return new ModelCallError('bad_response', message);
  if (status !== undefined) {
    const retryAfterMs = retryAfter(headers);
    const more = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return new ModelCallError(reasonOf(status, code), message, more);
  }
  // An error in place of a chunk, under a status of 200.
  if (body !== undefined && body !== null) return streamError(body);
  if (error instanceof SyntaxError) return new ModelCallError('bad_response', 'not JSON');
  if (started) return new ModelCallError('stream_cut', 'the connection was lost');
  return isConnectionError(error) ? new ModelCallError('unreachable', connectionMessage(error)) : error;
}

/** The error of ours that our own `fetch` threw: the client takes it for one of the connection. */
function ownError(error: unknown, depth = 0): ModelCallError | undefined {
  if (error instanceof ModelCallError || !(error instanceof Error) || depth > 5)
    return error instanceof ModelCallError ? error : undefined;
  return ownError(error.cause, depth + 1);
}

/** An error that a provider sent in the middle of a stream: what it says of itself decides, as there is no status. */
export function streamError(error: unknown): ModelCallError {
  const { code, type, message: said } = wordsOf(error);
  const message = withoutKeys(said);
  if (isOverflow(code, message)) return new ModelCallError('context_exceeded', message);
  const status = statusOf(error);
  const isQuota = [code, type].includes(NO_QUOTA);
  return new ModelCallError(
    status === undefined ? 'unavailable' : reasonOf(status, isQuota ? NO_QUOTA : code),
    message,
  );
}

/** The HTTP status that an error would have had, by its `code`, `type` and `status`; undefined where they say nothing. */
export function statusOf(error: unknown): number | undefined {
  const { code, type, status } = wordsOf(error);
  for (const said of [code, status, type]) {
    const number = Number(said);
    if (number >= 400 && number <= 599) return number;
  }
  const words = `${code} ${type} ${status}`.toLowerCase();
  return STATUS_WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

/** The first that fits counts. */
const STATUS_WORDS: [words: RegExp, status: number][] = [
  [/rate.?limit|too.?many|throttl|resource_exhausted|quota|\brequests\b|\btokens\b/, 429],
  [/auth|api.?key|permission|forbidden/, 401],
  [/overload|unavailable|capacity|timeout|timed.?out|deadline|server.?error|internal|api_error|bad.?gateway/, 503],
  [/not.?found/, 404],
  [/invalid|bad.?request|unsupported|content|policy|moderation/, 400],
];

/** What the errors of the OpenAI client carry. */
interface ProviderError extends Error {
  status?: number;
  code?: string | null;
  headers?: Headers;
  /** The body's `error` object. */
  error?: { message?: unknown } | null;
}

/** OpenAI's code for an account without money, under the status of a rate limit. */
const NO_QUOTA = 'insufficient_quota';

function reasonOf(status: number, code: string | null | undefined): ModelErrorReason {
  if (status === 429) return code === NO_QUOTA ? 'quota_exhausted' : 'rate_limited';
  if (status === 402) return 'quota_exhausted';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 408 || status === 409 || status >= 500) return 'unavailable';
  return 'bad_request';
}

/** Providers have a code for it, or one of these phrases. */
function isOverflow(code: string | null | undefined, message: string): boolean {
  return (
    /^(context_length_exceeded|exceed_context_size_error)$/.test(code ?? '') ||
    /maximum context length|(?:exceeds?|larger than) the (?:available )?context (?:window|size)|prompt is too long|input token count.{0,40}exceeds/i.test(
      message,
    )
  );
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

/** The fields of an error object that say what it is; a bare text is its message. */
function wordsOf(error: unknown): Record<'code' | 'type' | 'status' | 'message', string> {
  const fields = (typeof error === 'object' && error !== null ? error : { message: error }) as Record<string, unknown>;
  const word = (key: string) => {
    const value = fields[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return { code: word('code'), type: word('type'), status: word('status'), message: word('message') };
}

function providerMessage(error: ProviderError): string {
  const said = error.error?.message;
  return withoutKeys(typeof said === 'string' ? said : error.message.replace(/^\d{3}\s+/, ''));
}

/** What the provider said, without keys (providers quote them back) and not longer than a person reads. */
function withoutKeys(text: string): string {
  return text
    .replace(/\n+Troubleshooting URL:[\s\S]*$/, '')
    .replace(/\b(?:sk|gsk|xai|pk|AIza)[-_]?[\w*.-]{8,}|\bBearer\s+\S+/gi, '[key]')
    .slice(0, 500);
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
