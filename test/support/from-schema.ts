import fc from 'fast-check';
import type { Schema } from './described.js';

/** What is wrong wherever it stands, and for some what is right. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, '', ' ', [], {}, [[]], { a: {} }),
  fc.constantFrom<unknown>('\0', '\ud800', 'x'.repeat(10_000), 'constructor', '../..', '{{secret:A}}', '9'.repeat(400)),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Some deeper schema than this stands for anything. */
const MAX_DEPTH = 6;

/** Values that mostly fit a schema of the document. `known`: values for strings of these names, so that some get far. */
export function valuesOf(
  schema: Schema,
  schemas: Record<string, Schema>,
  known: Record<string, readonly string[]>,
  name = '',
  depth = 0,
): fc.Arbitrary<unknown> {
  if (depth > MAX_DEPTH) return odd;
  const of = (inner: unknown, at = name) => valuesOf(inner as Schema, schemas, known, at, depth + 1);
  const { $ref, enum: options, const: only, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return of(schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (Array.isArray(options)) return fc.constantFrom(...(options as unknown[]));
  if (only !== undefined) return fc.constant(only);
  const alternatives = anyOf ?? oneOf ?? allOf;
  if (Array.isArray(alternatives)) return fc.oneof(...alternatives.map((one) => of(one)));
  switch (Array.isArray(type) ? (type as unknown[])[0] : type) {
    case 'object':
      return objectsOf(schema, of);
    case 'array':
      return fc.array(of(schema['items'] ?? {}), { maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: numberIn(schema, 'minimum', -5), max: numberIn(schema, 'maximum', 50) });
    case 'string':
      return textsOf(schema, known[name] ?? []);
    default:
      return odd;
  }
}

function objectsOf(schema: Schema, of: (inner: unknown, at: string) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    additionalProperties: more,
  } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
    additionalProperties?: unknown;
  };
  const model = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, mostly(of(value, key))]));
  const fields = fc.record(model, { requiredKeys: required.filter((key) => key in model) });
  if (typeof more !== 'object' || more === null) return fields;
  const others = fc.dictionary(fc.constantFrom('topic', 'a', 'constructor', 'x y'), of(more, ''), { maxKeys: 2 });
  return fc.tuple(others, fields).map(([left, right]) => ({ ...left, ...right }));
}

/** Of ten, one is something else. */
export function mostly(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: odd });
}

function textsOf({ format, pattern }: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const some: fc.Arbitrary<string>[] = [fc.string({ unit: 'binary', maxLength: 20 })];
  if (format === 'date-time')
    some.push(fc.constantFrom('2026-01-02T00:00:00Z', '2999-01-01T00:00:00+02:00', '0000-00-00T'));
  if (format === 'uri') some.push(fc.constantFrom('https://a.example/x', 'http://127.0.0.1/', 'ftp://a', 'https://'));
  if (typeof pattern === 'string') some.push(matching(pattern));
  if (known.length > 0) some.push(fc.constantFrom(...known), fc.constantFrom(...known));
  return fc.oneof(...some);
}

/** Where the generator knows the pattern's syntax. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 50));
  } catch {
    return fc.constant('a');
  }
}

function numberIn(schema: Schema, key: string, otherwise: number): number {
  const value = schema[key];
  if (typeof value !== 'number') return otherwise;
  return Math.max(-1_000_000, Math.min(1_000_000, Math.trunc(value)));
}
