import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { RunEvent } from '../contract/events.js';
import { errorOf, ServiceError, unreachable } from './errors.js';
import { backoff, pause } from './http.js';
import type { Run, RunStatus } from './types.js';

/** A piece of an answer while it is written; `offset`: the characters of the answer before it. */
export interface Delta {
  type: 'delta';
  runId: string;
  taskId?: string;
  /** Which call it is: `research/model/1`. */
  call: string;
  attempt: number;
  offset: number;
  text: string;
}

/** The call is made again: its text so far is void. */
export interface Reset {
  type: 'reset';
  runId: string;
  taskId?: string;
  call: string;
  attempt: number;
}

/** Everything that is to be heard of a run. */
export type FollowItem =
  | RunEvent
  | Delta
  | Reset
  /** The whole run, at the beginning and whenever the connection was made anew without an event before. */
  | { type: 'snapshot'; run: Run }
  /** The connection is lost, or was refused, and is made anew after this time. */
  | { type: 'reconnecting'; reason: string; afterMs: number }
  /** The run has ended. The last item. */
  | { type: 'end'; status: RunStatus };

/** How a run is followed. */
export interface FollowOptions {
  /** Only events with a `seq` above this. */
  after?: number;
  /** Also pieces of answers while they are written: live only, never repeated. */
  deltas?: boolean;
  /** Ends the iteration; it then throws the signal's reason. */
  signal?: AbortSignal;
  /** Tries of the first connection beside the first. Once there was one, it is made anew for ever. Absent: 3. */
  retries?: number;
  /** With nothing heard for so long the connection counts as lost: the service is never silent for 15 s. Absent: 45 s. */
  staleMs?: number;
}

/** What following needs of the client. */
export interface FollowDeps {
  fetch: typeof fetch;
  baseUrl: string;
  headers: Record<string, string>;
  /** Reads the run: how it ended is not said to who has all of it. */
  get(runId: string, signal: AbortSignal | undefined): Promise<Run>;
}

const LONGEST_WAIT_MS = 15_000;

/**
 * Follows a run to its end over whatever is restarted meanwhile: each event once and in the order of `seq`.
 * @throws ServiceError where the run is not there, or the service not within the first tries
 */
export async function* follow(deps: FollowDeps, runId: string, options: FollowOptions): AsyncGenerator<FollowItem> {
  const { signal, retries = 3 } = options;
  const at = { seq: options.after ?? 0, last: undefined as number | undefined, retryMs: 1_000 };
  let failures = 0;
  let everConnected = false;
  for (;;) {
    let reason = 'the connection was closed';
    try {
      const response = await connect(deps, runId, options, at);
      if (response.status === 204) {
        yield { type: 'end', status: (await deps.get(runId, signal)).status };
        return;
      }
      everConnected = true;
      for await (const item of itemsOf(response, options, (ms) => (at.retryMs = ms))) {
        failures = 0;
        if ('seq' in item) {
          if (item.seq <= at.seq) continue;
          at.last = at.seq = item.seq;
        }
        if (item.type !== 'dropped') yield item;
        else if (item.reason !== 'slow') throw new ServiceError(410, item.reason, item.message);
        if (item.type === 'end') return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ServiceError) || !isPassing(error)) throw error;
      if (!everConnected && failures >= retries) throw error;
      reason = error.message;
    }
    // How soon to come again is the service's to say; each failure in a row doubles it.
    const afterMs = backoff(failures, at.retryMs, Math.max(LONGEST_WAIT_MS, at.retryMs));
    failures++;
    yield { type: 'reconnecting', reason, afterMs };
    await pause(afterMs, signal);
  }
}

async function connect(
  { fetch: send, baseUrl, headers }: FollowDeps,
  runId: string,
  { deltas, signal }: FollowOptions,
  at: { seq: number; last: number | undefined },
): Promise<Response> {
  const query = new URLSearchParams({
    ...(at.seq > 0 && { after: String(at.seq) }),
    ...(deltas === true && { deltas: 'true' }),
  });
  const url = `${baseUrl}/v1/runs/${encodeURIComponent(runId)}/events${query.size > 0 ? `?${query.toString()}` : ''}`;
  // A reader who names its last event is known to have read the run before: it waits where others are refused.
  const resumes = at.last === undefined ? {} : { 'last-event-id': `${runId}:${at.last}` };
  let response: Response;
  try {
    response = await send(url, {
      headers: { ...headers, accept: 'text/event-stream', ...resumes },
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(url, error);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

type Sent = Exclude<FollowItem, { type: 'reconnecting' }> | { type: 'dropped'; reason: string; message: string };

async function* itemsOf(
  response: Response,
  { staleMs = 45_000 }: FollowOptions,
  onRetry: (ms: number) => void,
): AsyncGenerator<Sent> {
  const body = response.body as ReadableStream<Uint8Array> | null;
  const reader = body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(message), onRetry });
  try {
    for (;;) {
      const { done, value } = await within(staleMs, reader.read(), response.url);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const message of ready.splice(0)) yield itemOf(message);
    }
  } finally {
    // Not awaited: a connection that hangs must not hold up the next one.
    reader.cancel().catch(() => undefined);
  }
}

function itemOf({ event = '', data }: EventSourceMessage): Sent {
  const body = JSON.parse(data) as object;
  if (event === 'snapshot') return { type: 'snapshot', run: body as Run };
  return { type: event, ...body } as Sent;
}

async function within<T>(ms: number, promise: Promise<T>, url: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    throw unreachable(url, error);
  } finally {
    clearTimeout(timer);
  }
}

function isPassing({ status }: ServiceError): boolean {
  return status === 0 || status >= 500 || status === 429 || status === 408;
}
