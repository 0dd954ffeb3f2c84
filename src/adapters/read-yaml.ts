import { isMap, isNode, isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument, Parser, visit } from 'yaml';
import type { CST, Document } from 'yaml';
import type { PlacedIssue, PlaceOf, ReadYaml } from '../ports.js';

/** Deepest nesting that is read. A definition has about ten levels, a JSON Schema in it a few more. */
const MAX_DEPTH = 100;

/**
 * Most tokens: keys, values and the signs between them, with their spaces and line ends. A definition that is as large as one may
 * be has 170,000; a text of a megabyte can have a million, which the library reads for seconds.
 */
const MAX_TOKENS = 200_000;

/** Issues that are reported of one text. */
const MAX_ISSUES = 50;

/**
 * Reads YAML 1.2 (of which JSON is a part) with what is wrong with it as issues with places. Never throws, and takes no
 * time out of proportion to the text: it comes from callers.
 */
export const readYaml: ReadYaml = (text) => {
  const tooMuch = tooMuchIn(text);
  if (tooMuch) return { ok: false, issues: [tooMuch] };
  const lines = new LineCounter();
  const at = (offset: number) => placeIn(lines, offset);
  // The library compares each key with all others before it: minutes for a map as large as a body may be.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const;
  const document = parseDocument(text, options);
  const syntax = document.errors.map(({ pos, message }) => ({ message, offset: pos[0] }));
  const wrong = [...syntax, ...repeatedKeys(document)].slice(0, MAX_ISSUES);
  const issues = wrong.map(({ message, offset }): PlacedIssue => ({ message, ...at(offset) }));
  if (issues.length > 0) return { ok: false, issues };
  const value = valueOf(document);
  if ('problem' in value) return { ok: false, issues: [{ message: value.problem, line: 1, column: 1 }] };
  return { ok: true, document: value.document, placeOf: (path) => at(offsetOf(document, path)) };
};

/**
 * Where a text goes too deep, or on for too long, or nothing. Looked for in the tokens, which the library reads without recursion:
 * what comes after is recursive, and Node itself aborts where that runs out of stack within a regular expression.
 */
function tooMuchIn(text: string): PlacedIssue | undefined {
  const lines = new LineCounter();
  const { tops, cut } = documentsIn(text, lines);
  for (const top of tops) {
    const open: { token: CST.Token; depth: number }[] = [{ token: top, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { token, depth } = next;
      if (depth > MAX_DEPTH) {
        return { message: `Expected at most ${MAX_DEPTH} levels of nesting`, ...placeIn(lines, token.offset) };
      }
      for (const inner of tokensIn(token)) open.push({ token: inner, depth: depth + 1 });
    }
  }
  return cut ? { message: `Expected at most ${MAX_TOKENS} keys, values and signs`, line: 1, column: 1 } : undefined;
}

/** The text as tokens in each other. `cut`: there are too many, and these are the first. */
function documentsIn(text: string, lines: LineCounter): { tops: CST.Token[]; cut: boolean } {
  const parser = new Parser(lines.addNewLine);
  const tops: CST.Token[] = [];
  let tokens = 0;
  lines.addNewLine(0);
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) break;
    tops.push(...parser.next(token));
  }
  return { tops: [...tops, ...parser.end()], cut: tokens > MAX_TOKENS };
}

type Place = ReturnType<PlaceOf>;

function placeIn(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function tokensIn(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])]);
}

function valueOf(document: Document): { document: unknown } | { problem: string } {
  try {
    return { document: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch {
    return { problem: 'More than 100 aliases of one anchor' };
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
