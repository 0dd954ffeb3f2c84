import { createRoute, z } from '@hono/zod-openapi';
import { strict } from '../../crew/issues.js';
import { crewDetailSchema, crewParam, crewSummarySchema, crewVersion, crewVersionSchema } from '../crew-schemas.js';
import { tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { createRouter, json, problems } from '../openapi.js';
import { crewSummary, linksFor, versionResource } from '../resource.js';
import { requireCrew } from '../start-run.js';

const listRoute = createRoute({
  method: 'get',
  path: '/v1/crews',
  operationId: 'listCrews',
  summary: 'The crews and the inputs they take',
  description: "The operator's files and what is stored, each in its newest version.",
  tags: ['Crews'],
  responses: {
    200: json(z.object({ crews: z.array(crewSummarySchema) }).openapi('CrewList'), 'All crews, by name'),
    ...problems(503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/crews/{name}',
  operationId: 'getCrew',
  summary: 'A crew with its definition',
  tags: ['Crews'],
  request: { params: crewParam, query: strict({ version: crewVersion.optional() }) },
  responses: {
    200: json(crewDetailSchema, 'The crew in its newest version, or the given one'),
    ...problems(404, 422, 503),
  },
});

const versionsRoute = createRoute({
  method: 'get',
  path: '/v1/crews/{name}/versions',
  operationId: 'listCrewVersions',
  summary: 'The versions of a crew, newest first',
  tags: ['Crews'],
  request: { params: crewParam },
  responses: {
    200: json(z.object({ versions: z.array(crewVersionSchema) }).openapi('CrewVersionList'), 'All that can be run'),
    ...problems(404, 503),
  },
});

/** `/v1/crews`: what can be run. */
export function crewRoutes({ crews, settings }: AppDeps) {
  return createRouter()
    .openapi(listRoute, async (context) => {
      const links = linksFor(context, settings);
      const all = await crews.list(tenantIn(context));
      return context.json({ crews: all.map((crew) => crewSummary(crew, links)) }, 200);
    })
    .openapi(getRoute, async (context) => {
      const { name } = context.req.valid('param');
      const crew = await requireCrew(crews, tenantIn(context), name, context.req.valid('query').version);
      const summary = crewSummary(crew, linksFor(context, settings));
      return context.json({ ...summary, definition: { ...crew.definition } }, 200);
    })
    .openapi(versionsRoute, async (context) => {
      const { name } = context.req.valid('param');
      const versions = await crews.versions(tenantIn(context), name);
      // It throws, and says what there is instead.
      if (versions.length === 0) await requireCrew(crews, tenantIn(context), name);
      const links = linksFor(context, settings);
      return context.json({ versions: versions.map((version) => versionResource(version, links)) }, 200);
    });
}
