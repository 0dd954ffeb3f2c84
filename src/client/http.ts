import { errorOf, unreachable, type ServiceError } from './errors.js';

/** How calls are made. */
export interface CallOptions {
  fetch: typeof fetch;
  /** Further tries of a call that is safe to repeat. */
  retries: number;
}

/** Nothing was done, or the same Idempotency-Key does it once: trying again is right. */
const PASSING = new Set(['outcome_unknown', 'worker_unavailable', 'temporal_unavailable', 'store_unavailable']);
const GATEWAY_STATUSES = new Set([502, 503, 504]);
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/**
 * `fetch` that gives answers that are `ok`, and nothing else. Calls that create or decide carry an Idempotency-Key; with it, a
 * call whose answer was lost, or that nobody could serve at the moment, is made again, a few times.
 * The returned function throws `ServiceError`, or the signal's reason.
 */
export function resilientFetch(options: CallOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', newKey());
    const retries = isRepeatable(request) ? options.retries : 0;
    for (let tried = 0; ; tried++) {
      const outcome = await attempt(options.fetch, request);
      if (outcome instanceof Response) return outcome;
      if (tried >= retries || !isPassing(outcome.error)) throw outcome.error;
      await pause(outcome.retryAfterMs ?? backoff(tried), request.signal);
    }
  };
}

/** Not `randomUUID`: browsers have that on secure pages alone. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Waits; rejects with the signal's reason where it fires. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A time to wait before the next try, at random up to one that doubles: so that clients do not come back all at once. */
export function backoff(tried: number, firstMs = FIRST_WAIT_MS, maxMs = MAX_WAIT_MS): number {
  const most = Math.min(maxMs, firstMs * 2 ** tried);
  return most / 2 + (Math.random() * most) / 2;
}

async function attempt(
  send: typeof fetch,
  request: Request,
): Promise<Response | { error: ServiceError; retryAfterMs?: number }> {
  let response: Response;
  try {
    response = await send(request.clone());
  } catch (cause) {
    request.signal.throwIfAborted();
    return { error: unreachable(request.url, cause) };
  }
  if (response.ok) return response;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const error = await errorOf(response);
  return { error, ...(seconds >= 0 && { retryAfterMs: Math.min(seconds * 1_000, MAX_WAIT_MS) }) };
}

/** Firing a schedule twice starts two runs, making a key twice makes two, and ending a run twice says that it has ended: those are made once. */
function isRepeatable({ method, url }: Request): boolean {
  return method !== 'DELETE' && !/\/(trigger|backfill|keys)$/.test(new URL(url).pathname);
}

function isPassing({ status, code }: ServiceError): boolean {
  return code === 'unreachable' || PASSING.has(code) || (GATEWAY_STATUSES.has(status) && code === `http_${status}`);
}
