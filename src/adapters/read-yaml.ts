import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { PlacedIssue, ReadYaml } from '../ports.js';

/** Reads YAML 1.2 (of which JSON is a part) with all that is wrong with it as issues with places. Never throws. */
export const readYaml: ReadYaml = (text) => {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const issues = document.errors.map(({ pos, message }): PlacedIssue => ({ message, ...at(pos[0]) }));
  if (issues.length > 0) return { ok: false, issues };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, document: value, placeOf: (path) => at(offsetOf(document, path)) };
  } catch {
    return { ok: false, issues: [{ message: 'More than 100 aliases of one anchor', line: 1, column: 1 }] };
  }
};

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
