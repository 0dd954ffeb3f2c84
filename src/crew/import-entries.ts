import { AGENT_KEYS, canonicalKey, CREW_KEYS, TASK_KEYS, type KeyTable } from './import-keys.js';
import type { ImportReport } from './import-report.js';
import { asText, entriesOf, found, isRecord, isScalar } from './import-values.js';

/** One agent or task as it stands in the files. */
export interface Entry {
  /** As written: `Senior Researcher `. */
  key: string;
  value: Record<string, unknown>;
  /** Where it stands, for the report. */
  path: string;
}

/** What a document of agents or tasks holds: these, and settings of the crew beside them. */
export interface Entries {
  entries: Entry[];
  settings: [key: string, value: unknown][];
}

export type Kind = 'agents' | 'tasks';

const OF_KIND: Record<Kind, { table: KeyTable; one: string; mainText: string; texts: readonly string[] }> = {
  agents: { table: AGENT_KEYS, one: 'agent', mainText: 'role', texts: ['role', 'goal', 'backstory'] },
  tasks: { table: TASK_KEYS, one: 'task', mainText: 'description', texts: ['description', 'expected_output'] },
};

/** The agents or tasks of a document: a map by key, a list, either of them under a key `agents` or `tasks`. Never throws. */
export function entriesIn(document: unknown, kind: Kind, report: ImportReport): Entries {
  if (document === null || document === undefined || document === '') return { entries: [], settings: [] };
  if (Array.isArray(document)) {
    return { entries: document.flatMap((item, at) => fromItem(item, at, kind, report)), settings: [] };
  }
  if (!isRecord(document)) {
    report.warnings.push({ path: kind, message: `Expected ${kind} by key, found ${found(document)}` });
    return { entries: [], settings: [] };
  }
  return fromMap(document, kind, report);
}

function fromMap(map: Record<string, unknown>, kind: Kind, report: ImportReport): Entries {
  const inner = wrapped(map, kind);
  if (inner) {
    const { entries } = entriesIn(inner.value, kind, report);
    const other = kind === 'agents' ? 'tasks' : 'agents';
    const settings = entriesOf(map).filter(([key]) => key !== inner.key && canonicalKey(key) !== other);
    return { entries, settings: settings.filter(([key, value]) => !isStore(key, value, kind)) };
  }
  const entries: Entry[] = [];
  const settings: [string, unknown][] = [];
  for (const [key, value] of entriesOf(map)) {
    if (isSetting(key, value, kind)) settings.push([key, value]);
    else entries.push(...fromPair(key, value, kind, report));
  }
  return { entries, settings };
}

/** The map or list under `agents:` (or `tasks:`, `crew.agents:`), where the document has one instead of agents. */
function wrapped(map: Record<string, unknown>, kind: Kind): { key: string; value: unknown } | undefined {
  for (const [key, value] of entriesOf(map)) {
    const name = canonicalKey(key);
    if (name === kind && typeof value === 'object' && !isOne(value, kind)) return { key, value };
    if (name === 'crew' && isRecord(value)) {
      const inner = wrapped(value, kind);
      if (inner) return { key, value: inner.value };
    }
  }
  return undefined;
}

/** Whether a map is an agent (or a task) itself: it has one of the texts that only they have. */
function isOne(value: unknown, kind: Kind): boolean {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value).map(canonicalKey);
  return OF_KIND[kind].texts.some((text) => keys.includes(text));
}

function fromItem(item: unknown, at: number, kind: Kind, report: ImportReport): Entry[] {
  const { one } = OF_KIND[kind];
  const path = `${kind}.${at}`;
  if (!isRecord(item)) return fromPair(`${one}_${at + 1}`, item, kind, report);
  const [only, second] = entriesOf(item);
  if (only && !second && isRecord(only[1])) return fromPair(only[0], only[1], kind, report);
  const key = ['name', 'key', 'id', one, `${one}_name`, 'role']
    .filter((name) => !(kind === 'tasks' && name === 'role'))
    .map((name) => asText(entriesOf(item).find(([own]) => canonicalKey(own) === name)?.[1]))
    .find((text) => text !== '' && text.length <= 200);
  if (key === undefined) {
    report.warnings.push({ path, message: `It has no name, and is called ${one}_${at + 1}` });
    return [{ key: `${one}_${at + 1}`, value: item, path }];
  }
  return [{ key, value: item, path: `${kind}.${key}` }];
}

function fromPair(key: string, value: unknown, kind: Kind, report: ImportReport): Entry[] {
  const { one, mainText } = OF_KIND[kind];
  const path = `${kind}.${key.trim()}`;
  if (isStore(key, value, kind)) {
    report.warnings.push({ path, message: `Left out: it holds values for others and is no ${one} itself` });
    return [];
  }
  if (isRecord(value)) {
    if (isOne(value, kind) || hasKnownKey(value, kind)) return [{ key, value, path }];
    const inner = Object.keys(value).length === 0 ? undefined : `Left out: none of its keys belongs to a ${one}`;
    if (inner === undefined) return [{ key, value, path }];
    report.warnings.push({ path, message: inner.replace('a agent', 'an agent') });
    return [];
  }
  if (value === null) return [{ key, value: {}, path }];
  if (typeof value === 'string' && value.trim() !== '') {
    report.warnings.push({ path, message: `Expected keys, found a text: it became ${mainText}` });
    return [{ key, value: { [mainText]: value }, path }];
  }
  report.warnings.push({ path, message: `Left out: expected keys, found ${found(value)}` });
  return [];
}

function hasKnownKey(value: Record<string, unknown>, kind: Kind): boolean {
  const { taken, aliases } = OF_KIND[kind].table;
  return Object.keys(value)
    .map(canonicalKey)
    .some((key) => taken.includes(key) || Object.hasOwn(aliases, key));
}

/** Places that people keep anchors in, for `<<: *defaults`. */
function isStore(key: string, value: unknown, kind: Kind): boolean {
  const name = canonicalKey(key);
  const told = /^(x_|\.|_)/.test(name) || /^(defaults?|common|base|shared|anchors?|aliases|templates?)(_|$)/.test(name);
  return told && typeof value === 'object' && value !== null && !isOne(value, kind);
}

/** A setting of the crew that stands beside its agents or tasks, such as `process: hierarchical`. */
function isSetting(key: string, value: unknown, kind: Kind): boolean {
  const name = canonicalKey(key);
  if (name === (kind === 'agents' ? 'tasks' : 'agents')) return true;
  const known = CREW_KEYS.taken.includes(name) || Object.hasOwn(CREW_KEYS.idle, name) || name === 'crew';
  return known && (isScalar(value) || name === 'inputs' || name === 'crew') && !isOne(value, kind);
}
