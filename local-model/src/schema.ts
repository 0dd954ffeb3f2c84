import { invalidRequest } from './errors.js';
import type { JsonSchema } from './request.js';

/**
 * The part of JSON Schema that the grammar engine understands, made from what callers send. Every property is
 * generated, required or not, because the engine cannot leave one out.
 */
export type GrammarSchema =
  | { type: 'string'; minLength: number; maxLength: number }
  | { type: 'string'; format: 'date-time' | 'date' | 'time' }
  | { type: 'number' | 'integer' | 'boolean' | 'null' }
  | { enum: (string | number | boolean | null)[] }
  | { oneOf: GrammarSchema[] }
  | { type: 'object'; properties: Record<string, GrammarSchema> }
  | { type: 'array'; items: GrammarSchema; minItems: number; maxItems: number }
  | { type: 'array'; prefixItems: GrammarSchema[]; minItems: number; maxItems: number };

/** Longest text, in characters, where the schema sets no bound: a small model fills what it gets, and the JSON is cut. */
const TEXT_CHARS = 160;
/** The same, at most, where the schema sets one. */
const MAX_TEXT_CHARS = 600;
const LIST_ITEMS = 5;
const MAX_LIST_ITEMS = 20;
/** Integers between two bounds at most this far apart are listed one by one; the engine knows no bounds. */
const MAX_INTEGER_RANGE = 200;
const MAX_NODES = 400;
/** How often one `$ref` is followed inside itself. */
const MAX_RECURSION = 2;

/**
 * Makes a caller's JSON Schema fit the grammar engine: `$ref`, `allOf`, `anyOf` and lists of types are resolved,
 * texts and lists get upper bounds, recursion is cut where the schema allows it.
 * @param param - the field of the request that holds the schema, for the message.
 * @throws ApiError 400 when the schema cannot be followed or is too large for this model.
 */
export function grammarSchema(schema: JsonSchema, param: string): GrammarSchema {
  const result = new Normalizer(schema, param).convert(schema, []);
  if (result) return result;
  throw invalidRequest(`${param}: the schema refers to itself without an end`, { param });
}

class Normalizer {
  readonly #root: JsonSchema;
  readonly #param: string;
  #nodes = 0;

  constructor(root: JsonSchema, param: string) {
    this.#root = root;
    this.#param = param;
  }

