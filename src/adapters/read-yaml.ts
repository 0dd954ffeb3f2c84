import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { PlacedIssue, ReadYaml } from '../ports.js';

const TOO_DEEP = 'The text is nested too deeply to be read';

/** Issues that are reported of one text. */
const MAX_ISSUES = 50;

/**
 * Reads YAML 1.2 (of which JSON is a part) with what is wrong with it as issues with places. Never throws, and takes no
 * time out of proportion to the text: it comes from callers.
 */
export const readYaml: ReadYaml = (text) => {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The library compares each key with all others before it: minutes for a map as large as a body may be.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false } as const;
  const failed = (message: string) => ({ ok: false as const, issues: [{ message, line: 1, column: 1 }] });
  try {
    const document = parseDocument(text, options);
    const syntax = document.errors.map(({ pos, message }) => ({
      // The library's own words for it are about its stack.
      message: message.includes('call stack') ? TOO_DEEP : message,
      offset: pos[0],
    }));
    const wrong = [...syntax, ...repeatedKeys(document)].slice(0, MAX_ISSUES);
    const issues = wrong.map(({ message, offset }): PlacedIssue => ({ message, ...at(offset) }));
    if (issues.length > 0) return { ok: false, issues };
    const value = valueOf(document);
    if ('problem' in value) return failed(value.problem);
    return { ok: true, document: value.document, placeOf: (path) => at(offsetOf(document, path)) };
  } catch {
    return failed(TOO_DEEP);
  }
};

function valueOf(document: Document): { document: unknown } | { problem: string } {
  try {
    return { document: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    // ReferenceError is the library's for too many aliases; a RangeError is the stack's.
    if (error instanceof ReferenceError) return { problem: 'More than 100 aliases of one anchor' };
    throw error;
  }
}

function repeatedKeys(document: Document): { message: string; offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push({ message: 'Map keys must be unique', offset: startOf(key) ?? 0 });
        seen.add(key.value);
      }
      return found.length >= MAX_ISSUES ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** Where in the text a path is: its key, or the nearest node above it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
