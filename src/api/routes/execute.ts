import { createRoute, z } from '@hono/zod-openapi';
import { FailureType } from '../../contract/failures.js';
import type { RunResult } from '../../contract/views.js';
import { strict } from '../../crew/issues.js';
import { NAME_PATTERN } from '../../crew/schema.js';
import { isStoreError } from '../../contract/store-error.js';
import type { Crew, CrewCatalog, RunRecord, Store } from '../../ports.js';
import { callerOf } from '../caller.js';
import type { AppDeps } from '../env.js';
import { codeOfStore, Problem, type ProblemCode } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { namedWebhooks } from '../named-webhooks.js';
import { createRouter, json, problems } from '../openapi.js';
import { readPrefer } from '../prefer.js';
import { linksFor } from '../resource.js';
import { crewRefName } from '../crew-schemas.js';
import { jsonOf, outputText } from '../hydrate.js';
import { plainText } from '../schemas.js';
import { requireCrew, splitCrewRef, startRun } from '../start-run.js';
import { webhookIds } from '../webhook-schemas.js';
import { idempotencyHeader } from './headers.js';
import { endOfRun } from '../wait.js';

const PATH = '/agents/execute';

const bodySchema = strict({
  workflow_id: plainText(200).openapi({
    description: "The caller's label for the call; no duplicate check is made on it",
  }),
  parameters: z
    .record(z.string(), z.unknown(), { error: 'Expected an object of inputs by name' })
    .default({})
    .openapi({ description: "The crew's inputs", example: { topic: 'AI' } }),
  crew: crewRefName.optional().openapi({
    description:
      'The crew to run, or `name@version`; absent: workflow_id where it is the name of a crew, else the default',
  }),
  webhooks: webhookIds.optional(),
}).openapi('ExecuteRequest', { example: { workflow_id: 'test123', parameters: { topic: 'AI' } } });

const runPart = {
  workflow_id: z.string(),
  run_id: z.string(),
  crew: z.string(),
  links: z.object({ run: z.string(), temporal_ui: z.string().optional() }),
};

const successSchema = z
  .object({
    status: z.literal('success'),
    result: z.object({
      summary: z.string().openapi({ description: "The last task's text" }),
      json: z.any().optional().openapi({ description: 'The same as JSON, where the task has an output_schema' }),
    }),
    ...runPart,
    usage: z.object({ input_tokens: z.int(), output_tokens: z.int(), calls: z.int() }),
  })
  .openapi('ExecuteResult');

const pendingSchema = z
  .object({
    status: z
      .literal('running')
      .openapi({ description: 'Not over; the run itself says whether it waits for a person' }),
    ...runPart,
  })
  .openapi('ExecutePending');

const executeRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'executeAgents',
  summary: 'Run a crew and wait for its result',
  description:
    'Answers 200 with the result, or 202 with where to look when the run takes longer than the wait (`Prefer: wait=N`).',
  tags: ['Agents'],
  request: {
    headers: idempotencyHeader.extend({
      prefer: z.string().optional().openapi({ description: 'RFC 7240: `wait=N` seconds', example: 'wait=30' }),
    }),
    body: { required: true, content: { 'application/json': { schema: bodySchema } } },
  },
  responses: {
    200: json(successSchema, 'The run has completed'),
    202: json(pendingSchema, 'The run is going on; look again under `links.run`'),
    ...problems(400, 404, 409, 410, 413, 415, 422, 502, 503),
  },
});

/** `POST /agents/execute`: the call that other services of a platform make. */
export function executeRoutes(deps: AppDeps) {
  return createRouter().openapi(executeRoute, async (context) => {
    const body = context.req.valid('json');
    const caller = callerOf(context);
    const { settings } = deps;
    const wait = readPrefer(context.req.header('prefer')).waitSeconds;
    const waitMs = wait === undefined ? settings.executeWaitMs : Math.min(wait * 1000, settings.maxWaitMs);
    const { crew, version } = await crewOf(deps.crews, caller.tenant, body, settings.defaultCrew);
    const idempotencyKey = context.req.valid('header')['idempotency-key'];
    const { runId, executionId } = await startRun(deps, {
      caller,
      route: PATH,
      crew,
      ...(version !== undefined && { version }),
      inputs: body.parameters,
      inputsField: 'parameters',
      label: body.workflow_id,
      ...(await namedWebhooks(deps, caller.tenant, body.webhooks)),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
    context.set('runId', runId);
    const { self, temporalUi } = linksFor(context, settings).run(runId, executionId);
    const run = {
      workflow_id: body.workflow_id,
      run_id: runId,
      crew: crew.ref.name,
      links: { run: self, ...(temporalUi !== undefined && { temporal_ui: temporalUi }) },
    };
    if (wait !== undefined) context.header('preference-applied', `wait=${waitMs / 1000}`);
    const record = await endOfRun(deps, caller.tenant, runId, waitMs, context.req.raw.signal);
    if (!record) {
      const headers = { location: self, 'retry-after': '5' };
      return context.json({ status: 'running' as const, ...run }, 202, headers);
    }
    const { usage, ...result } = await resultOf(deps.store, caller.tenant, record);
    const { inputTokens: input_tokens, outputTokens: output_tokens, calls } = usage;
    return context.json(
      { status: 'success' as const, result, ...run, usage: { input_tokens, output_tokens, calls } },
      200,
    );
  });
}

/** The crew that a call names; else the one that its `workflow_id` happens to name; else the default. */
async function crewOf(
  crews: CrewCatalog,
  tenant: string,
  body: { crew?: string | undefined; workflow_id: string },
  byDefault: string,
): Promise<{ crew: Crew; version?: string | undefined }> {
  if (body.crew !== undefined) {
    const { name, version } = splitCrewRef(body.crew);
    return { crew: await requireCrew(crews, tenant, name, version), version };
  }
  const named = NAME_PATTERN.test(body.workflow_id) ? await crews.find(tenant, body.workflow_id) : undefined;
  return { crew: named ?? (await requireCrew(crews, tenant, byDefault)) };
}

/** What an ended run gave; throws where it did not complete. */
async function resultOf(store: Store, tenant: string, { view }: RunRecord) {
  const { status, result, usage, error: failure, runId } = view;
  if (status === 'completed' && result) {
    const summary = await textOf(store, tenant, result, runId);
    const json = jsonOf(summary, result.format);
    return { summary, ...(json !== undefined && { json }), usage };
  }
  if (status !== 'failed' || !failure) {
    throw new Problem('run_ended_early', `The run ended as ${status} before its result`, { runId });
  }
  const place = failure.taskId === undefined ? 'The run failed' : `The task '${failure.taskId}' failed`;
  throw new Problem(codeOf(failure.code), `${place}: ${failure.message}`, { runId, failure });
}

/** The text of a result. The run is over and paid for: an error says which one it was, so that it is read again, not started again. */
async function textOf(store: Store, tenant: string, result: RunResult, runId: string): Promise<string> {
  try {
    const text = await outputText(store, tenant, result);
    if (text !== undefined) return text;
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const code = codeOfStore(error);
    throw new Problem(code, `The run completed; its result cannot be read: ${error.message}`, { runId });
  }
  throw new Problem('run_ended_early', 'The run completed, but the store does not have its result any more', { runId });
}

/** What the caller sent is the caller's to mend: a prompt that fits no model is not a fault of the provider. */
function codeOf(code: string): ProblemCode {
  const callers: string[] = [FailureType.modelContextExceeded, FailureType.promptTooLarge];
  return callers.includes(code) ? 'run_refused' : 'run_failed';
}
