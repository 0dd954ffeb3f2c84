import { importAgents, flagsOf, isNothing, numbersOf, type Extra, type ImportedAgent } from './import-agents.js';
import { entriesIn, type Entry } from './import-entries.js';
import { importInputs, tidyPlaceholders } from './import-inputs.js';
import { CREW_KEYS, fieldsOf, type Fields } from './import-keys.js';
import { importLlm } from './import-llm.js';
import { findNamed, loose, slug } from './import-names.js';
import { inOrder, withoutSharedFiles } from './import-order.js';
import { emptyReport, type ImportReport } from './import-report.js';
import { importTasks, type ImportedTask } from './import-tasks.js';
import { asText, cut, found, isRecord } from './import-values.js';

/** A CrewAI project as data: what its files hold, parsed. */
export interface CrewAiParts {
  /** What the crew is called where its files do not say: the folder's name. */
  name: string;
  /** `agents.yaml` */
  agents: unknown;
  /** `tasks.yaml` */
  tasks: unknown;
  /** `crew.jsonc`, and settings that stand elsewhere. */
  crew?: unknown;
  /** What `crew.py` says literally. */
  python?: PythonHints;
}

/** What can be read off a Python file without running it. `key`: the entry of the YAML file that a function is made from. */
export interface PythonHints {
  /** Settings of the crew. */
  crew: [key: string, value: unknown][];
  /** Functions marked `@agent` and `@task`, in their order. */
  functions: { kind: 'agent' | 'task'; name: string; key: string; fields: [key: string, value: unknown][] }[];
}

/** What the operator has. Absent `hasModel`: any model is kept. */
export interface ImportOptions {
  tools?: readonly string[];
  schemas?: readonly string[];
  hasModel?: (name: string) => boolean;
}

/** A definition as a document that the loader parses, and what became of everything in the files. */
export interface Imported {
  document: Record<string, unknown>;
  report: ImportReport;
}

/** Makes a crew definition of a CrewAI project. Never throws: what cannot be taken is in the report. */
export function importCrewAi(parts: CrewAiParts, options: ImportOptions = {}): Imported {
  const report = emptyReport();
  const agentEntries = entriesIn(parts.agents ?? nested(parts.crew, 'agents'), 'agents', report);
  const taskEntries = entriesIn(parts.tasks ?? nested(parts.crew, 'tasks') ?? parts.agents, 'tasks', report);
  const settings = settingsOf(parts, [...agentEntries.settings, ...taskEntries.settings], report);
  const { tools = [], schemas = [] } = options;
  const agents = importAgents(agentEntries.entries, tools, extraOf(parts, 'agent'), report);
  const hierarchical = loose(asText(settings.get('process'))).endsWith('hierarchical');
  const context = { agents, tools, schemas, extra: extraOf(parts, 'task'), hierarchical };
  const tasks = inOrder(importTasks(ordered(taskEntries.entries, parts.python), context, report), report);
  withoutSharedFiles(tasks, report);
  placeAllowed(agents, report);
  const documents = [...agents, ...tasks].map(({ document }) => document);
  tidyPlaceholders(documents, report);
  if (options.hasModel) dropModels(agents, options.hasModel, report);
  const document = {
    schemaVersion: 1,
    name: slug(asText(settings.get('name')) || parts.name, 'crew'),
    ...description(settings, report),
    inputs: importInputs(documents, settings.get('inputs'), report),
    ...processOf(settings, agents, tasks, options, report),
    agents: Object.fromEntries(agents.map(({ id, document: agent }) => [id, agent])),
    tasks: Object.fromEntries(tasks.map(({ id, document: task }) => [id, task])),
  };
  return { document, report };
}

function nested(crew: unknown, key: string): unknown {
  return isRecord(crew) ? crew[key] : undefined;
}

function settingsOf({ crew, python }: CrewAiParts, beside: [string, unknown][], report: ImportReport): Fields {
  const own = isRecord(crew) ? Object.entries(crew).filter(([key]) => key !== 'agents' && key !== 'tasks') : [];
  const usual = beside.filter(([key]) => !['agents', 'tasks'].includes(key.trim().toLowerCase()));
  return fieldsOf(Object.fromEntries([...usual, ...own, ...(python?.crew ?? [])]), CREW_KEYS, 'crew', report);
}

