import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Known } from '../crew/known.js';
import { parseCrew } from '../crew/validate.js';
import type { Crew, CrewFiles } from '../ports.js';
import { readYaml } from './yaml-issues.js';

/** A crew file that cannot be used: every line says file, place, path and what was expected. */
export class CrewFileError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CrewFileError';
  }
}

/**
 * Reads all `*.yaml` and `*.yml` files of a folder as crews. `known`: what the operator configured, or the names of the models alone.
 * @throws CrewFileError that names everything wrong in every file.
 */
export function loadCrews(folder: string, known: Known | readonly string[]): CrewFiles {
  const crews = new Map<string, Crew & { file: string }>();
  const problems: string[] = [];
  for (const file of crewFiles(folder)) {
    try {
      const crew = parseCrewFile(file, readFileSync(file), known);
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
export function parseCrewFile(file: string, bytes: Uint8Array, known?: Known | readonly string[]): Crew {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) throw new CrewFileError(yaml.problems);
  const parsed = parseCrew(yaml.value, known);
  if (!parsed.ok) throw new CrewFileError(parsed.issues.map(yaml.describe));
  const { definition } = parsed;
  const digest = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  return { ref: { name: definition.name, version: digest.slice(0, 12), digest }, definition };
}
