import { createRoute, z } from '@hono/zod-openapi';
import { DEFAULT_TENANT } from '../../contract/ids.js';
import { RUN_STATUSES } from '../../contract/views.js';
import { strict } from '../../crew/issues.js';
import type { RunRecord } from '../../ports.js';
import type { AppDeps } from '../env.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { linksFor, rowResource, runResource, type Links } from '../resource.js';
import { crewName, crewRefName } from '../crew-schemas.js';
import { hydrateRun } from '../hydrate.js';
import { plainText, runIdParam, runRowSchema, runSchema } from '../schemas.js';
import { requireCrew, splitCrewRef, startRun } from '../start-run.js';
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
    body: { required: true, content: { 'application/json': { schema: startSchema } } },
  },
  responses: {
    200: json(runRowSchema, 'The run that the same Idempotency-Key started before'),
    201: json(runRowSchema, 'The run is started'),
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
  thread: queueFields.thread,
  limit: z.coerce
    .number({ error: 'Expected a whole number' })
    .int('Expected a whole number')
    .min(1, 'Expected at least 1')
    .max(100, 'Expected at most 100')
    .default(50),
  cursor: z.string().max(1_000).optional().openapi({ description: '`nextCursor` of the page before' }),
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listRuns',
  summary: 'Runs, newest first',
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
      const crew = await requireCrew(crews, name, version);
      const idempotencyKey = context.req.valid('header')['idempotency-key'];
      const { runId, executionId, created, status } = await startRun(deps, {
        route: PATH,
        crew,
        ...(version !== undefined && { version }),
        inputs: body.inputs,
        inputsField: 'inputs',
        ...(body.label !== undefined && { label: body.label }),
        ...queueing(body),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      const links = linksFor(context, settings);
      if (!created) return context.json(headOf(await runs.get(DEFAULT_TENANT, runId), links), 200);
      const row = {
        runId,
        crew: crew.ref,
        status,
        startedAt: new Date().toISOString(),
        links: links.run(runId, executionId),
        ...(body.label !== undefined && { label: body.label }),
      };
      return context.json(row, 201, { location: row.links.self });
    })
    .openapi(getRoute, async (context) => {
      const record = await runs.get(DEFAULT_TENANT, context.req.valid('param').runId);
      const view = await hydrateRun(store, record.view);
      return context.json(runResource(view, record, linksFor(context, settings)), 200);
    })
    .openapi(listRoute, async (context) => {
      const { crew, status, label, thread, limit, cursor } = context.req.valid('query');
      const { rows, nextCursor } = await runs.list({
        tenant: DEFAULT_TENANT,
        limit,
        ...(crew !== undefined && { crew }),
        ...(status !== undefined && { status }),
        ...(label !== undefined && { label }),
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
function headOf({ view, label, executionId }: RunRecord, links: Links) {
  const { runId, crew, status, startedAt, endedAt } = view;
  return {
    runId,
    crew,
    status,
    startedAt,
    links: links.run(runId, executionId),
    ...(label !== undefined && { label }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
