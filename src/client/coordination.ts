import type { Batch, BatchResult, Overlap, Schedule, ScheduleRequest, StartBatch } from './pending.js';

/** A call with a JSON body and answer. */
export type JsonCall = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Makes calls of routes by their path. */
export function jsonCall(options: {
  baseUrl: string;
  headers: Record<string, string>;
  send: (request: Request) => Promise<Response>;
}): JsonCall & { raw(path: string): Promise<Response> } {
  const { baseUrl, headers, send } = options;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const sends = method === 'POST' || method === 'PATCH';
    const request = new Request(`${baseUrl}${path}`, {
      method,
      headers: { ...headers, ...(sends && { 'content-type': 'application/json' }) },
      ...(sends && { body: JSON.stringify(body ?? {}) }),
    });
    const text = await (await send(request)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return Object.assign(call, { raw: (path: string) => send(new Request(`${baseUrl}${path}`, { headers })) });
}

/** One crew over many inputs. */
export function batchCalls(call: ReturnType<typeof jsonCall>) {
  return {
    start: (body: StartBatch) => call<Batch>('POST', '/v1/batches', body),
    list: (query: { limit?: number; cursor?: string } = {}) =>
      call<{ batches: Batch[]; nextCursor?: string }>('GET', `/v1/batches${queryOf(query)}`),
    get: (batchId: string) => call<Batch>('GET', `/v1/batches/${part(batchId)}`),
    /** Starts no more, and cancels what is open. */
    cancel: (batchId: string) => call<unknown>('POST', `/v1/batches/${part(batchId)}/cancel`),
    /** What came of each item, in order, as it is read. */
    async *results(batchId: string): AsyncGenerator<BatchResult> {
      const { body } = await call.raw(`/v1/batches/${part(batchId)}/results`);
      if (body) for await (const line of linesOf(body)) yield JSON.parse(line) as BatchResult;
    },
  };
}

/** Crews at times. */
export function scheduleCalls(call: JsonCall) {
  const on = (id: string) => `/v1/schedules/${part(id)}`;
  return {
    create: (body: ScheduleRequest) => call<Schedule>('POST', '/v1/schedules', body),
    list: () => call<{ schedules: Schedule[] }>('GET', '/v1/schedules'),
    get: (id: string) => call<Schedule>('GET', on(id)),
    update: (id: string, patch: Partial<ScheduleRequest>) => call<Schedule>('PATCH', on(id), patch),
    delete: (id: string) => call<void>('DELETE', on(id)),
    pause: (id: string, note?: string) => call<unknown>('POST', `${on(id)}/pause`, note === undefined ? {} : { note }),
    resume: (id: string, note?: string) =>
      call<unknown>('POST', `${on(id)}/resume`, note === undefined ? {} : { note }),
    /** Fires now. */
    trigger: (id: string, overlap?: Overlap) =>
      call<unknown>('POST', `${on(id)}/trigger`, overlap === undefined ? {} : { overlap }),
    /** Fires for every time between two times (ISO 8601). */
    backfill: (id: string, range: { from: string; to: string; overlap?: Overlap }) =>
      call<unknown>('POST', `${on(id)}/backfill`, range),
  };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      yield* lines.filter((line) => line.trim() !== '');
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function part(id: string): string {
  return encodeURIComponent(id);
}

function queryOf(query: object): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
