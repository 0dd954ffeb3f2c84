import type { CrewDefinition } from './types.js';

/** What is wrong with a value for a declared input: nothing, or one message. */
export function valueIssues(spec: CrewDefinition['inputs'][string], value: unknown): string[] {
  switch (spec.type) {
    case 'string':
      return typeof value === 'string' ? textIssues(value, spec.max_length) : [`Expected a text, found ${kind(value)}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`Expected true or false, found ${kind(value)}`];
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`Expected a number, found ${kind(value)}`];
    case 'integer':
      return Number.isSafeInteger(value) ? [] : [`Expected a whole number, found ${kind(value)}`];
  }
}

/**
 * Plain text: no control characters but tab and line breaks, which break prompts, terminals and logs further on, and which
 * no person types. Written so that other regular expression engines read it too: it stands in the OpenAPI document.
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
export const PLAIN_TEXT = /^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/;
export const NOT_PLAIN_TEXT = 'Expected plain text, found a control character';

/** Half of a surrogate pair: it has no bytes, so it would come back as another text than it went in. */
const LONE_SURROGATE = /\p{Cs}/u;
export const BROKEN_UNICODE = 'Expected plain text, found broken Unicode';

/** Whether a text is well-formed Unicode. */
export function isWellFormed(value: string): boolean {
  return !LONE_SURROGATE.test(value);
}

function textIssues(value: string, maxLength: number): string[] {
  if (value.trim() === '') return ['Expected a text, found an empty one'];
  if (value.length > maxLength) return [`Expected at most ${maxLength} characters, found ${value.length}`];
  if (!PLAIN_TEXT.test(value)) return [NOT_PLAIN_TEXT];
  return isWellFormed(value) ? [] : [BROKEN_UNICODE];
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
