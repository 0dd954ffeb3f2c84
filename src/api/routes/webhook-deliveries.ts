import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { RUN_ID_PATTERN } from '../../contract/ids.js';
import { strict } from '../../crew/issues.js';
import type { WebhookDelivery } from '../../ports.js';
import { tenantIn } from '../caller.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { pageFields } from '../paging.js';
import { baseOf } from '../resource.js';
import {
  deliveryParams,
  deliverySchema,
  replayFailedSchema,
  webhookParam,
  wholeDeliverySchema,
} from '../webhook-schemas.js';
import { noWebhook } from './webhooks.js';

const ONE = '/v1/webhooks/{webhookId}';
const tags = ['Webhooks'];

const listSchema = strict({
  status: z
    .enum(['pending', 'delivered', 'failed'], { error: 'Expected one of: pending, delivered, failed' })
    .optional(),
  run: z
    .string()
    .regex(RUN_ID_PATTERN, 'Expected a run id')
    .optional()
    .openapi({ description: 'Only events of this run' }),
  ...pageFields,
});

const pingRoute = createRoute({
  method: 'post',
  path: `${ONE}/ping`,
  operationId: 'pingWebhook',
  summary: 'Send an event of type `webhook.ping`',
  description: 'It is delivered like any other; what came of it is in the log.',
  tags,
  request: { params: webhookParam },
  responses: { 202: json(deliverySchema, 'It is on its way'), ...problems(404, 503) },
});

const listRoute = createRoute({
  method: 'get',
  path: `${ONE}/deliveries`,
  operationId: 'listWebhookDeliveries',
  summary: 'What was sent, the newest first, with each try',
  tags,
  request: { params: webhookParam, query: listSchema },
  responses: {
    200: json(
      z
        .object({ deliveries: z.array(deliverySchema), nextCursor: z.string().optional() })
        .openapi('WebhookDeliveryList'),
      'A page',
    ),
    ...problems(400, 404, 422, 503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: `${ONE}/deliveries/{deliveryId}`,
  operationId: 'getWebhookDelivery',
  summary: 'A delivery, with its body',
  tags,
  request: { params: deliveryParams },
  responses: { 200: json(wholeDeliverySchema, 'The delivery'), ...problems(404, 503) },
});

const replayRoute = createRoute({
  method: 'post',
  path: `${ONE}/deliveries/{deliveryId}/replay`,
  operationId: 'replayWebhookDelivery',
  summary: 'Deliver once more, whatever became of it',
  description: 'With the same `webhook-id` and body. Where the endpoint is switched off, it waits until it is on.',
  tags,
  request: { params: deliveryParams },
  responses: { 202: json(deliverySchema, 'It is on its way'), ...problems(404, 503) },
});

const replayFailedRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: `${ONE}/replay`,
  operationId: 'replayFailedWebhookDeliveries',
  summary: 'Deliver all that failed once more',
  tags,
  request: {
    params: webhookParam,
    body: { required: true, content: { 'application/json': { schema: replayFailedSchema } } },
  },
  responses: {
    202: json(z.object({ replayed: z.int().min(0) }).openapi('ReplayedDeliveries'), 'How many are on their way'),
    ...problems(400, 404, 413, 415, 422, 503),
  },
});

/** What is sent to an endpoint: its log, and sending again. */
export function webhookDeliveryRoutes({ webhooks, settings }: AppDeps) {
  const shown = <D extends WebhookDelivery>(context: Context<AppEnv>, delivery: D) => ({
    ...delivery,
    links: {
      self: `${baseOf(context.req.url, settings)}/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.id}`,
    },
  });
  const requireWebhook = async (tenant: string, id: string) => (await webhooks.get(tenant, id)) ?? noWebhook();
  return createRouter()
    .openapi(pingRoute, async (context) => {
      const sent = await webhooks.ping(tenantIn(context), context.req.valid('param').webhookId);
      return context.json(shown(context, sent ?? noWebhook()), 202);
    })
    .openapi(listRoute, async (context) => {
      const tenant = tenantIn(context);
      const { webhookId } = context.req.valid('param');
      const { status, run, limit, cursor } = context.req.valid('query');
      if (cursor !== undefined && !isCursor(cursor)) {
        throw new Problem('invalid_cursor', 'Send `nextCursor` of the page before, or none');
      }
      await requireWebhook(tenant, webhookId);
      const { deliveries, nextCursor } = await webhooks.deliveries(tenant, webhookId, {
        limit,
        ...(status !== undefined && { status }),
        ...(run !== undefined && { runId: run }),
        ...(cursor !== undefined && { cursor }),
      });
      const page = deliveries.map((one) => shown(context, one));
      return context.json({ deliveries: page, ...(nextCursor !== undefined && { nextCursor }) }, 200);
    })
    .openapi(getRoute, async (context) => {
      const { webhookId, deliveryId } = context.req.valid('param');
      const found = await webhooks.delivery(tenantIn(context), webhookId, deliveryId);
      return context.json(shown(context, found ?? noDelivery()), 200);
    })
    .openapi(replayRoute, async (context) => {
      const { webhookId, deliveryId } = context.req.valid('param');
      const again = await webhooks.replay(tenantIn(context), webhookId, deliveryId);
      return context.json(shown(context, again ?? noDelivery()), 202);
    })
    .openapi(replayFailedRoute, async (context) => {
      const tenant = tenantIn(context);
      const { webhookId } = context.req.valid('param');
      await requireWebhook(tenant, webhookId);
      const replayed = await webhooks.replayFailed(tenant, webhookId, context.req.valid('json').since);
      return context.json({ replayed }, 202);
    });
}

/** A place in the log: the number of a row, below what the database counts to. */
function isCursor(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

/** Throws `delivery_not_found`. */
function noDelivery(): never {
  throw new Problem('delivery_not_found', 'This webhook has no delivery with this id');
}
