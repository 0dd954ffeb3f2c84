import { randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { MAX_MESSAGE_CHARS } from '../../contract/messages.js';
import { RUN_STATUSES } from '../../contract/views.js';
import { NAME_PATTERN } from '../../crew/schema.js';
import { strict } from '../../crew/issues.js';
import { callerOf, nameOf, tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { jsonOnly } from '../guard.js';
import { jsonOf, outputText } from '../hydrate.js';
import { createRouter, json, problems } from '../openapi.js';
import { byField, failureSchema, messageSchema, plainText, runIdParam } from '../schemas.js';
import { underKey } from '../under-key.js';
import { endOfRun, waitQuery } from '../wait.js';
import { idempotencyHeader } from './headers.js';

const RUN = '/v1/runs/{runId}';

const by = byField('Who wants it');
const reason = plainText(500).optional().openapi({ description: 'Why, for whoever looks at the history' });
const endSchema = strict({ by, reason }).openapi('EndRequest');

const sentSchema = z.object({ runId: z.string(), status: z.enum(['cancelling', 'stopping']) }).openapi('EndRequested');

const endRoute = <P extends 'cancel' | 'stop'>(verb: P, summary: string, description: string) =>
  createRoute({
    method: 'post',
    middleware: jsonOnly,
    path: `${RUN}/${verb}`,
    operationId: `${verb}Run`,
    summary,
    description,
    tags: ['Runs'],
    request: {
      params: runIdParam,
      body: { required: true, content: { 'application/json': { schema: endSchema } } },
    },
    responses: {
      202: json(sentSchema, 'Asked for: the run ends by itself, and its view and events say when'),
      ...problems(400, 404, 409, 413, 415, 422, 503),
    },
  });

const cancelRoute = endRoute(
  'cancel',
  'End a run now',
  'Calls in flight are aborted at their providers. Finished outputs stay; the run ends as `cancelled`.',
);
const stopRoute = endRoute(
  'stop',
  'End a run when what runs is finished',
  'Running tasks finish, nothing new is begun, open approvals are withdrawn. Finished outputs stay; the run ends as `stopped`.',
);

const deleteRoute = createRoute({
  method: 'delete',
  path: RUN,
  operationId: 'terminateRun',
  summary: 'End a run hard',
  description:
    'At once, whatever it does, with no last event; for a run that nothing else ends. Its history stays as long as others.',
  tags: ['Runs'],
  request: { params: runIdParam },
  responses: { 204: { description: 'It is ended' }, ...problems(404, 409, 503) },
});

const resultSchema = z
  .object({
    runId: z.string(),
    status: z.enum(RUN_STATUSES),
    output: z.string().optional().openapi({ description: "The last task's output" }),
    json: z.any().optional().openapi({ description: 'The output as JSON, where its task has a schema' }),
    error: failureSchema.optional(),
  })
  .openapi('RunResult');

const resultRoute = createRoute({
  method: 'get',
  path: `${RUN}/result`,
  operationId: 'getRunResult',
  summary: 'What a run gave, waiting for it where it is asked to',
  tags: ['Runs'],
  request: { params: runIdParam, query: waitQuery },
  responses: {
    200: json(resultSchema, 'The run has ended'),
    202: json(resultSchema, 'It has not ended yet'),
    ...problems(404, 410, 422, 503),
  },
});

const messageRequest = strict({
  text: plainText(MAX_MESSAGE_CHARS).openapi({ description: 'What the agent shall know' }),
  agent: z
    .string()
    .regex(NAME_PATTERN, 'Expected the key of an agent')
    .optional()
    .openapi({ description: 'The key of the agent; absent: every agent' }),
  by: byField('Who says it'),
}).openapi('MessageRequest', { example: { agent: 'writer', text: 'The release was moved to May.', by: 'ada' } });

const messageRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: `${RUN}/messages`,
  operationId: 'sendMessage',
  summary: 'Say something to a running crew',
  description: 'The named agent, or every agent, is told with its next model call.',
  tags: ['Runs'],
  request: {
    params: runIdParam,
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: messageRequest } } },
  },
  responses: {
    202: json(messageSchema, 'Taken; `deliveredTo` in the run says who was told'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

/** What steers a run: `/v1/runs/{runId}/cancel`, `/stop`, `/messages`, `/result`, and its hard end. */
export function controlRoutes(deps: AppDeps) {
  const { runs, store, settings } = deps;
  return createRouter()
    .openapi(cancelRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const { by, reason } = context.req.valid('json');
      await runs.cancel(tenantIn(context), runId, inWords(nameOf(callerOf(context), by), reason));
      return context.json({ runId, status: 'cancelling' as const }, 202);
    })
    .openapi(stopRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const { by } = context.req.valid('json');
      await runs.stop(tenantIn(context), runId, { by: nameOf(callerOf(context), by) });
      return context.json({ runId, status: 'stopping' as const }, 202);
    })
    .openapi(deleteRoute, async (context) => {
      await runs.terminate(tenantIn(context), context.req.valid('param').runId, 'ended over HTTP');
      return context.body(null, 204);
    })
    .openapi(resultRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const tenant = tenantIn(context);
      const waitMs = Math.min((context.req.valid('query').wait ?? 0) * 1000, settings.maxWaitMs);
      const ended = waitMs > 0 ? await endOfRun(deps, tenant, runId, waitMs, context.req.raw.signal) : undefined;
      const { view } = ended ?? (await runs.get(tenant, runId));
      const { status, result, error } = view;
      if (view.endedAt === undefined) return context.json({ runId, status }, 202);
      const output = result && (await outputText(store, tenant, result));
      const parsed = jsonOf(output, result?.format);
      const answer = {
        runId,
        status,
        ...(output !== undefined && { output }),
        ...(parsed !== undefined && { json: parsed }),
        ...(error && { error }),
      };
      return context.json(answer, 200);
    })
    .openapi(messageRoute, async (context) => {
      const { runId } = context.req.valid('param');
      const { text, agent, by } = context.req.valid('json');
      const key = context.req.valid('header')['idempotency-key'] ?? randomUUID();
      const message = { text, by: nameOf(callerOf(context), by), ...(agent !== undefined && { agent }) };
      const send = () => runs.message(tenantIn(context), runId, message, `message/${key}`);
      return context.json(await underKey(runId, key, send), 202);
    });
}

function inWords(by: string, reason: string | undefined): string {
  return reason === undefined ? `asked for by ${by}` : `asked for by ${by}: ${reason}`;
}
