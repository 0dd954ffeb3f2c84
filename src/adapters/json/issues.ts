import type { ErrorObject } from 'ajv';
import { formatPath, nearest } from '../../crew/issues.js';

/** More than a model can act on at once. */
const MAX_ISSUES = 20;

/** ajv's errors (made with `verbose`) in words: where, what was expected, what was found. */
export function issuesOf(errors: readonly ErrorObject[]): string[] {
  const lines = [...new Set(errors.map((error) => `${formatPath(pathOf(error.instancePath))}: ${wordsOf(error)}`))];
  if (lines.length <= MAX_ISSUES) return lines;
  return [...lines.slice(0, MAX_ISSUES), `and ${lines.length - MAX_ISSUES} more`];
}

/** A JSON pointer as keys and indices. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function wordsOf({ keyword, params, message = 'does not fit', data, parentSchema }: ErrorObject): string {
  const said = params as Record<string, unknown>;
  switch (keyword) {
    case 'required':
      return `the key '${String(said['missingProperty'])}' is missing`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(String(said['additionalProperty'] ?? said['unevaluatedProperty']), parentSchema);
    case 'type':
      return `expected ${[said['type']].flat().join(' or ')}, found ${kindOf(data)}`;
    case 'enum':
      return `expected one of ${clip((said['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', '))}; found ${shown(data)}`;
    case 'const':
      return `expected ${shown(said['allowedValue'])}, found ${shown(data)}`;
    case 'pattern':
    case 'format':
      return `${message}; found ${shown(data)}`;
    default:
      return message;
  }
}

function unknownKey(key: string, schema: unknown): string {
  const { properties } = (schema ?? {}) as { properties?: object };
  const known = Object.keys(properties ?? {});
  const near = nearest(key, known);
  const hint =
    near !== undefined ? ` Did you mean '${near}'?` : known.length > 0 ? ` Known: ${clip(known.join(', '))}.` : '';
  return `unknown key '${key.slice(0, 80)}'.${hint}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : `${typeof value} ${shown(value)}`;
}

function shown(value: unknown): string {
  return clip(JSON.stringify(value) ?? 'nothing', 80);
}

function clip(text: string, chars = 300): string {
  return text.length <= chars ? text : `${text.slice(0, chars)}…`;
}
