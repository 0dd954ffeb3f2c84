import { z } from '@hono/zod-openapi';
import { NAME_PATTERN, PROCESSES } from '../crew/schema.js';

const count = z.int().min(0);
const inputType = z.enum(['string', 'number', 'integer', 'boolean']);
const inputValue = z.union([z.string(), z.number(), z.boolean()]);

/** A version of a crew: as the store counts them, or the first digits of a digest. */
const VERSION = '(?:[1-9][0-9]{0,8}|[0-9a-f]{8,64})';

export const crewName = z
  .string()
  .regex(NAME_PATTERN, 'Expected the name of a crew')
  .openapi({ example: 'research-summary' });

export const crewVersion = z
  .string()
  .regex(new RegExp(`^${VERSION}$`), 'Expected a version: a number, or 8 or more hex digits of a digest')
  .openapi({ description: "A number of the store's, or the first 8 or more hex digits of a digest", example: '2' });

/** A crew by name, or one version of it: `research-summary@2`. */
export const crewRefName = z
  .string()
  .regex(
    new RegExp(`${NAME_PATTERN.source.replace('$', '')}(?:@${VERSION})?$`),
    'Expected the name of a crew, or name@version with a version number or 8 or more hex digits of a digest',
  )
  .openapi({
    description:
      'The newest version of a crew, or `name@version`: a number, or the first 8 or more hex digits of a digest',
    example: 'research-summary',
  });

export const crewParam = z.object({ name: crewName.openapi({ param: { name: 'name', in: 'path' } }) });

const crewHead = {
  name: z.string(),
  version: z.string(),
  digest: z.string().openapi({ description: 'SHA-256 (hex) of the parsed, defaulted definition' }),
  source: z.enum(['file', 'store']).openapi({ description: "The operator's file, or stored over this API" }),
  createdAt: z.iso.datetime().optional().openapi({ description: 'When this version was stored' }),
  links: z.object({ self: z.string() }),
};

export const crewVersionSchema = z.object(crewHead).openapi('CrewVersion');

export const crewSummarySchema = z
  .object({
    ...crewHead,
    description: z.string().optional(),
    inputs: z.record(
      z.string(),
      z.object({
        description: z.string().optional(),
        type: inputType,
        required: z.boolean(),
        default: inputValue.optional(),
        maxLength: count,
      }),
    ),
  })
  .openapi('CrewSummary');

export const crewDetailSchema = crewSummarySchema
  .extend({
    definition: z.record(z.string(), z.any()).openapi({ description: 'The definition as it runs, in snake_case' }),
  })
  .openapi('Crew');

const calls = z.int().min(0).nullable();

export const explanationSchema = z
  .object({
    name: z.string(),
    process: z.enum(PROCESSES),
    inputs: z.array(
      z.object({ name: z.string(), type: inputType, required: z.boolean(), default: inputValue.optional() }),
    ),
    tasks: z.array(
      z.object({
        id: z.string(),
        agent: z.string().optional().openapi({ description: 'Absent where the manager chooses' }),
        after: z.array(z.string()).openapi({ description: 'The tasks after which it starts' }),
        reads: z.array(z.string()).openapi({ description: 'The tasks whose outputs its agent reads' }),
        maxModelCalls: calls,
      }),
    ),
    stages: z
      .array(z.array(z.string()))
      .openapi({ description: 'Tasks by the earliest moment at which they can start: those of one stage together' }),
    maxParallel: count,
    maxModelCalls: calls.openapi({ description: 'Answers that a run can pay for; null where that cannot be counted' }),
    minModelCalls: count,
    assumptions: z.array(z.string()).openapi({ description: 'What the bounds stand on' }),
    warnings: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .openapi({ description: 'What is right and probably not meant' }),
  })
  .openapi('CrewExplanation');

export const errorLineSchema = z
  .object({
    path: z.string(),
    message: z.string(),
    line: count.optional().openapi({ description: 'Where it was read from YAML: from 1' }),
    column: count.optional(),
  })
  .openapi('ErrorLine');
