import { createRoute, z } from '@hono/zod-openapi';
import { DEFAULT_TENANT } from '../../contract/ids.js';
import { PROMETHEUS_TYPE } from '../../contract/telemetry.js';
import { tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { Problem } from '../errors.js';
import { createRouter, problems } from '../openapi.js';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  summary: 'What this gateway measured, for Prometheus',
  tags: ['Health'],
  responses: {
    200: {
      description: 'In the text format of Prometheus',
      content: {
        'text/plain': {
          schema: z.string().openapi({ example: 'crew_approvals_open{kind="task_output"} 3' }),
        },
      },
    },
    ...problems(404),
  },
});

/**
 * `/metrics`: 404 where this process measures nothing, and for other tenants than the operator's own, as it tells of all of them.
 * METRICS_PORT serves the same to whoever reaches it.
 */
export function metricsRoutes({ scrapeMetrics }: AppDeps) {
  return createRouter().openapi(metricsRoute, async (context) => {
    if (!scrapeMetrics || tenantIn(context) !== DEFAULT_TENANT)
      throw new Problem('not_found', 'This process measures nothing');
    return context.text(await scrapeMetrics(), 200, { 'content-type': PROMETHEUS_TYPE });
  });
}
