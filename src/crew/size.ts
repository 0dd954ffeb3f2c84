import type { Issue } from './issues.js';
import { isObject } from './is-object.js';

/** How many agents, tasks and inputs a definition may have: a run's history and view hold every one of them. */
export const MAX_AGENTS = 100;
export const MAX_TASKS = 200;
export const MAX_INPUTS = 500;

/** Longest list of a definition but in its JSON Schemas: of tools, of tasks that are read, of coworkers. */
export const MAX_LIST = 100;

/** Deepest nesting. A definition has about ten levels, a JSON Schema in it a few more. */
const MAX_DEPTH = 100;

/** Values at all levels together, and bytes of keys and texts: a run begins with its definition and inputs, of which Temporal takes 2 MB. */
const MAX_VALUES = 100_000;
const MAX_BYTES = 1_000_000;

/** Bytes of all JSON Schemas together: each is compiled when it is checked, which for so many takes a second. */
const MAX_SCHEMA_BYTES = 200_000;

/** Bytes of the signs around one value of JSON, about. */
const SIGNS = 4;

const COUNTS = [
  ['agents', MAX_AGENTS],
  ['tasks', MAX_TASKS],
  ['inputs', MAX_INPUTS],
] as const;

/** Whether anything may stand there that JSON can say: under these keys of a task, or of something in it. */
function isFree(key: string | number, depth: number): boolean {
  return depth >= 3 && (key === 'output_schema' || key === 'answer_schema');
}

/** A value of a document, and the way to it. */
interface Node {
  value: unknown;
  key: string | number;
  above: Node | undefined;
  depth: number;
  /** In a JSON Schema. */
  free: boolean;
}

/**
 * What is too large in a document for a definition. Looked at before anything else, and counted no further than the bounds: what
 * comes after says of each thing what is wrong with it, which for a document that is wrong in 40,000 places takes seconds.
 */
export function sizeIssues(document: unknown): Issue[] {
  if (!isObject(document)) return [];
  const counts = COUNTS.flatMap(([key, max]): Issue[] => {
    const map = Object.hasOwn(document, key) ? document[key] : undefined;
    const size = isObject(map) || Array.isArray(map) ? Object.keys(map).length : 0;
    return size > max ? [{ path: [key], message: `Expected at most ${max} ${key}, found ${size}` }] : [];
  });
  if (counts.length > 0) return counts;
  const found = firstTooLarge(document);
  return found ? [found] : [];
}

function firstTooLarge(document: unknown): Issue | undefined {
  const open: Node[] = [{ value: document, key: '', above: undefined, depth: 0, free: false }];
  const sums = { values: 0, bytes: 0, schemaBytes: 0 };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { value, key, depth, free } = node;
    const bytes = bytesOf(key) + bytesOf(value);
    sums.values += 1;
    sums.bytes += bytes;
    if (free) sums.schemaBytes += bytes + SIGNS;
    const tooMuch = sumProblem(sums) ?? listProblem(node);
    if (tooMuch !== undefined) return { path: tooMuch.whole ? [] : pathOf(node), message: tooMuch.message };
    if (!isObject(value) && !Array.isArray(value)) continue;
    if (depth >= MAX_DEPTH) {
      // Of a schema, that is said with all else that JSON cannot say.
      if (free) continue;
      return {
        path: pathOf(node).slice(0, MAX_SHOWN_DEPTH),
        message: `Expected at most ${MAX_DEPTH} levels of nesting`,
      };
    }
    for (const [inner, of] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      open.push({ value: of, key: inner, above: node, depth: depth + 1, free: free || isFree(inner, depth + 1) });
    }
  }
  return undefined;
}

interface Sums {
  values: number;
  bytes: number;
  schemaBytes: number;
}

function sumProblem({ values, bytes, schemaBytes }: Sums) {
  if (values > MAX_VALUES) return { whole: true, message: `Expected at most ${MAX_VALUES} values in all` };
  if (bytes > MAX_BYTES) return { whole: true, message: `Expected at most ${MAX_BYTES} bytes in all` };
  if (schemaBytes <= MAX_SCHEMA_BYTES) return undefined;
  return { whole: true, message: `Expected at most ${MAX_SCHEMA_BYTES} bytes of JSON Schemas in all` };
}

function listProblem({ value, key, depth, free }: Node) {
  // `inputs` may be a list, and was counted.
  if (!Array.isArray(value) || value.length <= MAX_LIST || free || (depth === 1 && key === 'inputs')) return undefined;
  return { whole: false, message: `Expected at most ${MAX_LIST} items, found ${value.length}` };
}

/** In UTF-8; of what is no text, none. */
function bytesOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Halves of pairs have two each.
    if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** Parts of a path that are shown where a document goes too deep. */
const MAX_SHOWN_DEPTH = 10;

function pathOf(node: Node): Issue['path'] {
  const path: Issue['path'] = [];
  for (let at: Node | undefined = node; at?.above; at = at.above) path.unshift(at.key);
  return path;
}
