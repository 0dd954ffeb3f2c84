import type { ModelFacts } from '../../contract/models.js';
import type { EntryDefaults, RegistryConfig } from './config.js';
import type { ModelEntry } from './entry.js';
import type { ModelSettings } from './file-schema.js';
import { knownModel, LOCAL } from './known-models.js';
import {
  baseUrlOf,
  keyEnvOf,
  missingOf,
  OPENAI,
  OPENAI_TRAITS,
  splitProvider,
  type Provider,
  type Variables,
} from './providers.js';

/** An entry of the models file. */
export function fileEntry(
  name: string,
  settings: ModelSettings,
  variable: Variables,
  defaults: EntryDefaults,
): ModelEntry {
  const { base_url: own, api_key: ownKey = settings.api_key_env, model = name } = settings;
  const split = own === undefined ? splitProvider(model) : undefined;
  const id = split?.id ?? model;
  const provider = own === undefined ? (split?.provider ?? OPENAI) : undefined;
  // The key that is usual at a provider must not go to another address.
  const keyEnv = ownKey ?? (provider && keyEnvOf(provider, variable));
  const baseUrl = own?.replace(/\/+$/, '') ?? (provider && baseUrlOf(provider, variable));
  const { tools = 'native', temperature, timeout_seconds: timeout } = settings;
  return {
    name,
    fromFile: true,
    id,
    ...whereOf(provider, baseUrl),
    ...(keyEnv !== undefined && { keyEnv }),
    keyOptional: ownKey === undefined && isOwnServer(provider, baseUrl),
    tools,
    ...(temperature !== undefined && { temperature }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
    headersEnv: settings.headers_env ?? {},
    traits: {
      ...(provider?.traits ?? OPENAI_TRAITS),
      ...(settings.response_format !== undefined && { responseFormat: settings.response_format }),
      ...(settings.format_with_tools !== undefined && { formatWithTools: settings.format_with_tools }),
    },
    facts: { ...knownFacts(name, id, provider, baseUrl, defaults), ...statedFacts(settings) },
  };
}

/** The models of `OPENAI_MODEL` and `OPENAI_MODELS`, the default first. */
export function environmentEntries(config: RegistryConfig): ModelEntry[] {
  const { variable, temperature, contextWindow } = config;
  const baseUrl = baseUrlOf(OPENAI, variable);
  return [...new Set([config.model, ...config.models])].map((name) => ({
    ...entryAt(OPENAI, name, name, baseUrl, variable, config),
    ...(temperature !== undefined && { temperature }),
    facts: {
      ...knownFacts(name, name, OPENAI, baseUrl, config),
      ...(name === config.model && contextWindow !== undefined && { contextWindow }),
    },
  }));
}

/** `groq/llama-3.3-70b`, or the bare name of a model that is known; undefined where its provider's variables are not set. */
export function providerEntry(name: string, variable: Variables, defaults: EntryDefaults): ModelEntry | undefined {
  const bare = knownModel(name)?.provider;
  const split = splitProvider(name) ?? splitProvider(`${bare ?? ''}/${name}`);
  if (!split || missingOf(split.key, split.provider, variable).length > 0) return undefined;
  const baseUrl = baseUrlOf(split.provider, variable);
  // A bare name of OpenAI's says nothing about what another server has.
  if (bare !== undefined && isOwnServer(split.provider, baseUrl)) return undefined;
  return entryAt(split.provider, name, split.id, baseUrl, variable, defaults);
}

function entryAt(
  provider: Provider,
  name: string,
  id: string,
  baseUrl: string | undefined,
  variable: Variables,
  defaults: EntryDefaults,
): ModelEntry {
  const keyEnv = keyEnvOf(provider, variable);
  return {
    name,
    fromFile: false,
    id,
    ...whereOf(provider, baseUrl),
    ...(keyEnv !== undefined && { keyEnv }),
    keyOptional: isOwnServer(provider, baseUrl),
    tools: 'native',
    headersEnv: {},
    traits: provider.traits,
    facts: knownFacts(name, id, provider, baseUrl, defaults),
  };
}

/** What is known of a model by its id; prices only where the provider itself is asked, or wherever it costs nothing. */
function knownFacts(
  name: string,
  id: string,
  provider: Provider | undefined,
  baseUrl: string | undefined,
  { maxOutputTokens }: EntryDefaults,
): ModelFacts {
  const known = knownModel(id);
  return {
    name,
    maxOutputTokens,
    ...(known && { contextWindow: known.contextWindow }),
    ...(known?.prices && (known.provider === LOCAL || baseUrl === provider?.baseUrl) && { prices: known.prices }),
  };
}

function statedFacts(settings: ModelSettings): Partial<ModelFacts> {
  const { context_window: contextWindow, max_output_tokens: maxOutputTokens, rpm, tpm, prices } = settings;
  return {
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(rpm !== undefined && { rpm }),
    ...(tpm !== undefined && { tpm }),
    ...(prices && {
      prices: {
        input: prices.input,
        output: prices.output,
        ...(prices.cached_input !== undefined && { cachedInput: prices.cached_input }),
      },
    }),
  };
}

/** The address, or the variable that would say it. */
function whereOf(
  provider: Provider | undefined,
  baseUrl: string | undefined,
): Pick<ModelEntry, 'baseUrl' | 'baseUrlEnv'> {
  if (baseUrl !== undefined) return { baseUrl };
  return { baseUrlEnv: provider?.baseUrlEnv[0] ?? OPENAI.baseUrlEnv[0] ?? '' };
}

/** True: `OPENAI_BASE_URL` leads to a server that is not OpenAI's, so one that may take no key and has other models. */
function isOwnServer(provider: Provider | undefined, baseUrl: string | undefined): boolean {
  return provider === OPENAI && baseUrl !== OPENAI.baseUrl;
}
