import { isMap, isNode, isPair, isScalar, type Document, type LineCounter } from 'yaml';
import { formatPath, type Issue } from '../../crew/issues.js';

/** `models.yaml:7:5` */
export function placeOf(file: string, lines: LineCounter, offset: number | undefined): string {
  if (offset === undefined) return `${file}:1:1`;
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

/** `models.yaml:7:5 models.fast.rpm: Expected …` */
export function lineOf(file: string, lines: LineCounter, document: Document, issue: Issue): string {
  return `${placeOf(file, lines, offsetOf(document, issue))} ${formatPath(issue.path)}: ${issue.message}`;
}

/** Where in the text an issue is: its key, or the nearest node above it that is there. */
function offsetOf(document: Document, { path }: Issue): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const [at, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
      if (!pair) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else {
      node = document.getIn(path.slice(0, at + 1), true);
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}
