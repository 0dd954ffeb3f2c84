import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import type { BatchView } from '../../contract/coordination.js';
import { checkInputs } from '../../crew/inputs.js';
import { issuesIn, strict } from '../../crew/issues.js';
import type { BatchPlan, Crew } from '../../ports.js';
import { batchParam, batchResultSchema, batchRowSchema, batchSchema, startBatchSchema } from '../batch-schemas.js';
import { resultLines } from '../batch-results.js';
import { callerOf, tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { listIssues, Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { namedWebhooks } from '../named-webhooks.js';
import { createRouter, json, problems } from '../openapi.js';
import { pageFields } from '../paging.js';
import { baseOf } from '../resource.js';
import { placeFor, startedBy } from '../places.js';
import { requireRunnable } from '../runnable.js';
import { idUnderKey, keyReused, requireCrew, sha256, splitCrewRef } from '../start-run.js';
import { idempotencyHeader } from './headers.js';

const PATH = '/v1/batches';

const startRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'startBatch',
  summary: 'Run one crew with many inputs',
  description: 'Every item is checked before anything is started. A batch goes on whatever becomes of the gateway.',
  tags: ['Batches'],
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: startBatchSchema } } },
  },
  responses: {
    200: json(batchRowSchema, 'The batch that the same Idempotency-Key started before'),
    201: json(batchRowSchema, 'The batch is started'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listBatches',
  summary: 'Batches: open ones first, newest first; then those that ended, the last first',
  tags: ['Batches'],
  request: {
    query: strict({
      ...pageFields,
    }),
  },
  responses: {
    200: json(
      z.object({ batches: z.array(batchRowSchema), nextCursor: z.string().optional() }).openapi('BatchList'),
      'A page',
    ),
    ...problems(400, 422, 503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: `${PATH}/{batchId}`,
  operationId: 'getBatch',
  summary: 'A batch and how far it is',
  tags: ['Batches'],
  request: { params: batchParam },
  responses: { 200: json(batchSchema, 'The batch'), ...problems(404, 503) },
});

const resultsRoute = createRoute({
  method: 'get',
  path: `${PATH}/{batchId}/results`,
  operationId: 'readBatchResults',
  summary: 'The results, one line an item, in order',
  description: 'As they are now: an item that has not ended has its status alone. Lines are sent as they are read.',
  tags: ['Batches'],
  request: { params: batchParam },
  responses: {
    200: {
      description: 'Lines of JSON, each such an object',
      content: { 'application/x-ndjson': { schema: batchResultSchema } },
    },
    ...problems(404, 503),
  },
});

const cancelRoute = createRoute({
  method: 'post',
  path: `${PATH}/{batchId}/cancel`,
  operationId: 'cancelBatch',
  summary: 'Start no more, and cancel what is open',
  tags: ['Batches'],
  request: { params: batchParam },
  responses: {
    202: json(z.object({ batchId: z.string() }).openapi('BatchCancelled'), 'It is being cancelled'),
    ...problems(404, 409, 503),
  },
});

/** `/v1/batches`. */
export function batchRoutes(deps: AppDeps) {
  const { batches, crews, store, settings } = deps;
  return createRouter()
    .openapi(startRoute, async (context) => {
      const body = context.req.valid('json');
      const { name, version } = splitCrewRef(body.crew);
      const caller = callerOf(context);
      const { tenant } = caller;
      const crew = await requireCrew(crews, tenant, name, version);
      const named = await namedWebhooks(deps, tenant, body.webhooks);
      const plan: BatchPlan = {
        crew: plain(crew),
        models: requireRunnable(deps, crew),
        items: checkedItems(crew, body.items),
        ...startedBy(caller),
        ...named,
      };
      const key = context.req.valid('header')['idempotency-key'];
      const batchId = idUnderKey(tenant, PATH, key);
      const { label, maxConcurrent } = body;
      const requestDigest = sha256({ crew: body.crew, items: plan.items, maxConcurrent, label, ...named });
      // The batch itself is no run: one place has to be free for its first.
      const known = key === undefined ? undefined : () => batches.get(tenant, batchId);
      (await placeFor(deps, caller, batchId, known))?.release();
      const labelled = label !== undefined && { label };
      const started = await batches.start({
        tenant,
        batchId,
        crew: crew.ref,
        plan: await store.putText(tenant, JSON.stringify(plan)),
        total: plan.items.length,
        maxConcurrent,
        ...labelled,
        ...(key !== undefined && { requestDigest }),
      });
      const base = baseOf(context.req.url, settings);
      if (started.created) {
        const startedAt = new Date().toISOString();
        const row = { batchId, crew: crew.ref, status: 'running' as const, total: plan.items.length, startedAt };
        return context.json({ ...row, ...labelled, links: links(base, batchId) }, 201, {
          location: links(base, batchId).self,
        });
      }
      if (started.requestDigest !== requestDigest) {
        throw keyReused();
      }
      return context.json(rowOf(await batches.get(tenant, batchId), base), 200);
    })
    .openapi(listRoute, async (context) => {
      const { limit, cursor } = context.req.valid('query');
      const base = baseOf(context.req.url, settings);
      const filter = { tenant: tenantIn(context), limit, ...(cursor !== undefined && { cursor }) };
      const { rows, nextCursor } = await batches.list(filter);
      const page = rows.map((row) => ({ ...row, links: links(base, row.batchId) }));
      return context.json({ batches: page, ...(nextCursor !== undefined && { nextCursor }) }, 200);
    })
    .openapi(getRoute, async (context) => {
      const view = await batches.get(tenantIn(context), context.req.valid('param').batchId);
      const errors = Object.entries(view.errors).map(([index, error]) => ({ index: Number(index), error }));
      const { maxConcurrent } = view;
      const row = rowOf(view, baseOf(context.req.url, settings));
      return context.json({ ...row, maxConcurrent, counts: countsOf(view), errors }, 200);
    })
    .openapi(resultsRoute, async (context) => {
      const tenant = tenantIn(context);
      const view = await batches.get(tenant, context.req.valid('param').batchId);
      context.header('content-type', 'application/x-ndjson');
      return stream(context, async (out) => {
        for await (const line of resultLines(deps, tenant, view)) {
          if (out.aborted) return;
          await out.write(line);
        }
      }) as never;
    })
    .openapi(cancelRoute, async (context) => {
      const { batchId } = context.req.valid('param');
      await batches.cancel(tenantIn(context), batchId);
      return context.json({ batchId }, 202);
    });
}

/** The items with their inputs checked, all of them before any is started. Throws `invalid_inputs`. */
function checkedItems(crew: Crew, items: { inputs: Record<string, unknown>; label?: string | undefined }[]) {
  const checked: BatchPlan['items'] = [];
  const issues = issuesIn(items, ({ inputs, label }, at) => {
    const result = checkInputs(crew.definition, inputs);
    if (!result.ok)
      return result.issues.map(({ path, message }) => ({ path: ['items', at, 'inputs', ...path], message }));
    checked.push({ inputs: result.inputs, ...(label !== undefined && { label }) });
    return [];
  });
  if (issues.length === 0) return checked;
  const message = `The inputs of some items do not fit the crew '${crew.ref.name}'; see errors`;
  throw new Problem('invalid_inputs', message, { errors: listIssues(issues) });
}

function plain({ ref, definition }: Crew): Crew {
  return { ref, definition };
}

function links(base: string, batchId: string) {
  return { self: `${base}${PATH}/${batchId}`, results: `${base}${PATH}/${batchId}/results` };
}

function rowOf({ batchId, crew, label, status, total, startedAt, endedAt }: BatchView, base: string) {
  return {
    batchId,
    crew,
    status,
    total,
    startedAt,
    ...(label !== undefined && { label }),
    ...(endedAt !== undefined && { endedAt }),
    links: links(base, batchId),
  };
}

function countsOf({ statuses }: BatchView) {
  const of = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length;
  return {
    queued: of('queued'),
    running: of('running', 'waiting_human'),
    completed: of('completed'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    stopped: of('stopped'),
    timed_out: of('timed_out'),
    terminated: of('terminated'),
    skipped: of('skipped'),
  };
}
