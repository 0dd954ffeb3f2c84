import { createRoute, z } from '@hono/zod-openapi';
import { RUN_ID_PATTERN } from '../../contract/ids.js';
import { RUN_STATUSES } from '../../contract/views.js';
import { strict } from '../../crew/issues.js';
import type { RunRecord } from '../../ports.js';
import { callerOf, tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { jsonOnly } from '../guard.js';
import { namedWebhooks } from '../named-webhooks.js';
import { createRouter, json, problems } from '../openapi.js';
import { pageFields } from '../paging.js';
import { linksFor, rowResource, runResource, startedRow, type Links } from '../resource.js';
import { crewName, crewRefName } from '../crew-schemas.js';
import { hydrateRun } from '../hydrate.js';
import { plainText, runIdParam, runRowSchema, runSchema } from '../schemas.js';
import { requireCrew, splitCrewRef, startRun } from '../start-run.js';
import { webhookIds } from '../webhook-schemas.js';
import { endOfRun, waitQuery } from '../wait.js';
import { idempotencyHeader } from './headers.js';
import { checkQueueing, queueFields, queueing } from './queueing.js';

const PATH = '/v1/runs';

const startSchema = strict({
  crew: crewRefName,
  inputs: z
    .record(z.string(), z.unknown(), { error: 'Expected an object of inputs by name' })
    .default({})
    .openapi({ example: { topic: 'AI' } }),
  label: plainText(200)
    .optional()
    .openapi({ description: "The caller's own word for the run; runs can be listed by it" }),
  ...queueFields,
  webhooks: webhookIds.optional(),
})
  .superRefine(checkQueueing)
  .openapi('StartRunRequest');

const startRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'startRun',
  summary: 'Start a run of a crew',
  tags: ['Runs'],
  request: {
    headers: idempotencyHeader,
    query: waitQuery,
    body: { required: true, content: { 'application/json': { schema: startSchema } } },
  },
  responses: {
    200: json(
      z.union([runSchema, runRowSchema]),
      'The run that the same Idempotency-Key started before; with `wait`: the whole run, which has ended',
    ),
    201: json(runRowSchema, 'The run is started'),
    202: json(runRowSchema, 'With `wait`: the run is started, and has not ended within that time'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: `${PATH}/{runId}`,
  operationId: 'getRun',
  summary: 'A run: its tasks, outputs, approvals, usage, result',
  description:
    'Outputs that lie in the store are filled in, up to 1,000,000 characters together; what is over has its `outputRef` alone, and is read from its own address.',
  tags: ['Runs'],
  request: { params: runIdParam },
  responses: { 200: json(runSchema, 'The run'), ...problems(404, 410, 503) },
});

const listSchema = strict({
  crew: crewName.optional(),
  status: z.enum(RUN_STATUSES, { error: `Expected one of: ${RUN_STATUSES.join(', ')}` }).optional(),
  label: plainText(200).optional(),
  parent: z
    .string()
    .regex(RUN_ID_PATTERN, 'Expected a run id')
    .optional()
    .openapi({ description: 'Only forks of this run' }),
  thread: queueFields.thread,
  ...pageFields,
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listRuns',
  summary: 'Runs: open ones first, newest first; then those that ended, the last first',
  description: 'From Temporal visibility: a row may be a moment behind the run itself.',
  tags: ['Runs'],
  request: { query: listSchema },
  responses: {
    200: json(
      z.object({ runs: z.array(runRowSchema), nextCursor: z.string().optional() }).openapi('RunList'),
      'A page',
    ),
    ...problems(400, 422, 503),
  },
});

/** `/v1/runs`. */
export function runRoutes(deps: AppDeps) {
  const { runs, crews, store, settings } = deps;
  return createRouter()
    .openapi(startRoute, async (context) => {
      const body = context.req.valid('json');
      const { name, version } = splitCrewRef(body.crew);
      const caller = callerOf(context);
      const { tenant } = caller;
      const crew = await requireCrew(crews, tenant, name, version);
      const idempotencyKey = context.req.valid('header')['idempotency-key'];
      const { runId, executionId, created, status } = await startRun(deps, {
        caller,
        route: PATH,
        crew,
        ...(version !== undefined && { version }),
        inputs: body.inputs,
        inputsField: 'inputs',
        ...(body.label !== undefined && { label: body.label }),
        ...queueing(body),
        ...(await namedWebhooks(deps, tenant, body.webhooks)),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      context.set('runId', runId);
      const links = linksFor(context, settings);
      const { wait } = context.req.valid('query');
      if (wait !== undefined) {
        const waitMs = Math.min(wait * 1000, settings.maxWaitMs);
        const ended = await endOfRun(deps, tenant, runId, waitMs, context.req.raw.signal);
        if (ended) return context.json(runResource(await hydrateRun(store, tenant, ended.view), ended, links), 200);
      }
      if (!created) return context.json(headOf(await runs.get(tenant, runId), links), 200);
      const row = startedRow({ runId, executionId, crew, status }, { label: body.label }, links);
      return context.json(row, wait === undefined ? 201 : 202, { location: row.links.self });
    })
    .openapi(getRoute, async (context) => {
      const record = await runs.get(tenantIn(context), context.req.valid('param').runId);
      const view = await hydrateRun(store, tenantIn(context), record.view);
      return context.json(runResource(view, record, linksFor(context, settings)), 200);
    })
    .openapi(listRoute, async (context) => {
      const { crew, status, label, parent, thread, limit, cursor } = context.req.valid('query');
      const { rows, nextCursor } = await runs.list({
        tenant: tenantIn(context),
        limit,
        ...(crew !== undefined && { crew }),
        ...(status !== undefined && { status }),
        ...(label !== undefined && { label }),
        ...(parent !== undefined && { parent }),
        ...(thread !== undefined && { thread }),
        ...(cursor !== undefined && { cursor }),
      });
      const links = linksFor(context, settings);
      const page = {
        runs: rows.map((row) => rowResource(row, links)),
        ...(nextCursor !== undefined && { nextCursor }),
      };
      return context.json(page, 200);
    });
}

/** A run as the answer to a start has it. */
export function headOf({ view, label, executionId }: RunRecord, links: Links) {
  const { runId, crew, status, startedAt, endedAt, parentRunId } = view;
  return {
    runId,
    crew,
    status,
    startedAt,
    links: links.run(runId, executionId),
    ...(label !== undefined && { label }),
    ...(endedAt !== undefined && { endedAt }),
    ...(parentRunId !== undefined && { parentRunId }),
  };
}
