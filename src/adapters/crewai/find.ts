import { readdirSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The files of one crew in a CrewAI project. */
export interface CrewAiFiles {
  /** What the crew is called by its folder. */
  name: string;
  /** `agents.yaml` and `tasks.yaml`; */
  agents?: string;
  tasks?: string;
  /** or `crew.jsonc`, with agents in files of their own. */
  crew?: string;
  agentFiles: string[];
  /** Python beside them, for what it says literally. */
  python: string[];
}

const MAX_DEPTH = 8;
const MAX_FOLDERS = 2_000;
const SKIPPED = /^(node_modules|\..*|__pycache__|venv|env|dist|build|site-packages|tests?)$/;
const AGENTS = /^agents?([_-]config)?\.(ya?ml)$/i;
const TASKS = /^tasks?([_-]config)?\.(ya?ml)$/i;
const CREW = /^crew\.jsonc?$/i;

/** All crews of a project, wherever their files lie in it; links are not followed. By path. */
export function findCrews(root: string): CrewAiFiles[] {
  const crews: CrewAiFiles[] = [];
  let visited = 0;
  const visit = (folder: string, depth: number) => {
    if (depth > MAX_DEPTH || ++visited > MAX_FOLDERS) return;
    const entries = list(folder);
    const crew = crewIn(root, folder, entries);
    if (crew) crews.push(crew);
    for (const entry of entries) {
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) visit(join(folder, entry.name), depth + 1);
    }
  };
  visit(root, 0);
  return crews;
}

function crewIn(root: string, folder: string, entries: Dirent[]): CrewAiFiles | undefined {
  const file = (pattern: RegExp) => entries.find((entry) => entry.isFile() && pattern.test(entry.name))?.name;
  const crew = file(CREW);
  const agents = file(AGENTS);
  const tasks = file(TASKS);
  if (crew !== undefined) {
    const inner = list(join(folder, 'agents')).filter(
      (entry) => entry.isFile() && /\.(jsonc?|ya?ml)$/i.test(entry.name),
    );
    const agentFiles = inner.map(({ name }) => join(folder, 'agents', name)).sort();
    return { name: nameOf(root, folder), crew: join(folder, crew), agentFiles, python: [] };
  }
  if (agents === undefined || tasks === undefined) return undefined;
  return {
    name: nameOf(root, folder),
    agents: join(folder, agents),
    tasks: join(folder, tasks),
    agentFiles: [],
    python: pythonBeside(root, folder),
  };
}

/** The folder that names the crew: not `config`, nor `src`. */
function nameOf(root: string, folder: string): string {
  let at = folder;
  while (at.length > root.length && /^(config|configs|src|crew|yaml)$/i.test(basename(at))) at = dirname(at);
  return basename(at) || 'crew';
}

/** Python files that may make the crew: in the folder of the YAML files, and the one above it. */
function pythonBeside(root: string, folder: string): string[] {
  const above = folder.length > root.length ? [dirname(folder)] : [];
  return [folder, ...above].flatMap((place) =>
    list(place)
      .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
      .map(({ name }) => join(place, name))
      .sort((a, b) => Number(/crew/i.test(basename(b))) - Number(/crew/i.test(basename(a))))
      .slice(0, 20),
  );
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
