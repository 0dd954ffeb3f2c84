import { z } from 'zod';
import type { JsonSchema } from '../contract/wire.js';
import { NAME_PATTERN } from '../crew/schema.js';
import { kindOf, type Extension, type NamedSchema, type Tool } from './define.js';

const MAX_TIMEOUT_MS = 3_600_000;
const MAX_DESCRIPTION_CHARS = 5_000;

/** What is wrong with a tool, guardrail or schema that was defined: nothing, or a line each. Authors in JavaScript have no compiler. */
export function extensionProblems(extension: Extension): string[] {
  const kind = kindOf(extension) ?? 'extension';
  const problems: string[] = [];
  if (typeof extension.name !== 'string' || !NAME_PATTERN.test(extension.name)) {
    problems.push(
      `${kind} ${JSON.stringify(extension.name)}: its name must be a letter followed by letters, digits, _ or - (64 characters at most)`,
    );
  }
  const of = `${kind} '${String(extension.name)}'`;
  if (isTool(extension)) problems.push(...toolProblems(extension).map((problem) => `${of}: ${problem}`));
  else if (isSchema(extension)) problems.push(...schemaProblems(extension).map((problem) => `${of}: ${problem}`));
  else if (typeof extension.check !== 'function') problems.push(`${of}: 'check' must be a function`);
  return problems;
}

function isTool(extension: Extension): extension is Tool {
  return kindOf(extension) === 'tool';
}

function isSchema(extension: Extension): extension is NamedSchema {
  return kindOf(extension) === 'schema';
}

function toolProblems(tool: Tool): string[] {
  const problems: string[] = [];
  const { description, timeoutMs } = tool;
  if (typeof description !== 'string' || description.trim() === '' || description.length > MAX_DESCRIPTION_CHARS) {
    problems.push(`'description' must be a text for the model, of at most ${MAX_DESCRIPTION_CHARS} characters`);
  }
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    problems.push(`'timeoutMs' must be a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`);
  }
  for (const flag of ['idempotent', 'cache', 'resultAsAnswer'] as const) {
    if (typeof tool[flag] !== 'boolean') problems.push(`'${flag}' must be true or false`);
  }
  if (typeof tool.run !== 'function') problems.push("'run' must be a function");
  if (!(tool.input instanceof z.ZodObject)) problems.push("'input' must be a schema made by z.object({ … }) of zod 4");
  else problems.push(...representable("'input'", tool.input));
  return problems;
}

function schemaProblems({ schema }: NamedSchema): string[] {
  if (!(schema instanceof z.ZodType)) return ["'schema' must be a schema of zod 4"];
  return representable("'schema'", schema);
}

function representable(what: string, schema: z.ZodType): string[] {
  try {
    jsonSchemaOf(schema);
    return [];
  } catch (error) {
    return [`${what} cannot be said as JSON Schema: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** The JSON Schema of what a zod schema takes. @throws Error where there is none, as for dates and functions */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, '~standard': _standard, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return rest;
}
