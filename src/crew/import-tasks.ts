import {
  nameEntry,
  flagsOf,
  isNothing,
  neededText,
  numbersOf,
  type Extra,
  type ImportedAgent,
} from './import-agents.js';
import type { Entry } from './import-entries.js';
import { fieldsOf, TASK_KEYS, type Fields } from './import-keys.js';
import { findNamed, mostAlike, words, type Named } from './import-names.js';
import type { ImportReport } from './import-report.js';
import { importTools } from './import-tools.js';
import { asText, cut, found, isRecord } from './import-values.js';

/** A task with what others may name it by. */
export interface ImportedTask extends Named {
  document: Record<string, unknown>;
}

/** What tasks are read with. */
export interface TaskContext {
  agents: readonly ImportedAgent[];
  /** Tools and schemas of the operator. */
  tools: readonly string[];
  schemas: readonly string[];
  extra: Extra;
  /** True: a manager chooses who does what. */
  hierarchical: boolean;
}

const MAX_TASKS = 200;
const FLAGS = ['async_execution', 'human_input', 'markdown'];

export function importTasks(entries: readonly Entry[], context: TaskContext, report: ImportReport): ImportedTask[] {
  const taken = new Set<string>();
  if (entries.length > MAX_TASKS) {
    report.warnings.push({ path: 'tasks', message: `Only the first ${MAX_TASKS} of ${entries.length} were taken` });
  }
  const read = entries.slice(0, MAX_TASKS).map((entry, at) => {
    const id = nameEntry(entry, `task_${at + 1}`, taken, report);
    const { names, fields: more } = context.extra(entry.key);
    const fields = fieldsOf(entry.value, TASK_KEYS, entry.path, report);
    for (const [key, value] of more) fields.set(key, value);
    const said = [entry.key, ...names, asText(entry.value['name'])].filter((name) => name !== '');
    return { id, names: said, fields, path: entry.path, at };
  });
  return read.map(({ id, names, fields, path, at }) => {
    const document = {
      ...texts(id, fields, path, report),
      ...agentOf(id, fields, at, context, path, report),
      ...contextOf(id, fields, read, path, report),
      ...toolsOf(fields, context.tools, path, report),
      ...flagsOf(fields, FLAGS, path, report),
      ...guardrailOf(fields, path, report),
      ...schemaOf(fields, context.schemas, path, report),
      ...fileOf(fields, path, report),
    };
    if (!isNothing(fields.get('condition'))) {
      const message =
        'Left out: a condition is Python there. Here it is an expression, or a yes/no question for a model';
      report.unknown.push({ path: `${path}.condition`, message });
    }
    report.taken.push({ path: `tasks.${id}`, message: Object.keys(document).join(', ') });
    return { id, names, document };
  });
}

function texts(id: string, fields: Fields, path: string, report: ImportReport) {
  return {
    description: neededText(fields, 'description', 50_000, `${words(id)}.`, path, report),
    expected_output: neededText(fields, 'expected_output', 20_000, `The result of: ${words(id)}.`, path, report),
  };
}

function agentOf(
  id: string,
  fields: Fields,
  at: number,
  { agents, hierarchical }: TaskContext,
  path: string,
  report: ImportReport,
): { agent?: string } {
  const value = fields.get('agent');
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const name = isRecord(first) ? asText(first['role'] ?? first['name'] ?? Object.keys(first)[0]) : asText(first);
  const meant = isNothing(value) ? undefined : findNamed(name, agents);
  if (meant) {
    if (meant.guess)
      report.warnings.push({ path: `${path}.agent`, message: `${found(name)} was read as '${meant.id}'` });
    return { agent: meant.id };
  }
  const [only, second] = agents;
  if (!isNothing(value)) report.warnings.push({ path: `${path}.agent`, message: `No agent is called ${found(name)}` });
  if (hierarchical || !only) return {};
  if (!second) return { agent: only.id };
  const agent =
    mostAlike(`${id} ${asText(fields.get('description')).slice(0, 500)}`, agents) ??
    agents[Math.min(at, agents.length - 1)]?.id;
  const message = `The files do not say who does it: '${agent}' was chosen by its name. Set agent where that is wrong`;
  report.toSet.push({ path: `${path}.agent`, message });
  return agent === undefined ? {} : { agent };
}

