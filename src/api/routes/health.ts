import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../env.js';
import { createRouter, json } from '../openapi.js';

const liveRoute = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'healthz',
  summary: 'Whether this process is alive',
  tags: ['Health'],
  responses: { 200: json(z.object({ status: z.literal('ok') }).openapi('Health'), 'It is') },
});

const readySchema = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z.object({
      temporal: z.enum(['ok', 'unreachable']),
      worker: z.enum(['polling', 'none', 'unknown']),
      gateway: z.enum(['serving', 'draining']),
    }),
  })
  .openapi('Readiness');

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readyz',
  summary: 'Whether runs can be started and will be worked on',
  tags: ['Health'],
  responses: { 200: json(readySchema, 'They can'), 503: json(readySchema, 'They cannot; `checks` says why') },
});

/** `/healthz` and `/readyz`. */
export function healthRoutes({ runs, draining }: AppDeps) {
  return createRouter()
    .openapi(liveRoute, (context) => context.json({ status: 'ok' as const }, 200))
    .openapi(readyRoute, async (context) => {
      const gateway = draining.aborted ? ('draining' as const) : ('serving' as const);
      const checks = { ...(await runs.health()), gateway };
      const ok = checks.temporal === 'ok' && checks.worker === 'polling' && gateway === 'serving';
      return ok
        ? context.json({ status: 'ok' as const, checks }, 200)
        : context.json({ status: 'unavailable' as const, checks }, 503, { 'retry-after': '2' });
    });
}
