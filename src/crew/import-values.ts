import { clip } from './issues.js';
import type { Note } from './import-report.js';

/** Deepest nesting of lists and maps that is written out as text. */
const MAX_DEPTH = 6;

/**
 * What YAML made of a value that is to be a text: numbers, dates and booleans as they are written, lists and maps as lines.
 * `{topic}` without quotes is a map to YAML, and becomes the placeholder again. Empty where there is nothing.
 */
export function asText(value: unknown): string {
  if (typeof value === 'string') return plain(value).trim();
  return lines(value, 0).trim();
}

function lines(value: unknown, depth: number): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return plain(value).trim();
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return '';
  if (Array.isArray(value)) return value.map((item) => `- ${indented(lines(item, depth + 1))}`).join('\n');
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && only[1] === null) return `{${only[0]}}`;
  return entries.map(([key, item]) => `${key}: ${indented(lines(item, depth + 1))}`).join('\n');
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\p{Cs}/gu;

/** Without carriage returns, control characters and halves of surrogate pairs, which break prompts and logs further on. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, '');
}

/** Whether a value is a text, or what YAML makes of one that was not quoted. */
export function isScalar(value: unknown): value is string | number | boolean | Date {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A map without keys that are no text of people's, such as what a prototype has. */
export function entriesOf(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([key]) => key !== '__proto__');
}

/** The text, cut where it is longer than the schema takes. */
export function cut(text: string, max: number, path: string, warnings: Note[]): string {
  if (text.length <= max) return text;
  warnings.push({ path, message: `Cut to ${max} characters, of ${text.length}` });
  return text
    .slice(0, max)
    .replace(/\p{Cs}$/u, '')
    .trim();
}

/** True, false, or what people write for them; undefined for all else. */
export function asFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : undefined;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (['true', 'yes', 'on', 'y'].includes(word)) return true;
  return ['false', 'no', 'off', 'n', 'none'].includes(word) ? false : undefined;
}

/** A whole number within bounds, from a number or a text of one. Anything else is left out, with a warning. */
export function asWhole(
  value: unknown,
  [min, max]: readonly [number, number],
  path: string,
  warnings: Note[],
): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value.replaceAll('_', '')) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    warnings.push({ path, message: `Expected a whole number, found ${found(value)}: left out` });
    return undefined;
  }
  const whole = Math.min(max, Math.max(min, Math.round(number)));
  if (whole !== number) warnings.push({ path, message: `${number} became ${whole}` });
  return whole;
}

/** A value for a message. */
export function found(value: unknown): string {
  const text = asText(value).replaceAll('\n', ' ');
  return text === '' ? 'nothing' : `'${clip(text)}'`;
}
