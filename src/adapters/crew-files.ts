import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatPath } from '../crew/issues.js';
import { asKnown, type Known } from '../crew/known.js';
import type { CrewDefinition } from '../crew/types.js';
import { parseCrew } from '../crew/validate.js';
import type { Crew, CrewFiles } from '../ports.js';
import { CrewAiReadError, importProject } from './crewai/index.js';
import { digestOf } from './definition-digest.js';
import { readYaml } from './yaml-issues.js';

/** A crew file that cannot be used: every line says file, place, path and what was expected. */
export class CrewFileError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CrewFileError';
  }
}

/**
 * Reads all `*.yaml` and `*.yml` files of a folder as crews, and each folder in it that is a CrewAI project. `known`: what the operator configured, or the names of the models alone.
 * @throws CrewFileError that names everything wrong in every file.
 */
export function loadCrews(folder: string, known: Known | readonly string[]): CrewFiles {
  const crews = new Map<string, Crew & { file: string }>();
  const problems: string[] = [];
  const warnings: string[] = [];
  const add = (file: string, crew: Crew) => {
    const other = crews.get(crew.ref.name);
    if (other) problems.push(`${file}: name: '${crew.ref.name}' is also the name of ${other.file}`);
    else crews.set(crew.ref.name, { ...crew, file });
  };
  for (const file of crewFiles(folder)) {
    try {
      if (!isFolder(file)) add(file, parseCrewFile(file, readFileSync(file), known));
      else for (const crew of readProject(file, asKnown(known), warnings)) add(file, crew);
    } catch (error) {
      if (!(error instanceof CrewFileError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new CrewFileError(problems);
  const sorted = [...crews.values()].sort((a, b) => a.ref.name.localeCompare(b.ref.name));
  return { list: () => sorted, find: (name) => crews.get(name), warnings };
}

function crewFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() ? !entry.name.startsWith('.') : /\.ya?ml$/.test(entry.name)))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch {
    throw new CrewFileError([`${folder}: this folder of crews cannot be read; set CREWS_DIR to one that can`]);
  }
}

/** The crews of a CrewAI project as it is. What means nothing here, or is to be set, goes into `warnings`. */
function readProject(folder: string, known: Known, warnings: string[]): Crew[] {
  try {
    return importProject(folder, {
      tools: [...(known.tools?.tools ?? []), ...(known.tools?.servers ?? []).map((server) => `${server}/*`)],
      ...(known.schemas && { schemas: known.schemas }),
      ...(known.models && { hasModel: known.models }),
    }).map(({ document, report }) => {
      const notes = [...report.warnings, ...report.unknown, ...report.toSet];
      warnings.push(...notes.map(({ path, message }) => `${folder}: ${path}: ${message}`));
      const parsed = parseCrew(document, known);
      if (parsed.ok) return crewOf(parsed.definition);
      throw new CrewFileError(parsed.issues.map(({ path, message }) => `${folder}: ${formatPath(path)}: ${message}`));
    });
  } catch (error) {
    if (error instanceof CrewAiReadError) throw new CrewFileError([error.message]);
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Parses one crew file (YAML 1.2, of which JSON is a part).
 * @throws CrewFileError with one line a problem: `crews/a.yaml:7:5 tasks.research.agent: No agent has the key …`
 */
export function parseCrewFile(file: string, bytes: Uint8Array, known?: Known | readonly string[]): Crew {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) throw new CrewFileError(yaml.problems);
  const parsed = parseCrew(yaml.value, known);
  if (!parsed.ok) throw new CrewFileError(parsed.issues.map(yaml.describe));
  return crewOf(parsed.definition);
}

function crewOf(definition: CrewDefinition): Crew {
  const digest = digestOf(definition);
  return { ref: { name: definition.name, version: digest.slice(0, 12), digest }, definition };
}