  /** Undefined where the schema recurses too deep: the caller of this drops the optional part that led here. */
  convert(schema: unknown, refs: readonly string[]): GrammarSchema | undefined {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw this.#refuse('the schema is too large for the demo model');
    if (schema === true) return anyText;
    if (!isObject(schema)) throw this.#refuse('every schema in it must be an object');

    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], schema, refs);
    if (Array.isArray(schema['allOf'])) return this.#all(schema['allOf'], without(schema, 'allOf'), refs);
    for (const key of ['anyOf', 'oneOf'] as const) {
      if (Array.isArray(schema[key])) return this.#any(schema[key], without(schema, key), refs);
    }
    if (Array.isArray(schema['enum'])) return literals(schema['enum']) ?? this.#badEnum();
    if ('const' in schema) return literals([schema['const']]) ?? this.#badEnum();
    return this.#typed(schema, refs);
  }

  #typed(schema: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    const type: unknown = schema['type'] ?? guessType(schema);
    if (Array.isArray(type)) {
      const alternatives = type.map((one: unknown) => ({ ...schema, type: one }));
      return this.#any(alternatives, {}, refs);
    }
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
        return integer(schema);
      case 'number':
      case 'boolean':
      case 'null':
        return { type };
      case 'object':
        return this.#object(schema, refs);
      case 'array':
        return this.#array(schema, refs);
      case undefined:
        return anyText;
      default:
        throw this.#refuse(`${JSON.stringify(type)} is not a type of JSON Schema`);
    }
  }

  #reference(ref: string, schema: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    if (refs.filter((one) => one === ref).length >= MAX_RECURSION) return undefined;
    const target = this.#resolve(ref);
    const siblings = without(schema, '$ref');
    return this.convert(target === true ? siblings : merge(target, siblings), [...refs, ref]);
  }

  #resolve(ref: string): JsonSchema | true {
    const [base, pointer] = ref.split('#', 2);
    let node: unknown = base === '' && pointer !== undefined ? this.#root : undefined;
    for (const part of (pointer ?? '').split('/').slice(1)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
    }
    if (node === true || isObject(node)) return node;
    throw this.#refuse(`$ref ${JSON.stringify(ref)} leads nowhere inside the schema`);
  }

  #all(parts: readonly unknown[], base: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    const merged = parts.reduce<JsonSchema>((result, part) => {
      if (!isObject(part)) throw this.#refuse('every schema in it must be an object');
      const target = typeof part['$ref'] === 'string' ? this.#resolve(part['$ref']) : part;
      return merge(result, target === true ? {} : target);
    }, base);
    return this.convert(merged, refs);
  }

  #any(parts: readonly unknown[], base: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    const alternatives = parts
      .map((part) => this.convert(isObject(part) ? merge(base, part) : part, refs))
      .filter((part) => part !== undefined);
    if (alternatives.length < 2) return alternatives[0];
    return { oneOf: alternatives };
  }

  #object(schema: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    const declared = isObject(schema['properties']) ? schema['properties'] : {};
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
    const properties: [string, GrammarSchema][] = [];
    for (const [name, property] of Object.entries(declared)) {
      const converted = this.convert(property, refs);
      if (converted) properties.push([name, converted]);
      else if (required.has(name)) return undefined;
    }
    return { type: 'object', properties: Object.fromEntries(properties) };
  }

  #array(schema: JsonSchema, refs: readonly string[]): GrammarSchema | undefined {
    if (Array.isArray(schema['prefixItems'])) {
      const prefixItems = schema['prefixItems'].map((item) => this.convert(item, refs));
      if (!prefixItems.every((item) => item !== undefined)) return undefined;
      return { type: 'array', prefixItems, minItems: prefixItems.length, maxItems: prefixItems.length };
    }
    const minItems = whole(schema['minItems']) ?? 0;
    if (minItems > MAX_LIST_ITEMS) throw this.#refuse(`lists of more than ${MAX_LIST_ITEMS} items are too long for it`);
    const maxItems = Math.min(whole(schema['maxItems']) ?? Math.max(LIST_ITEMS, minItems), MAX_LIST_ITEMS);
    const items = this.convert(schema['items'] ?? true, refs);
    if (items) return { type: 'array', items, minItems, maxItems: Math.max(minItems, maxItems) };
    return minItems === 0 ? { type: 'array', items: { type: 'null' }, minItems: 0, maxItems: 0 } : undefined;
  }

  #badEnum(): never {
    throw this.#refuse('enum and const may hold texts, numbers, true, false and null, and at least one of them');
  }

  #refuse(reason: string) {
    return invalidRequest(`${this.#param}: ${reason}`, { param: this.#param });
  }
}

const anyText: GrammarSchema = { type: 'string', minLength: 0, maxLength: TEXT_CHARS };

function text(schema: JsonSchema): GrammarSchema {
  const { format } = schema;
  if (format === 'date-time' || format === 'date' || format === 'time') return { type: 'string', format };
  const minLength = Math.min(whole(schema['minLength']) ?? 0, MAX_TEXT_CHARS);
  const maxLength = Math.min(whole(schema['maxLength']) ?? TEXT_CHARS, MAX_TEXT_CHARS);
  return { type: 'string', minLength, maxLength: Math.max(minLength, maxLength) };
}

function integer(schema: JsonSchema): GrammarSchema {
  const { minimum, maximum } = schema;
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return { type: 'integer' };
  const first = Math.ceil(minimum);
  const count = Math.floor(maximum) - first + 1;
  if (count < 1 || count > MAX_INTEGER_RANGE) return { type: 'integer' };
  return { enum: Array.from({ length: count }, (_, index) => first + index) };
}

function literals(values: readonly unknown[]): GrammarSchema | undefined {
  const scalars = values.filter(isScalar);
  return scalars.length === values.length && scalars.length > 0 ? { enum: scalars } : undefined;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function guessType(schema: JsonSchema): string | undefined {
  if ('properties' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  return undefined;
}

/** Both schemas at once, as far as objects go: the later one wins where they differ. */
function merge(first: JsonSchema, second: JsonSchema): JsonSchema {
  const merged = { ...first, ...second };
  if (isObject(first['properties']) && isObject(second['properties'])) {
    merged['properties'] = { ...first['properties'], ...second['properties'] };
  }
  const required = [first['required'], second['required']].filter((names) => Array.isArray(names)) as unknown[][];
  if (required.length > 0) merged['required'] = required.flat();
  return merged;
}

function without(schema: JsonSchema, key: string): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