function contextOf(
  id: string,
  fields: Fields,
  tasks: readonly Named[],
  path: string,
  report: ImportReport,
): { context?: string[] } {
  const value = fields.get('context');
  if (value === undefined || value === null) return {};
  const names: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  const read = names.flatMap((item) => {
    const name = isRecord(item) ? asText(item['name'] ?? item['task'] ?? Object.keys(item)[0]) : asText(item);
    if (name === '' || isNothing(name)) return [];
    const meant = findNamed(name, tasks);
    if (!meant || meant.id === id) {
      const message = meant ? 'A task does not read itself: left out' : `No task is called ${found(name)}: left out`;
      report.warnings.push({ path: `${path}.context`, message });
      return [];
    }
    if (meant.guess)
      report.warnings.push({ path: `${path}.context`, message: `${found(name)} was read as '${meant.id}'` });
    return [meant.id];
  });
  // What was meant to read something, and is not known to, reads what CrewAI gives by default.
  if (read.length === 0 && names.length > 0) return {};
  return { context: [...new Set(read)].slice(0, 100) };
}

function toolsOf(
  fields: Fields,
  available: readonly string[],
  path: string,
  report: ImportReport,
): { tools?: string[] } {
  const value = fields.get('tools');
  const tools = isNothing(value) ? undefined : importTools(value, available, `${path}.tools`, report);
  return tools ? { tools } : {};
}

function guardrailOf(fields: Fields, path: string, report: ImportReport) {
  const values = [fields.get('guardrails') ?? fields.get('guardrail') ?? []].flat();
  const rules = values.flatMap((value) => {
    const text = asText(value);
    if (isNothing(text)) return [];
    if (!/\s/.test(text)) {
      const message = `Left out: ${found(text)} is a Python function. Write the rule as a text, or a guardrail function of yours`;
      report.unknown.push({ path: `${path}.guardrail`, message });
      return [];
    }
    return [cut(text, 5_000, `${path}.guardrail`, report.warnings)];
  });
  if (rules.length === 0) return {};
  if (!fields.has('guardrail_max_retries') && fields.has('max_retries')) {
    fields.set('guardrail_max_retries', fields.get('max_retries'));
  }
  const retries = numbersOf(fields, [['guardrail_max_retries', [0, 20]]], path, report);
  return { guardrail: rules.length === 1 ? rules[0] : rules.slice(0, 10), ...retries };
}

function schemaOf(
  fields: Fields,
  schemas: readonly string[],
  path: string,
  report: ImportReport,
): { output_schema?: unknown } {
  for (const key of ['output_schema', 'output_json', 'output_pydantic', 'response_model']) {
    const value = fields.get(key);
    if (isNothing(value) || value === true || value === false) continue;
    if (isRecord(value) && (isRecord(value['properties']) || typeof value['type'] === 'string'))
      return { output_schema: value };
    const name = asText(isRecord(value) ? Object.keys(value)[0] : value);
    const known = schemas.find((schema) => schema === name);
    if (known !== undefined) return { output_schema: known };
    const message = `Left out: ${found(name)} is a Python class. Set output_schema to its JSON Schema, or to the name of a schema of yours`;
    report.unknown.push({ path: `${path}.${key}`, message });
  }
  return {};
}

/** Artifacts are named by relative paths that stay inside: whatever leads elsewhere is taken off. */
function fileOf(fields: Fields, path: string, report: ImportReport): { output_file?: string } {
  const value = fields.get('output_file');
  const text = asText(value).split('\n')[0] ?? '';
  if (isNothing(value) || text === '') return {};
  const clean = text
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:/, '')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
    .slice(0, 300);
  if (clean !== text)
    report.warnings.push({ path: `${path}.output_file`, message: `${found(text)} became ${found(clean)}` });
  return clean === '' ? {} : { output_file: clean };
}
