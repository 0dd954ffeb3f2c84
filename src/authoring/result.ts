import { ToolCallError } from '../contract/tool-error.js';

/** Longest result of a tool, in UTF-16 code units. */
export const MAX_RESULT_CHARS = 1_000_000;

/**
 * What a tool gave, as text for the model: a text as it is, anything else as JSON.
 * @throws ToolCallError `failed` where JSON cannot say it (undefined, a BigInt, a circle, a Map…), or it is too long: half of
 * a JSON text is of no use, so it is not cut
 */
export function resultText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  let chars = 0;
  const check = function (this: unknown, key: string, now: unknown): unknown {
    // `now` may come from toJSON (a Date's is a text); the value itself is what tells a Map from an object.
    const raw = (this as Record<string, unknown>)[key];
    const wrong = notJson(raw, now);
    if (wrong !== undefined) throw new NotJson(`${wrong}${key === '' ? '' : ` at '${key}'`}`);
    chars += key.length + (typeof now === 'string' ? now.length : 1) + 1;
    if (chars > MAX_RESULT_CHARS) throw new NotJson(`more than ${MAX_RESULT_CHARS} characters of JSON`);
    return now;
  };
  try {
    const text = JSON.stringify(value, check);
    if (text.length > MAX_RESULT_CHARS) throw new NotJson(`more than ${MAX_RESULT_CHARS} characters of JSON`);
    return text;
  } catch (error) {
    throw new ToolCallError('failed', `The tool ${name} gave no usable result: ${whyNot(error)}`, { cause: error });
  }
}

class NotJson extends Error {}

function notJson(raw: unknown, value: unknown): string | undefined {
  if (typeof value === 'bigint') return 'a BigInt, which JSON does not have';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}, which JSON does not have`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which JSON does not have`;
  if (raw instanceof Map || raw instanceof Set)
    return `a ${raw instanceof Map ? 'Map' : 'Set'}, which JSON does not have`;
  if (raw instanceof Promise) return 'a promise that nobody awaited';
  return undefined;
}

function whyNot(error: unknown): string {
  if (error instanceof NotJson) return error.message;
  if (error instanceof RangeError) return 'it is nested too deep';
  const message = error instanceof Error ? error.message : String(error);
  return /circular/i.test(message) ? 'it holds itself (a circular structure)' : message.slice(0, 500);
}
