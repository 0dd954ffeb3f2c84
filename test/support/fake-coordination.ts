import { Hono } from 'hono';
import type { createApp } from '../../src/api/app.js';

/** A gateway whose batches and schedules are kept in memory and run nothing; the rest is the real one's. */
export function withCoordination(app: Pick<ReturnType<typeof createApp>, 'fetch'>): Hono {
  const front = new Hono();
  const batches = new Map<string, Record<string, unknown>>();
  const schedules = new Map<string, Record<string, unknown>>();
  const missing = (what: string) => ({
    ...{ type: 'about:blank', title: 'Not found', status: 404, requestId: 'r' },
    code: `${what}_not_found`,
    detail: `There is no such ${what}`,
  });
  front.post('/v1/batches', async (context) => {
    const { crew, items } = await context.req.json<{ crew: string; items: unknown[] }>();
    const batch = {
      batchId: 'b1',
      crew: { name: crew, version: '1', digest: 'd' },
      status: 'completed',
      total: items.length,
      startedAt: '2026-11-24T07:00:00.000Z',
      endedAt: '2026-11-24T07:01:00.000Z',
      counts: { completed: items.length, failed: 0 },
      items,
    };
    batches.set('b1', batch);
    return context.json(batch, 201);
  });
  front.get('/v1/batches', (context) => context.json({ batches: [...batches.values()] }));
  front.get('/v1/batches/:id', (context) => {
    const batch = batches.get(context.req.param('id'));
    return batch ? context.json(batch) : context.json(missing('batch'), 404);
  });
  front.get('/v1/batches/:id/results', (context) => {
    const items = (batches.get(context.req.param('id'))?.['items'] ?? []) as { inputs: object }[];
    const lines = items.map(({ inputs }, index) => JSON.stringify({ index, status: 'completed', json: inputs }));
    return context.body(lines.join('\n'), 200, { 'content-type': 'application/x-ndjson' });
  });
  front.post('/v1/batches/:id/cancel', (context) => context.json({ status: 'cancelling' }, 202));
  front.post('/v1/schedules', async (context) => {
    const body = await context.req.json<Record<string, unknown>>();
    const id = (body['id'] as string | undefined) ?? 's1';
    schedules.set(id, { paused: false, nextTimes: ['2026-11-25T07:00:00.000Z'], recentRuns: [], ...body, id });
    return context.json(schedules.get(id), 201);
  });
  front.get('/v1/schedules', (context) => context.json({ schedules: [...schedules.values()] }));
  front.get('/v1/schedules/:id', (context) => {
    const schedule = schedules.get(context.req.param('id'));
    return schedule ? context.json(schedule) : context.json(missing('schedule'), 404);
  });
  front.delete('/v1/schedules/:id', (context) => {
    schedules.delete(context.req.param('id'));
    return context.body(null, 204);
  });
  for (const verb of ['pause', 'resume', 'trigger', 'backfill'])
    front.post(`/v1/schedules/:id/${verb}`, async (context) => {
      const schedule = schedules.get(context.req.param('id'));
      if (!schedule) return context.json(missing('schedule'), 404);
      Object.assign(schedule, { last: { verb, body: await context.req.json<unknown>() } });
      if (verb === 'pause' || verb === 'resume') schedule['paused'] = verb === 'pause';
      return context.json({ id: schedule['id'] }, 202);
    });
  front.all('*', (context) => app.fetch(context.req.raw));
  return front;
}
