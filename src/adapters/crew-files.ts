import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { formatPath, type Issue } from '../crew/issues.js';
import { parseCrew } from '../crew/validate.js';
import type { Crew, CrewFiles } from '../ports.js';

/** A crew file that cannot be used: every line says file, place, path and what was expected. */
export class CrewFileError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CrewFileError';
  }
}

/** Largest crew file that is read, in bytes. */
const MAX_FILE_BYTES = 1_000_000;

/**
 * Reads all `*.yaml` and `*.yml` files of a folder as crews. `models`: the models that the operator configured.
 * @throws CrewFileError that names everything wrong in every file.
 */
export function loadCrews(folder: string, models: readonly string[]): CrewFiles {
  const crews = new Map<string, Crew & { file: string }>();
  const problems: string[] = [];
  for (const file of crewFiles(folder)) {
    try {
      const crew = parseCrewFile(file, readFileSync(file), models);
      const other = crews.get(crew.ref.name);
      if (other) problems.push(`${file}: name: '${crew.ref.name}' is also the name of ${other.file}`);
      else crews.set(crew.ref.name, { ...crew, file });
    } catch (error) {
      if (!(error instanceof CrewFileError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new CrewFileError(problems);
  const sorted = [...crews.values()].sort((a, b) => a.ref.name.localeCompare(b.ref.name));
  return { list: () => sorted, find: (name) => crews.get(name) };
}

function crewFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    throw new CrewFileError([`${folder}: this folder of crews cannot be read; set CREWS_DIR to one that can`]);
  }
}

/**
 * Parses one crew file (YAML 1.2, of which JSON is a part).
 * @throws CrewFileError with one line a problem: `crews/a.yaml:7:5 tasks.research.agent: No agent has the key …`
 */
export function parseCrewFile(file: string, bytes: Uint8Array, models?: readonly string[]): Crew {
  if (bytes.length > MAX_FILE_BYTES) throw new CrewFileError([`${file}: larger than ${MAX_FILE_BYTES} bytes`]);
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(bytes).toString('utf8'), { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(({ pos, message }) => `${at(file, lines, pos[0])} ${message}`);
  if (syntax.length > 0) throw new CrewFileError(syntax);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new CrewFileError([`${file}: more than 100 aliases of one anchor`]);
  }
  const parsed = parseCrew(value, models);
  if (!parsed.ok) {
    throw new CrewFileError(
      parsed.issues.map(
        (issue) => `${at(file, lines, offsetOf(document, issue))} ${formatPath(issue.path)}: ${issue.message}`,
      ),
    );
  }
  const { definition } = parsed;
  const digest = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  return { ref: { name: definition.name, version: digest.slice(0, 12), digest }, definition };
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
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
      if (!pair) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else {
      node = document.getIn(path.slice(0, path.indexOf(part) + 1), true);
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}
