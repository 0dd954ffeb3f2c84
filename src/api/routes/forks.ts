import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { MAX_OUTPUT_CHARS } from '../../contract/wire.js';
import { strict } from '../../crew/issues.js';
import { NAME_PATTERN } from '../../crew/schema.js';
import { BROKEN_UNICODE, isWellFormed } from '../../crew/values.js';
import { definedOnly } from '../decide.js';
import { callerOf } from '../caller.js';
import type { AppDeps, AppEnv } from '../env.js';
import { forkRun, type ForkRequest } from '../fork-run.js';
import { jsonOnly } from '../guard.js';
import { namedWebhooks } from '../named-webhooks.js';
import { createRouter, json, problems } from '../openapi.js';
import { linksFor, startedRow } from '../resource.js';
import { plainText, runIdParam, runRowSchema } from '../schemas.js';
import { webhookIds } from '../webhook-schemas.js';
import { idempotencyHeader } from './headers.js';
import { headOf } from './runs.js';

const patches = (what: string) =>
  z
    .record(z.string(), z.unknown(), { error: `Expected an object: ${what} by key` })
    .optional()
    .openapi({ description: `Merge patches (RFC 7396) of the definition's ${what}` });

const members = {
  inputs: z
    .record(z.string(), z.unknown(), { error: 'Expected an object of inputs by name' })
    .optional()
    .openapi({ description: "Instead of the parent's, those that are named" }),
  overrides: strict({
    agents: patches('agents'),
    tasks: patches('tasks'),
    budget: patches('budget'),
  }).optional(),
  edits: z
    .record(
      z.string(),
      z
        .string()
        .min(1, 'Expected a text, found an empty one')
        .max(MAX_OUTPUT_CHARS)
        .refine(isWellFormed, BROKEN_UNICODE),
      { error: 'Expected an object: outputs by task' },
    )
    .optional()
    .openapi({ description: 'Outputs that are taken over otherwise than they were' }),
  label: plainText(200).optional(),
  webhooks: webhookIds.optional().openapi({
    description:
      "Webhook endpoints that hear of this run. Absent: those that the parent's start named, as far as they are still there; an empty list: none",
  }),
};

const forkSchema = strict({
  fromTask: z
    .string({ error: 'Required: expected the key of a task' })
    .regex(NAME_PATTERN, 'Expected the key of a task')
    .openapi({ description: 'This task and those that read its output are done again' }),
  ...members,
}).openapi('ForkRequest', {
  example: { fromTask: 'summarize', overrides: { agents: { writer: { goal: 'Write shorter.' } } } },
});
const retrySchema = strict(members).openapi('RetryRequest');

const responses = {
  200: json(runRowSchema, 'The run that the same Idempotency-Key started before'),
  201: json(runRowSchema, 'The fork is started'),
  ...problems(400, 404, 409, 410, 413, 415, 422, 503),
};

const forkRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: '/v1/runs/{runId}/fork',
  operationId: 'forkRun',
  summary: 'Run again from a task',
  description:
    'A new run that takes over every output but that of the task and of those that depend on it. Nothing that is taken over is paid for again. The parent stays as it is.',
  tags: ['Runs'],
  request: {
    params: runIdParam,
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: forkSchema } } },
  },
  responses,
});

const retryRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: '/v1/runs/{runId}/retry',
  operationId: 'retryRun',
  summary: 'Run again from the first task that failed',
  tags: ['Runs'],
  request: {
    params: runIdParam,
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: retrySchema } } },
  },
  responses,
});

/** `/v1/runs/{runId}/fork` and `/retry`. */
export function forkRoutes(deps: AppDeps) {
  const fork = async (
    context: Context<AppEnv>,
    verb: 'fork' | 'retry',
    { runId: parentRunId, key, body }: { runId: string; key: string | undefined; body: ForkBody },
  ) => {
    const route = `/v1/runs/${parentRunId}/${verb}`;
    const links = linksFor(context, deps.settings);
    const caller = callerOf(context);
    const { webhooks, ...rest } = body;
    const started = await forkRun(deps, {
      ...rest,
      ...(webhooks && { webhooks: [], ...(await namedWebhooks(deps, caller.tenant, webhooks)) }),
      caller,
      parentRunId,
      route,
      ...(key !== undefined && { idempotencyKey: key }),
    });
    const row = started.created
      ? startedRow(started, { label: body.label, parentRunId }, links)
      : headOf(await deps.runs.get(caller.tenant, started.runId), links);
    return { row, created: started.created };
  };
  return createRouter()
    .openapi(forkRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const key = context.req.valid('header')['idempotency-key'];
      const { row, created } = await fork(context, 'fork', {
        runId,
        key,
        body: definedOnly(context.req.valid('json')),
      });
      return created ? context.json(row, 201, { location: row.links.self }) : context.json(row, 200);
    })
    .openapi(retryRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const key = context.req.valid('header')['idempotency-key'];
      const { row, created } = await fork(context, 'retry', {
        runId,
        key,
        body: definedOnly(context.req.valid('json')),
      });
      return created ? context.json(row, 201, { location: row.links.self }) : context.json(row, 200);
    });
}

/** What a body says; the address and the header say the rest. */
type ForkBody = Omit<ForkRequest, 'caller' | 'parentRunId' | 'route' | 'idempotencyKey'>;
