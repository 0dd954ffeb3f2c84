import type { ModelFacts } from '../../contract/models.js';
import { suggestion } from '../../crew/issues.js';
import type { EntryDefaults, RegistryConfig } from './config.js';
import { environmentEntries, fileEntry, providerEntry } from './entries.js';
import { MissingVariableError, type ModelEntry, type Models, type ModelSecrets } from './entry.js';
import type { ModelsFile } from './file-schema.js';
import { ModelsFileError, readModelsFile } from './file.js';
import { knownModel } from './known-models.js';
import { missingOf, splitProvider, type Variables } from './providers.js';

/**
 * The models that definitions may name: those of the file, else those of `OPENAI_MODEL(S)`; and CrewAI's `provider/model`
 * strings of every provider whose key is set. No key is looked at here but for whether it is set.
 * @throws ModelsFileError
 */
export function createModelRegistry(config: RegistryConfig): Models {
  const file = readModelsFile(config.file);
  const { variable } = config;
  const defaults: EntryDefaults = { maxOutputTokens: config.maxOutputTokens };
  const listed = file ? fileEntries(file, variable, defaults) : environmentEntries(config);
  const byName = new Map(listed.map((entry) => [entry.name, entry]));
  for (const [name, { aliases }] of Object.entries(file?.models ?? {})) {
    const entry = byName.get(name);
    if (entry) for (const alias of aliases) byName.set(alias, entry);
  }
  const first = byName.get(file?.default ?? '') ?? listed[0];
  const open = !config.fallbackToDefault && !file?.only_listed;

  const find = (name: string | undefined): ModelEntry | undefined => {
    if (name === undefined) return first;
    const exact = byName.get(name);
    if (exact) return exact;
    if (config.fallbackToDefault) return first;
    return open ? providerEntry(name, variable, defaults) : undefined;
  };
  return {
    find,
    facts: (name) => find(name)?.facts,
    names: () => [...byName.keys()],
    listed: () => (first ? [first, ...listed.filter((entry) => entry !== first)] : []),
    whyNot: (name) => whyNot(name, [...byName.keys()], open ? variable : undefined),
    secrets: (entry) => secretsOf(entry, variable),
  };
}

/** The models with a limited rate: each gets a worker on a queue of its own. */
export function limitedModels(models: Models): ModelFacts[] {
  return models.listed().flatMap(({ facts }) => (facts.rpm === undefined ? [] : [facts]));
}

/**
 * A worker whose default model lacks its key could only fail: so it does not start. Without a models file it does, as
 * definitions may name other models.
 * @throws ModelsFileError that names the variable
 */
export function requireDefaultModel(models: Models): void {
  const entry = models.find(undefined);
  if (!entry?.fromFile) return;
  try {
    models.secrets(entry);
  } catch (error) {
    if (!(error instanceof MissingVariableError)) throw error;
    throw new ModelsFileError([`${error.message}; it is the default of the models file`]);
  }
}

function fileEntries(file: ModelsFile, variable: Variables, defaults: EntryDefaults): ModelEntry[] {
  return Object.entries(file.models).map(([name, settings]) => fileEntry(name, settings, variable, defaults));
}

/** `variable` absent: `provider/model` strings do not count here. */
function whyNot(name: string, known: readonly string[], variable: Variables | undefined): string {
  const split = splitProvider(name) ?? splitProvider(`${knownModel(name)?.provider ?? ''}/${name}`);
  const missing = split && variable ? missingOf(split.key, split.provider, variable) : [];
  const how =
    missing.length > 0
      ? ` Set ${missing.join(' and ')}, or list it in models.yaml.`
      : `${suggestion(name, known)} Others are listed in models.yaml.`;
  return `Model '${name.slice(0, 200)}' is not configured.${how}`;
}

function secretsOf(entry: ModelEntry, variable: Variables): ModelSecrets {
  const { name, baseUrl, baseUrlEnv = '', keyEnv, keyOptional, headersEnv } = entry;
  if (baseUrl === undefined) throw new MissingVariableError(name, baseUrlEnv, 'address');
  const key = keyEnv === undefined ? undefined : variable(keyEnv);
  if (key === undefined && keyEnv !== undefined && !keyOptional) throw new MissingVariableError(name, keyEnv, 'key');
  const headers = Object.entries(headersEnv).map(([header, from]): [string, string] => {
    const value = variable(from);
    if (value === undefined) throw new MissingVariableError(name, from, `header ${header}`);
    return [header, value];
  });
  return { baseUrl, ...(key !== undefined && { key }), headers: Object.fromEntries(headers) };
}
