import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../env.js';
import { createRouter, json, problems } from '../openapi.js';
import { crewSummary, linksFor } from '../resource.js';
import { crewDetailSchema, crewName, crewSummarySchema } from '../schemas.js';
import { requireCrew } from '../start-run.js';

const listRoute = createRoute({
  method: 'get',
  path: '/v1/crews',
  operationId: 'listCrews',
  summary: 'The crews and the inputs they take',
  tags: ['Crews'],
  responses: {
    200: json(z.object({ crews: z.array(crewSummarySchema) }).openapi('CrewList'), 'All crews, by name'),
    ...problems(),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: '/v1/crews/{name}',
  operationId: 'getCrew',
  summary: 'A crew with its definition',
  tags: ['Crews'],
  request: { params: z.object({ name: crewName.openapi({ param: { name: 'name', in: 'path' } }) }) },
  responses: { 200: json(crewDetailSchema, 'The crew'), ...problems(404) },
});

/** `/v1/crews`. */
export function crewRoutes({ crews, settings }: AppDeps) {
  return createRouter()
    .openapi(listRoute, (context) => {
      const links = linksFor(context, settings);
      return context.json({ crews: crews.list().map((crew) => crewSummary(crew, links)) }, 200);
    })
    .openapi(getRoute, (context) => {
      const crew = requireCrew(crews, context.req.valid('param').name);
      return context.json(
        { ...crewSummary(crew, linksFor(context, settings)), definition: { ...crew.definition } },
        200,
      );
    });
}
