import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { RUN_ID_PATTERN } from '../../contract/ids.js';
import { NAME_PATTERN } from '../../crew/schema.js';
import { artifactsOf, contentHeaders, contentTypeOf } from '../artifact.js';
import { tenantIn } from '../caller.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { outputText, type Output } from '../hydrate.js';
import { createRouter, json, problems, routerPath } from '../openapi.js';
import { linksFor } from '../resource.js';
import { runIdParam } from '../schemas.js';

const PATH = '/v1/runs/{runId}/artifacts';

const artifactSchema = z
  .object({
    path: z.string().openapi({ example: 'reports/tea.md' }),
    taskId: z.string(),
    chars: z.int().min(0).openapi({ description: 'Length in UTF-16 code units' }),
    contentType: z.enum(['text/markdown', 'application/json', 'text/plain']),
    links: z.object({ self: z.string() }),
  })
  .openapi('Artifact');

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listArtifacts',
  summary: 'The artifacts of a run: outputs of tasks with an output_file',
  tags: ['Runs'],
  request: { params: runIdParam },
  responses: {
    200: json(z.object({ artifacts: z.array(artifactSchema) }).openapi('ArtifactList'), 'Those that are there by now'),
    ...problems(404, 410, 503),
  },
});

const text = { schema: z.string() };
const content = {
  description: 'The text, as an attachment',
  content: { 'text/markdown': text, 'application/json': { schema: z.any() }, 'text/plain': text },
};

const readRoute = createRoute({
  method: 'get',
  path: `${PATH}/{path}`,
  operationId: 'readArtifact',
  summary: 'The content of an artifact',
  description: 'Slashes in the path may be left as they are, or written as %2F.',
  tags: ['Runs'],
  request: {
    params: runIdParam.extend({ path: z.string().openapi({ param: { name: 'path', in: 'path' }, example: 'tea.md' }) }),
  },
  responses: { 200: content, ...problems(404, 410, 503) },
});

const outputRoute = createRoute({
  method: 'get',
  path: '/v1/runs/{runId}/tasks/{taskId}/output',
  operationId: 'readTaskOutput',
  summary: "A task's output as a text, however long",
  tags: ['Runs'],
  request: {
    params: runIdParam.extend({
      taskId: z
        .string()
        .regex(NAME_PATTERN)
        .openapi({ param: { name: 'taskId', in: 'path' }, example: 'summarize' }),
    }),
  },
  responses: {
    200: { description: 'The text, as an attachment', content: { 'text/plain': text } },
    ...problems(404, 410, 503),
  },
});

/** `/v1/runs/{runId}/artifacts`, and single outputs: texts of the store, found by nothing but what the run's view names. */
export function artifactRoutes(deps: AppDeps) {
  const router = createRouter().openapi(listRoute, async (context) => {
    const { view } = await deps.runs.get(tenantIn(context), context.req.valid('param').runId);
    const links = linksFor(context, deps.settings);
    const artifacts = artifactsOf(view).map(({ path, taskId, text }) => ({
      path,
      taskId,
      chars: text.chars,
      contentType: contentTypeOf(path),
      links: links.artifact(view.runId, path),
    }));
    return context.json({ artifacts }, 200);
  });
  // Documented as it is, and routed with slashes. As two routes it would be ambiguous, and the router's slow one would serve all.
  router.openAPIRegistry.registerPath(readRoute);
  router.get(routerPath(readRoute.path) as '/v1/runs/:runId/artifacts/:path{.+}', (context) => {
    const { runId, path } = context.req.param();
    if (!RUN_ID_PATTERN.test(runId)) throw new Problem('not_found', 'There is nothing under this address');
    return readArtifact(deps, context, runId, path);
  });
  return router.openapi(outputRoute, async (context) => {
    const { runId, taskId } = context.req.valid('param');
    const { view } = await deps.runs.get(tenantIn(context), runId);
    const task = view.tasks.find(({ id }) => id === taskId);
    if (!task) throw new Problem('output_not_found', `The run has no task '${taskId}'`);
    return answer(deps, context, task, `${taskId}.txt`);
  });
}

async function readArtifact(deps: AppDeps, context: Context<AppEnv>, runId: string, path: string) {
  const { view } = await deps.runs.get(tenantIn(context), runId);
  const artifact = artifactsOf(view).find((one) => one.path === path);
  if (!artifact) throw new Problem('output_not_found', 'The run has no artifact of this name');
  return answer(deps, context, { outputRef: artifact.text }, path);
}

async function answer({ store }: AppDeps, context: Context<AppEnv>, output: Output, name: string) {
  const content = await outputText(store, tenantIn(context), output);
  if (content !== undefined) return context.text(content, 200, contentHeaders(name));
  throw new Problem('output_not_found', `There is no text of ${name} (any more)`);
}
