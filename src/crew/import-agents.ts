import type { Entry } from './import-entries.js';
import { AGENT_KEYS, fieldsOf, type Fields } from './import-keys.js';
import { importLlm, maxTokensOf } from './import-llm.js';
import { slug, unique, words, type Named } from './import-names.js';
import type { ImportReport } from './import-report.js';
import { importTools } from './import-tools.js';
import { asFlag, asText, asWhole, cut, found } from './import-values.js';

/** An agent with what others may name it by. */
export interface ImportedAgent extends Named {
  document: Record<string, unknown>;
  /** Coworkers as they are named in the files. */
  allowed?: unknown;
}

/** What Python says of an agent, or a task, beside the files: it comes before what these say, as in CrewAI. */
export type Extra = (key: string) => { names: string[]; fields: [string, unknown][] };

const MAX_ROLE = 1_000;
const MAX_GOAL = 10_000;
const MAX_BACKSTORY = 20_000;

const NUMBERS: readonly [key: string, bounds: readonly [number, number]][] = [
  ['max_iter', [1, 1_000]],
  ['max_rpm', [1, 100_000]],
  ['max_execution_time', [1, 86_400]],
  ['max_retry_limit', [0, 10]],
  ['max_tokens', [1, 1_000_000]],
];
const FLAGS = ['allow_delegation', 'cache', 'respect_context_window'];

/** Most agents that a crew may have. */
const MAX_AGENTS = 100;

export function importAgents(
  entries: readonly Entry[],
  available: readonly string[],
  extra: Extra,
  report: ImportReport,
): ImportedAgent[] {
  const taken = new Set<string>();
  if (entries.length > MAX_AGENTS) {
    report.warnings.push({ path: 'agents', message: `Only the first ${MAX_AGENTS} of ${entries.length} were taken` });
  }
  return entries.slice(0, MAX_AGENTS).map((entry, at) => {
    const id = nameEntry(entry, `agent_${at + 1}`, taken, report);
    const { names, fields: more } = extra(entry.key);
    const fields = fieldsOf(entry.value, AGENT_KEYS, entry.path, report);
    for (const [key, value] of more) fields.set(key, value);
    const document = agentDocument(id, fields, available, entry.path, report);
    const said = [entry.key, ...names, asText(entry.value['name']), String(document['role'])];
    report.taken.push({ path: `agents.${id}`, message: Object.keys(document).join(', ') });
    return { id, names: said.filter((name) => name !== ''), document, allowed: fields.get('allowed_agents') };
  });
}

/** The key here of an agent or task: as written, where a name may be so. */
export function nameEntry({ key, path }: Entry, fallback: string, taken: Set<string>, report: ImportReport): string {
  const id = unique(slug(key, fallback), taken);
  taken.add(id);
  if (id !== key.trim()) report.warnings.push({ path, message: `Its key became '${id}'` });
  return id;
}

function agentDocument(
  id: string,
  fields: Fields,
  available: readonly string[],
  path: string,
  report: ImportReport,
): Record<string, unknown> {
  const role = neededText(fields, 'role', MAX_ROLE, words(id), path, report);
  const goal = neededText(fields, 'goal', MAX_GOAL, `Do the work of a ${role} well.`.slice(0, MAX_GOAL), path, report);
  const backstory = neededText(fields, 'backstory', MAX_BACKSTORY, `You are an experienced ${role}.`, path, report);
  const llm = importLlm(fields.get('llm'), `${path}.llm`, report);
  const tools = isNothing(fields.get('tools'))
    ? undefined
    : importTools(fields.get('tools'), available, `${path}.tools`, report);
  if (!fields.has('max_tokens') && maxTokensOf(fields.get('llm')) !== undefined) {
    fields.set('max_tokens', maxTokensOf(fields.get('llm')));
  }
  return {
    role,
    goal,
    backstory,
    ...(llm !== undefined && { llm }),
    ...(tools && { tools }),
    ...numbersOf(fields, NUMBERS, path, report),
    ...flagsOf(fields, FLAGS, path, report),
  };
}

/** A text that every agent or task has to have: what is missing is made up, and said. */
export function neededText(
  fields: Fields,
  key: string,
  max: number,
  instead: string,
  path: string,
  report: ImportReport,
): string {
  const value = fields.get(key);
  const text = asText(value);
  if (text === '') {
    report.warnings.push({ path: `${path}.${key}`, message: `It is missing and became '${instead.slice(0, 120)}'` });
    return cut(instead, max, `${path}.${key}`, report.warnings);
  }
  if (typeof value === 'object' && value !== null) {
    report.warnings.push({ path: `${path}.${key}`, message: 'Expected a text: a list or map was written out as one' });
  }
  return cut(text, max, `${path}.${key}`, report.warnings);
}

export function numbersOf(
  fields: Fields,
  keys: typeof NUMBERS,
  path: string,
  report: ImportReport,
): Record<string, number> {
  const numbers = keys.flatMap(([key, bounds]): [string, number][] => {
    const value = fields.get(key);
    if (isNothing(value)) return [];
    const number = asWhole(value, bounds, `${path}.${key}`, report.warnings);
    return number === undefined ? [] : [[key, number]];
  });
  return Object.fromEntries(numbers);
}

export function flagsOf(
  fields: Fields,
  keys: readonly string[],
  path: string,
  report: ImportReport,
): Record<string, boolean> {
  const flags = keys.flatMap((key): [string, boolean][] => {
    const value = fields.get(key);
    if (isNothing(value)) return [];
    const flag = asFlag(value);
    if (flag !== undefined) return [[key, flag]];
    const message = `Expected true or false, found ${found(value)}: left out`;
    report.warnings.push({ path: `${path}.${key}`, message });
    return [];
  });
  return Object.fromEntries(flags);
}

/** What people write for nothing: an empty value, `None`, `null`, an empty list. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'string' && /^(|none|null|nil|~|\[\])$/i.test(value.trim());
}
