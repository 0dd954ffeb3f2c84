import type { Client as FetchClient } from 'openapi-fetch';
import { common, got, type Call } from './call.js';
import type { paths } from './openapi.js';
import type {
  BackfillRequest,
  Batch,
  BatchList,
  BatchResult,
  BatchRow,
  CreateScheduleRequest,
  Overlap,
  PatchScheduleRequest,
  Schedule,
  ScheduleRow,
  StartBatchRequest,
} from './types.js';

type Http = FetchClient<paths>;

/** One crew with many inputs. */
export function batchCalls(http: Http) {
  const params = (batchId: string) => ({ params: { path: { batchId } } });
  return {
    /** Starts a batch, once. */
    start: (body: StartBatchRequest, more: Call = {}): Promise<BatchRow> =>
      got(http.POST('/v1/batches', { body, ...common(more) })),
    /** Open ones first, newest first; then those that ended, the last first. */
    list: (query: { limit?: number; cursor?: string } = {}, more: Call = {}): Promise<BatchList> =>
      got(http.GET('/v1/batches', { params: { query }, ...common(more) })),
    get: (batchId: string, more: Call = {}): Promise<Batch> =>
      got(http.GET('/v1/batches/{batchId}', { ...params(batchId), ...common(more) })),
    /** Starts no more, and cancels what is open. */
    cancel: (batchId: string, more: Call = {}) =>
      got(http.POST('/v1/batches/{batchId}/cancel', { ...params(batchId), ...common(more) })),
    /** What came of each item, in order, as it is read. */
    async *results(batchId: string, more: Call = {}): AsyncGenerator<BatchResult> {
      const options = { ...params(batchId), ...common(more), parseAs: 'stream' as const };
      const { data } = await http.GET('/v1/batches/{batchId}/results', options);
      if (data) for await (const line of linesOf(data)) yield JSON.parse(line) as BatchResult;
    },
  };
}

/** Crews at times. */
export function scheduleCalls(http: Http) {
  const params = (id: string) => ({ params: { path: { id } } });
  const noted = (note: string | undefined) => ({ body: note === undefined ? {} : { note } });
  return {
    /** Makes a schedule, once. */
    create: (body: CreateScheduleRequest, more: Call = {}): Promise<Schedule> =>
      got(http.POST('/v1/schedules', { body, ...common(more) })),
    list: async (more: Call = {}): Promise<ScheduleRow[]> =>
      (await got(http.GET('/v1/schedules', common(more)))).schedules,
    get: (id: string, more: Call = {}): Promise<Schedule> =>
      got(http.GET('/v1/schedules/{id}', { ...params(id), ...common(more) })),
    /** What is named is replaced, what is null taken away. */
    update: (id: string, body: PatchScheduleRequest, more: Call = {}): Promise<Schedule> =>
      got(http.PATCH('/v1/schedules/{id}', { ...params(id), body, ...common(more) })),
    /** Its runs stay. */
    delete: async (id: string, more: Call = {}): Promise<void> => {
      await http.DELETE('/v1/schedules/{id}', { ...params(id), ...common(more) });
    },
    pause: (id: string, note?: string, more: Call = {}) =>
      got(http.POST('/v1/schedules/{id}/pause', { ...params(id), ...noted(note), ...common(more) })),
    resume: (id: string, note?: string, more: Call = {}) =>
      got(http.POST('/v1/schedules/{id}/resume', { ...params(id), ...noted(note), ...common(more) })),
    /** Fires now. */
    trigger: (id: string, overlap?: Overlap, more: Call = {}) => {
      const body = overlap === undefined ? {} : { overlap };
      return got(http.POST('/v1/schedules/{id}/trigger', { ...params(id), body, ...common(more) }));
    },
    /** Fires for every time between two times (ISO 8601). */
    backfill: (id: string, body: BackfillRequest, more: Call = {}) =>
      got(http.POST('/v1/schedules/{id}/backfill', { ...params(id), body, ...common(more) })),
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
