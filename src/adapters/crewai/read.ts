import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parse as parseJsonc, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { parseDocument } from 'yaml';
import type { CrewAiParts, PythonHints } from '../../crew/import.js';
import type { Note } from '../../crew/import-report.js';
import type { CrewAiFiles } from './find.js';
import { pythonHints } from './python.js';

/** Largest file that is read, in bytes. */
const MAX_BYTES = 1_000_000;

/** A file of a CrewAI project that cannot be read at all. */
export class CrewAiReadError extends Error {}

/** The files of a crew, parsed as tolerantly as can be; `notes`: what had to be mended for that. @throws CrewAiReadError */
export function readCrew(files: CrewAiFiles): { parts: CrewAiParts; notes: Note[] } {
  const notes: Note[] = [];
  const data = (file: string) => (/\.jsonc?$/i.test(file) ? readJsonc(file) : readYaml(file, notes));
  const own = files.agentFiles.map((file): [string, unknown] => [basename(file).replace(/\.\w+$/, ''), data(file)]);
  const crew = files.crew === undefined ? undefined : data(files.crew);
  const python = files.python
    .map((file) => pythonHints(text(file)))
    .filter(({ functions, crew: settings }) => functions.length + settings.length > 0);
  const agents = files.agents === undefined ? agentsOf(crew, own) : data(files.agents);
  return {
    parts: {
      name: files.name,
      agents,
      tasks: files.tasks === undefined ? undefined : data(files.tasks),
      ...(crew !== undefined && { crew }),
      ...(python.length > 0 && { python: merged(python) }),
    },
    notes,
  };
}

/** Agents in files of their own, by the files' names; with those of the crew's file itself, where it has any. */
function agentsOf(crew: unknown, own: [string, unknown][]): unknown {
  const inline = (crew as { agents?: unknown } | undefined)?.agents;
  const byKey = typeof inline === 'object' && inline !== null && !Array.isArray(inline) ? inline : {};
  return own.length === 0 ? undefined : { ...byKey, ...Object.fromEntries(own) };
}

function merged(hints: PythonHints[]): PythonHints {
  return { crew: hints.flatMap(({ crew }) => crew), functions: hints.flatMap(({ functions }) => functions) };
}

function readJsonc(file: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(text(file), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (value === undefined && first)
    throw new CrewAiReadError(`${file}: not JSON (${printParseErrorCode(first.error)})`);
  return value;
}

/** YAML as people write it: merge keys, keys given twice (the last counts), tabs where only spaces may stand. */
function readYaml(file: string, notes: Note[]): unknown {
  const source = text(file);
  const attempts: [note: string | undefined, text: string][] = [
    [undefined, source],
    ['Tabs were read as spaces', source.replaceAll('\t', '    ')],
    ['Values that hold a colon were read as texts', quoted(source.replaceAll('\t', '    '))],
  ];
  let problem = '';
  for (const [note, attempt] of attempts) {
    const document = parseDocument(attempt, { merge: true, uniqueKeys: false, strict: false, version: '1.2' });
    if (document.errors.length === 0) {
      if (note !== undefined) notes.push({ path: file, message: note });
      if (document.warnings.length > 0)
        notes.push({ path: file, message: document.warnings[0]?.message.split('\n')[0] ?? '' });
      try {
        return document.toJS({ maxAliasCount: 1_000 });
      } catch {
        throw new CrewAiReadError(`${file}: its aliases grow beyond all bounds`);
      }
    }
    problem ||= document.errors[0]?.message.split('\n')[0] ?? 'not YAML';
  }
  throw new CrewAiReadError(`${file}: ${problem}`);
}

/** `role: Lead: the first one` means a text to people and a map to YAML. */
function quoted(source: string): string {
  return source.replace(
    /^(\s*[\w -]+:[ ]+)([^\s"'>|[{&*#][^\n]*:[ ][^\n]*|[%@`][^\n]*)$/gm,
    (_, head: string, value: string) => head + JSON.stringify(value),
  );
}

function text(file: string): string {
  let bytes: Buffer;
  try {
    if (statSync(file).size > MAX_BYTES) throw new CrewAiReadError(`${file}: larger than ${MAX_BYTES} bytes`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof CrewAiReadError) throw error;
    throw new CrewAiReadError(`${file}: cannot be read`);
  }
  const utf8 = bytes.toString('utf8');
  return (utf8.includes('\uFFFD') ? bytes.toString('latin1') : utf8).replace(/^\uFEFF/, '');
}