/** What Python says of an entry: by the key that its function reads, or by the function's own name. */
function extraOf({ python }: CrewAiParts, kind: 'agent' | 'task'): Extra {
  const functions = (python?.functions ?? []).filter((one) => one.kind === kind);
  return (key) => {
    const own = functions.filter((one) => loose(one.key) === loose(key));
    return { names: own.map(({ name }) => name), fields: own.flatMap(({ fields }) => fields) };
  };
}

/** Tasks run in the order in which Python has them, where it has them all. */
function ordered(entries: readonly Entry[], python: PythonHints | undefined): Entry[] {
  const keys = (python?.functions ?? []).filter(({ kind }) => kind === 'task').map(({ key }) => loose(key));
  const placeOf = ({ key }: Entry) => keys.indexOf(loose(key));
  if (entries.some((entry) => placeOf(entry) < 0)) return [...entries];
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b));
}

function placeAllowed(agents: readonly ImportedAgent[], report: ImportReport): void {
  for (const { id, allowed, document } of agents) {
    if (isNothing(allowed)) continue;
    const names = [allowed].flat().map(asText);
    const known = names.flatMap((name) => findNamed(name, agents)?.id ?? []).filter((other) => other !== id);
    if (known.length < names.length) {
      report.warnings.push({
        path: `agents.${id}.allowed_agents`,
        message: `Only ${known.join(', ') || 'nobody'} is there`,
      });
    }
    if (known.length > 0) document['allowed_agents'] = [...new Set(known)];
  }
}

/** A model that is not here would keep the crew from running: the default one works in its place. */
function dropModels(agents: readonly ImportedAgent[], hasModel: (name: string) => boolean, report: ImportReport): void {
  for (const { id, document } of agents) {
    const { llm } = document;
    if (llm === undefined) continue;
    const names = ([llm].flat() as string[]).filter(hasModel);
    if (names.length === [llm].flat().length) continue;
    report.warnings.push({
      path: `agents.${id}.llm`,
      message: `${found(llm)} is not configured: the default model works`,
    });
    if (names.length === 0) Reflect.deleteProperty(document, 'llm');
    else document['llm'] = names.length === 1 ? names[0] : names;
  }
}

function description(settings: Fields, report: ImportReport): { description?: string } {
  const text = asText(settings.get('description'));
  return text === '' ? {} : { description: cut(text, 5_000, 'crew.description', report.warnings) };
}

function processOf(
  settings: Fields,
  agents: readonly ImportedAgent[],
  tasks: readonly ImportedTask[],
  { hasModel }: ImportOptions,
  report: ImportReport,
): Record<string, unknown> {
  const llmOf = (key: string) => {
    const value = settings.get(key);
    const name = isNothing(value) ? undefined : importLlm(value, `crew.${key}`, report);
    const known = name !== undefined && (!hasModel || [name].flat().every(hasModel));
    return known ? { [key]: name } : {};
  };
  const common = {
    ...flagsOf(settings, ['planning', 'cache'], 'crew', report),
    ...(settings.has('planning') ? llmOf('planning_llm') : {}),
    ...numbersOf(settings, [['max_rpm', [1, 100_000]]], 'crew', report),
  };
  const word = loose(asText(settings.get('process')));
  if (!word.endsWith('hierarchical')) {
    if (word !== '' && !word.endsWith('sequential')) {
      report.warnings.push({ path: 'crew.process', message: `${found(settings.get('process'))} became sequential` });
    }
    return common;
  }
  const manager = findNamed(asText(settings.get('manager_agent')), agents)?.id;
  const works = agents.length > 1 ? manager : undefined;
  for (const { document } of tasks) if (document['agent'] === works) Reflect.deleteProperty(document, 'agent');
  return {
    process: 'hierarchical',
    ...llmOf('manager_llm'),
    ...(works !== undefined && { manager_agent: works }),
    ...common,
  };
}
