import { createRoute, z } from '@hono/zod-openapi';
import { explainCrew } from '../../crew/explain.js';
import { crewDetailSchema, crewParam, errorLineSchema, explanationSchema } from '../crew-schemas.js';
import { tenantIn } from '../caller.js';
import { readDefinition } from '../definition.js';
import type { AppDeps } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { crewSummary, linksFor } from '../resource.js';

const EXAMPLE = {
  schemaVersion: 1,
  name: 'haiku',
  inputs: { topic: {} },
  agents: { poet: { role: 'Poet', goal: 'Write haiku', backstory: 'You count syllables.' } },
  tasks: { write: { description: 'A haiku about {topic}', expected_output: 'Three lines', agent: 'poet' } },
};

const bodySchema = z
  .record(z.string(), z.unknown(), { error: 'Expected a definition, or { "yaml": "a definition as YAML text" }' })
  .openapi('CrewDefinition', {
    description: 'A crew definition (docs/crews.md) as JSON, or as YAML text under the one key `yaml`',
    example: EXAMPLE,
  });
const body = { required: true, content: { 'application/json': { schema: bodySchema } } };

const reportSchema = z
  .discriminatedUnion('valid', [
    z.object({
      valid: z.literal(true),
      crew: z.object({ name: z.string(), digest: z.string() }),
      explanation: explanationSchema,
    }),
    z.object({ valid: z.literal(false), errors: z.array(errorLineSchema) }),
  ])
  .openapi('CrewReport');

const validateRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: '/v1/crews:validate',
  operationId: 'validateCrew',
  summary: 'What a definition would do, or what is wrong with it',
  description:
    'Stores nothing. An invalid definition is answered with 200 and `valid: false`: the question was answered. 422 means that the request itself is not one.',
  tags: ['Crews'],
  request: { body },
  responses: { 200: json(reportSchema, 'The report'), ...problems(400, 413, 415, 422) },
});

const storedSchema = crewDetailSchema
  .extend({
    newest: z.boolean().openapi({ description: 'False: a later version is what the name alone stands for' }),
  })
  .openapi('StoredCrew');

const putRoute = createRoute({
  method: 'put',
  middleware: jsonOnly,
  path: '/v1/crews/{name}',
  operationId: 'putCrew',
  summary: 'Store a definition as a new version of a crew',
  description:
    'Versions never change and count from 1. What is stored already, in any version, is answered with that version and 200.',
  tags: ['Crews'],
  request: { params: crewParam, body },
  responses: {
    200: json(storedSchema, 'This very definition is stored already'),
    201: json(storedSchema, 'The new version'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

/** Definitions that callers send: `/v1/crews:validate` and `PUT /v1/crews/{name}`. */
export function definitionRoutes(deps: AppDeps) {
  const { crews, settings } = deps;
  return createRouter()
    .openapi(validateRoute, (context) => {
      const read = readDefinition(context.req.valid('json'), deps);
      if (!read.ok) return context.json({ valid: false as const, errors: read.errors }, 200);
      const { definition } = read;
      const crew = { name: definition.name, digest: crews.digestOf(definition) };
      return context.json({ valid: true as const, crew, explanation: explainCrew(definition) }, 200);
    })
    .openapi(putRoute, async (context) => {
      const { name } = context.req.valid('param');
      const read = readDefinition(context.req.valid('json'), deps);
      if (!read.ok) {
        throw new Problem('invalid_definition', 'The definition is not valid; see errors', { errors: read.errors });
      }
      if (read.definition.name !== name) {
        const message = `Expected '${name}', the name in the address, found '${read.definition.name}'`;
        throw new Problem('invalid_definition', 'The definition has another name', {
          errors: [{ path: 'name', message }],
        });
      }
      const put = await crews.put(tenantIn(context), read.definition);
      if (put.outcome === 'taken') {
        const detail = `'${name}' is the name of a crew in the operator's folder of crews; store this one under another`;
        throw new Problem('crew_name_taken', detail);
      }
      const summary = crewSummary(put.crew, linksFor(context, settings));
      const answer = { ...summary, definition: { ...put.crew.definition }, newest: put.newest };
      if (put.outcome === 'existing') return context.json(answer, 200);
      return context.json(answer, 201, { location: summary.links.self });
    });
}
