import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { formatPath } from '../../crew/issues.js';
import type { JsonSchema } from '../../contract/wire.js';
import type { JsonSchemas } from '../../ports.js';
import { extractJson } from './extract.js';
import { issuesOf } from './issues.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';
import { isObject } from '../../crew/is-object.js';

/** Largest schema, as JSON in UTF-16 code units, and how deep it may go. */
const MAX_SCHEMA_CHARS = 100_000;
const MAX_SCHEMA_DEPTH = 60;
/** Compiling and checking end after this, whatever a schema or a value is made for. */
const TIME_LIMIT_MS = 1_000;
/** Compiled schemas that are kept. */
const MAX_COMPILED = 100;

/** The `JsonSchemas` port on ajv: 2020-12, 2019-09 and draft-07, with formats. */
export function createJsonSchemas(): JsonSchemas {
  return { check: checkSchema, validate: validateJson, extract: extractJson };
}

/** What is wrong with a schema, in words; empty where it can be used. */
export function checkSchema(schema: JsonSchema): string[] {
  const compiled = compile(schema);
  return compiled.ok ? [] : compiled.issues;
}

/**
 * Why a value does not fit a schema, in words with paths for a model to act on; empty where it fits. A schema that
 * cannot be used is said too: it fits nothing.
 */
export function validateJson(schema: JsonSchema, value: unknown): string[] {
  const compiled = compile(schema);
  if (!compiled.ok) return compiled.issues.map((issue) => `The schema cannot be used: ${issue}`);
  const { validate } = compiled;
  try {
    return withTimeLimit(TIME_LIMIT_MS, () => (validate(value) ? [] : issuesOf(validate.errors ?? [])));
  } catch (error) {
    return [`It could not be checked: ${reasonOf(error)}`];
  }
}

type Compiled = { ok: true; validate: ValidateFunction } | { ok: false; issues: string[] };

const compiled = new Map<string, Compiled>();

/** By what the schema says, not by which object says it: requests bring a new object each time. */
function compile(schema: JsonSchema): Compiled {
  let text: string;
  try {
    text = JSON.stringify(schema);
  } catch {
    return { ok: false, issues: ['(root): it refers to itself, or is no JSON'] };
  }
  if (text.length > MAX_SCHEMA_CHARS) {
    return { ok: false, issues: [`(root): larger than ${MAX_SCHEMA_CHARS} characters of JSON`] };
  }
  const known = compiled.get(text);
  if (known) return known;
  const made = compileNew(JSON.parse(text) as unknown);
  compiled.set(text, made);
  const [oldest] = compiled.keys();
  if (compiled.size > MAX_COMPILED && oldest !== undefined) compiled.delete(oldest);
  return made;
}

function compileNew(schema: unknown): Compiled {
  if (!isObject(schema)) return { ok: false, issues: ['(root): expected a JSON Schema, an object'] };
  const refused = refusedOf(schema);
  if (refused.length > 0) return { ok: false, issues: refused };
  const { $schema: dialect, ...rest } = schema;
  try {
    return withTimeLimit(TIME_LIMIT_MS, () => {
      const { meta, fresh } = ajvOf(dialect);
      if (!meta.validateSchema(rest)) return { ok: false, issues: issuesOf(meta.errors ?? []) };
      return { ok: true, validate: fresh().compile(rest) };
    });
  } catch (error) {
    return { ok: false, issues: [`(root): ${reasonOf(error)}`] };
  }
}

const OPTIONS: Options = {
  allErrors: true,
  // Unknown keywords and formats say nothing, as the standard has it.
  strict: false,
  logger: false,
  // Errors carry the value and the schema.
  verbose: true,
};

/** The checker of schemas of a dialect, which is kept, and what compiles one of them: a new one each, so that no schema's
 * `$id` can stand in for another's. */
interface Dialect {
  meta: Ajv;
  fresh: () => Ajv;
}

const dialects = new Map<typeof Ajv2020 | typeof Ajv2019 | typeof Ajv, Dialect>();

function ajvOf(dialect: unknown): Dialect {
  const said = typeof dialect === 'string' ? dialect : '';
  const Kind = said.includes('draft-0') ? Ajv : said.includes('2019-09') ? Ajv2019 : Ajv2020;
  const known = dialects.get(Kind);
  if (known) return known;
  const fresh = () => {
    const ajv = new Kind({ ...OPTIONS, meta: false, validateSchema: false });
    addFormats.default(ajv);
    return ajv;
  };
  const made = { meta: new Kind(OPTIONS), fresh };
  dialects.set(Kind, made);
  return made;
}

/** What is not taken at all: references that lead outside, promises, a depth that no answer needs. */
function refusedOf(schema: Record<string, unknown>): string[] {
  const issues: string[] = [];
  const open: { node: object; path: (string | number)[] }[] = [{ node: schema, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, path } = next;
    if (path.length > MAX_SCHEMA_DEPTH)
      return [`${formatPath(path.slice(0, 5))}…: deeper than ${MAX_SCHEMA_DEPTH} levels`];
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      const here = [...path, Array.isArray(node) ? Number(key) : key];
      if (/^\$(ref|dynamicRef|recursiveRef)$/.test(key) && typeof value === 'string' && !value.startsWith('#')) {
        issues.push(
          `${formatPath(here)}: leads outside the schema; only references within it (#/$defs/…) are followed`,
        );
      }
      if (key === '$async') issues.push(`${formatPath(here)}: this keyword is not known here`);
      if (typeof value === 'object' && value !== null) open.push({ node: value, path: here });
    }
  }
  return issues.slice(0, 20);
}

function reasonOf(error: unknown): string {
  if (error instanceof TimeLimitError) return `that ${error.message}; simplify the schema (its patterns above all)`;
  if (error instanceof RangeError) return 'the schema refers to itself without an end';
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ from id .*$/, '').slice(0, 300);
}
