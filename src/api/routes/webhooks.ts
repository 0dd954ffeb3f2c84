import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { WebhookChanges, WebhookEndpoint, WebhookSpec } from '../../ports.js';
import { tenantIn } from '../caller.js';
import { definedOnly } from '../decide.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { baseOf } from '../resource.js';
import { idUnderKey, keyReused, sha256 } from '../start-run.js';
import {
  createWebhookSchema,
  madeWebhookSchema,
  patchWebhookSchema,
  rotatedSchema,
  rotateSchema,
  webhookParam,
  webhookSchema,
} from '../webhook-schemas.js';
import { idempotencyHeader } from './headers.js';

const PATH = '/v1/webhooks';
const ONE = `${PATH}/{webhookId}`;
const tags = ['Webhooks'];
const NO_STORE = { 'cache-control': 'no-store' };

/** Endpoints of one tenant, at most: each is asked for with each batch of events. */
const MAX_ENDPOINTS = 100;

const bodyOf = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

const createWebhookRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'createWebhook',
  summary: 'Register an endpoint that events of runs are sent to',
  description: 'Signed as Standard Webhooks 1.0 has it. The secret is in this answer, and in no other.',
  tags,
  request: { headers: idempotencyHeader, body: bodyOf(createWebhookSchema) },
  responses: {
    200: json(madeWebhookSchema, 'The endpoint that the same Idempotency-Key made before'),
    201: json(madeWebhookSchema, 'The endpoint is registered'),
    ...problems(400, 409, 413, 415, 422, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listWebhooks',
  summary: 'The endpoints of your tenant, the oldest first',
  tags,
  responses: {
    200: json(z.object({ webhooks: z.array(webhookSchema) }).openapi('WebhookList'), 'All of them'),
    ...problems(503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: ONE,
  operationId: 'getWebhook',
  summary: 'An endpoint: what it hears of, and whether it takes it',
  tags,
  request: { params: webhookParam },
  responses: { 200: json(webhookSchema, 'The endpoint'), ...problems(404, 503) },
});

const patchRoute = createRoute({
  method: 'patch',
  middleware: jsonOnly,
  path: ONE,
  operationId: 'changeWebhook',
  summary: 'Change an endpoint, or switch it on or off',
  tags,
  request: { params: webhookParam, body: bodyOf(patchWebhookSchema) },
  responses: { 200: json(webhookSchema, 'The endpoint'), ...problems(400, 404, 413, 415, 422, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: ONE,
  operationId: 'deleteWebhook',
  summary: 'Delete an endpoint, with what waits for it and its log',
  tags,
  request: { params: webhookParam },
  responses: { 204: { description: 'It is gone' }, ...problems(404, 503) },
});

const rotateRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: `${ONE}/rotate`,
  operationId: 'rotateWebhookSecret',
  summary: 'A new secret',
  description: 'Deliveries are signed with the new and the older ones until the overlap is over.',
  tags,
  request: { params: webhookParam, body: bodyOf(rotateSchema) },
  responses: { 200: json(rotatedSchema, 'The new secret'), ...problems(400, 404, 413, 415, 422, 503) },
});

/** `/v1/webhooks`. */
export function webhookRoutes({ webhooks, settings }: AppDeps) {
  const shown = (context: Context<AppEnv>, endpoint: WebhookEndpoint) => ({
    ...endpoint,
    links: { self: `${baseOf(context.req.url, settings)}${PATH}/${endpoint.id}` },
  });
  return createRouter()
    .openapi(createWebhookRoute, async (context) => {
      const tenant = tenantIn(context);
      const spec: WebhookSpec = definedOnly(context.req.valid('json'));
      requireUrl(webhooks, spec.url);
      const key = context.req.valid('header')['idempotency-key'];
      const id = idUnderKey(tenant, PATH, key);
      const all = await webhooks.list(tenant);
      if (all.length >= MAX_ENDPOINTS && !all.some((one) => one.id === id)) {
        throw new Problem('too_many_webhooks', `A tenant may have ${MAX_ENDPOINTS} endpoints; delete one first`);
      }
      const digest = sha256({ key, ...spec });
      const made = await webhooks.create(tenant, id, spec, digest);
      if (!made.created && made.requestDigest !== digest) throw keyReused();
      const endpoint = { ...shown(context, made.endpoint), secret: made.secret };
      return made.created
        ? context.json(endpoint, 201, { ...NO_STORE, location: endpoint.links.self })
        : context.json(endpoint, 200, NO_STORE);
    })
    .openapi(listRoute, async (context) => {
      const all = await webhooks.list(tenantIn(context));
      return context.json({ webhooks: all.map((one) => shown(context, one)) }, 200);
    })
    .openapi(getRoute, async (context) => {
      const found = await webhooks.get(tenantIn(context), context.req.valid('param').webhookId);
      return context.json(shown(context, found ?? noWebhook()), 200);
    })
    .openapi(patchRoute, async (context) => {
      const changes: WebhookChanges = definedOnly(context.req.valid('json'));
      if (changes.url !== undefined) requireUrl(webhooks, changes.url);
      const changed = await webhooks.update(tenantIn(context), context.req.valid('param').webhookId, changes);
      return context.json(shown(context, changed ?? noWebhook()), 200);
    })
    .openapi(deleteRoute, async (context) => {
      if (!(await webhooks.remove(tenantIn(context), context.req.valid('param').webhookId))) noWebhook();
      return context.body(null, 204);
    })
    .openapi(rotateRoute, async (context) => {
      const { webhookId: id } = context.req.valid('param');
      const overlapMs = context.req.valid('json').overlapSeconds * 1000;
      const rotated = await webhooks.rotate(tenantIn(context), id, overlapMs);
      return context.json({ id, ...(rotated ?? noWebhook()) }, 200, NO_STORE);
    });
}

/** Throws `invalid_request` where the address cannot be an endpoint. */
function requireUrl(webhooks: AppDeps['webhooks'], url: string): void {
  const message = webhooks.urlProblem(url);
  if (message === undefined) return;
  throw new Problem('invalid_request', 'The body is not valid; see errors', { errors: [{ path: 'url', message }] });
}

/** Throws `webhook_not_found`. */
export function noWebhook(): never {
  throw new Problem('webhook_not_found', 'There is no webhook with this id');
}
