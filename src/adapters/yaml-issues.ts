import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { formatPath, type Issue } from '../crew/issues.js';

/** Largest YAML file that is read, in bytes. */
const MAX_FILE_BYTES = 1_000_000;

/** A file read as YAML: its value and a way to say where an issue of it is; or what is wrong with the file, one line a problem. */
export type YamlFile =
  { ok: true; value: unknown; describe: (issue: Issue) => string } | { ok: false; problems: string[] };

/**
 * Reads YAML 1.2 (of which JSON is a part). `file` is what lines are headed by. `describe` and all problems read
 * `crews/a.yaml:7:5 tasks.research.agent: No agent has the key …`: file, line, column, path, what was expected.
 */
export function readYaml(file: string, bytes: Uint8Array): YamlFile {
  if (bytes.length > MAX_FILE_BYTES) return { ok: false, problems: [`${file}: larger than ${MAX_FILE_BYTES} bytes`] };
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(bytes).toString('utf8'), { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(({ pos, message }) => `${at(file, lines, pos[0])} ${message}`);
  if (syntax.length > 0) return { ok: false, problems: syntax };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const describe = (issue: Issue) =>
      `${at(file, lines, offsetOf(document, issue))} ${formatPath(issue.path)}: ${issue.message}`;
    return { ok: true, value, describe };
  } catch {
    return { ok: false, problems: [`${file}: more than 100 aliases of one anchor`] };
  }
}

function at(file: string, lines: LineCounter, offset: number | undefined): string {
  if (offset === undefined) return `${file}:1:1`;
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

/** Where in the text an issue is: its key, or the nearest node above it that is there. */
function offsetOf(document: Document, { path }: Issue): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const [index, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
      if (!pair) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else {
      node = document.getIn(path.slice(0, index + 1), true);
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}
