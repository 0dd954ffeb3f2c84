import type { JsonSchema, PlainMessage } from '../../contract/wire.js';
import type { ResponseFormat } from '../models/providers.js';
import { isObject } from '../../crew/is-object.js';

/** `response_format` of the request. */
export type WireFormat =
  { type: 'json_object' } | { type: 'json_schema'; json_schema: { name: string; schema: JsonSchema; strict: boolean } };

/** How an answer of a schema is asked for: what the request says, and what the prompt says. */
export interface FormatPlan {
  format?: WireFormat;
  /** Added to the system message. */
  note?: string;
}

/** An answer of this schema, as far as the endpoint can be told; the rest is said in words. */
export function planFormat(schema: JsonSchema, can: ResponseFormat): FormatPlan {
  if (can === 'json_schema') return { format: jsonSchemaFormat(schema) };
  const note = `Give the final answer as JSON only, of this JSON Schema: ${JSON.stringify(schema)}`;
  return can === 'json_object' ? { format: { type: 'json_object' }, note } : { note };
}

export function jsonSchemaFormat(schema: JsonSchema): WireFormat {
  const { title } = schema;
  const name = typeof title === 'string' ? title.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) : '';
  return { type: 'json_schema', json_schema: { name: name || 'answer', schema, strict: isStrict(schema) } };
}

/** Adds a note to the system message, or makes one. */
export function withNote(messages: readonly PlainMessage[], note: string | undefined): readonly PlainMessage[] {
  if (note === undefined || note === '') return messages;
  const at = messages.findIndex(({ role }) => role === 'system');
  if (at === -1) return [{ role: 'system', content: note }, ...messages];
  return messages.map((message, index) =>
    index === at ? { ...message, content: `${message.content}\n\n${note}` } : message,
  );
}

/** Keywords that OpenAI's strict mode takes (https://platform.openai.com/docs/guides/structured-outputs). */
const STRICT_KEYWORDS = new Set(
  '$schema $defs definitions $ref type properties required additionalProperties items anyOf enum const title description minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems pattern format'.split(
    ' ',
  ),
);

/** True where OpenAI's strict mode takes a schema: an object, all of its keys required and no others allowed, all the way down. */
export function isStrict(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && schema['anyOf'] === undefined && isStrictPart(schema, 0);
}

function isStrictPart(part: unknown, depth: number): boolean {
  if (!isObject(part) || depth > 10) return false;
  if (Object.keys(part).some((key) => !STRICT_KEYWORDS.has(key))) return false;
  const { properties, required, additionalProperties, items, anyOf, $defs, definitions } = part;
  if ([part['type']].flat().includes('object') || properties !== undefined) {
    const keys = Object.keys(isObject(properties) ? properties : {});
    const needed = new Set(Array.isArray(required) ? (required as unknown[]) : []);
    if (additionalProperties !== false || keys.some((key) => !needed.has(key))) return false;
  }
  const inner = [properties, $defs, definitions].flatMap((map) => (isObject(map) ? Object.values(map) : []));
  if (items !== undefined) inner.push(items);
  if (anyOf !== undefined) inner.push(...(Array.isArray(anyOf) ? (anyOf as unknown[]) : [undefined]));
  return inner.every((one) => isStrictPart(one, depth + 1));
}
