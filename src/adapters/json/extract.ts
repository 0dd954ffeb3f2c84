import { jsonrepair } from 'jsonrepair';
import { isPlainJson } from '../../crew/json.js';
import { TimeLimitError, withTimeLimit } from './time-limit.js';

/** Longer texts are only parsed as they are: mending and searching takes time. */
const MAX_SEARCH_CHARS = 1_000_000;
/** Places in a text where JSON may begin that are tried. */
const MAX_STARTS = 30;
const TIME_LIMIT_MS = 1_000;

/**
 * The JSON in what a model wrote: the whole text, a fenced block, or an object or list in prose; mended where quotes,
 * commas and the like are wrong. What was cut off is not completed: it would pass for an answer that it is not.
 * @returns undefined where there is none, or one that is nested out of reason or has numbers that JSON cannot say
 */
export function extractJson(text: string): unknown {
  const found = valueIn(text);
  return isPlainJson(found) ? found : undefined;
}

function valueIn(text: string): unknown {
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  const whole = parse(said);
  if (whole !== undefined || said.length > MAX_SEARCH_CHARS) return whole;
  try {
    return withTimeLimit(TIME_LIMIT_MS, () => search(said));
  } catch (error) {
    if (error instanceof TimeLimitError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** JSON that should be a value by itself, mended where that can be done; undefined where it cannot, or it was cut. */
export function mendJson(text: string): unknown {
  const said = text.trim();
  return /^[[{]/.test(said) && isWhole(said) ? mend(said) : undefined;
}

function search(said: string): unknown {
  for (const block of fencedBlocks(said)) {
    const value = parse(block) ?? mendJson(block);
    if (value !== undefined) return value;
  }
  return embedded(said) ?? fromFirstToLast(said);
}

function* fencedBlocks(text: string): Generator<string> {
  for (const [, block = ''] of text.matchAll(/```[\w-]*[ \t]*\r?\n([\s\S]*?)```/g)) yield block.trim();
}

/** What begins as JSON does, and not as a remark in brackets. */
const BEGINS_LIKE_JSON = /^[[{]\s*(["'[{\d-]|[\w$-]+\s*:)/;

/** The first object or list in prose, mended where it must be; an empty one says nothing and does not count. */
function embedded(text: string): unknown {
  let starts = 0;
  let footnote: unknown;
  for (let at = nextStart(text, 0); at !== -1 && starts < MAX_STARTS; starts++) {
    const end = endOf(text, at);
    const isJson = BEGINS_LIKE_JSON.test(text.slice(at, at + 100));
    // Cut off, or with its quotes astray. What is inside is no answer by itself.
    if (end === undefined && isJson) return undefined;
    const part = text.slice(at, end ?? at + 1);
    const value = parse(part) ?? (isJson ? mend(part) : undefined);
    if (isFootnote(value)) footnote ??= value;
    else if (value !== undefined && size(value) > 0) return value;
    at = nextStart(text, end ?? at + 1);
  }
  return footnote;
}

/** From the first bracket to the last one, mended. */
function fromFirstToLast(text: string): unknown {
  const start = nextStart(text, 0);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1;
  // What goes on like JSON after the last bracket was cut off.
  if (start === -1 || end <= start || /^\s*[,:"']/.test(text.slice(end))) return undefined;
  const part = text.slice(start, end);
  const value = isWhole(part) ? mend(part) : undefined;
  return typeof value === 'object' && value !== null && size(value) > 0 ? value : undefined;
}

/** `[1]`, which prose is full of. */
function isFootnote(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'number';
}

function nextStart(text: string, from: number): number {
  const found = text.slice(from).search(/[[{]/);
  return found === -1 ? -1 : from + found;
}

/** Where the bracket at `start` closes; undefined where it does not. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Ends with a bracket, and has as many that close as open: what is cut has not. Those in texts mostly come in pairs. */
function isWhole(text: string): boolean {
  return /[}\]]$/.test(text) && count(text, /[{[]/g) <= count(text, /[}\]]/g);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function mend(text: string): unknown {
  try {
    return parse(jsonrepair(text));
  } catch {
    // It says where it gave up, which helps nobody here.
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function size(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}
