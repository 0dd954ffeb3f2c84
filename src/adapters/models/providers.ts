/**
 * The providers that `provider/model` strings name, as CrewAI writes them: where their OpenAI-compatible endpoint is,
 * which variable holds the key, and what it does differently from OpenAI.
 */
export interface Provider {
  /** Absent: only a variable says where it is. */
  baseUrl?: string;
  /** Variables that say where it is instead; the first that is set counts. */
  baseUrlEnv: readonly string[];
  /** Added to a base URL that has no path of its own. */
  path: string;
  /** Variables that may hold the key; the first that is set counts. */
  keyEnv: readonly string[];
  traits: Traits;
}

/** How an endpoint differs from OpenAI's. */
export interface Traits {
  /** The most that it keeps of `response_format`. */
  responseFormat: ResponseFormat;
  /** False: `response_format` beside tools is refused there, or keeps the tools from being called. */
  formatWithTools: boolean;
  /** False: it does not know `tool_choice`. */
  toolChoice: boolean;
  /** False: it refuses `stream_options`, and tells the usage anyway. */
  streamOptions: boolean;
  /** True: ids of tool calls must be nine letters and digits. */
  shortCallIds: boolean;
}

export type ResponseFormat = 'json_schema' | 'json_object' | 'none';

/** OpenAI's own, and what is taken of an endpoint that nothing is known about. */
export const OPENAI_TRAITS: Traits = {
  responseFormat: 'json_schema',
  formatWithTools: true,
  toolChoice: true,
  streamOptions: true,
  shortCallIds: false,
};

const provider = (
  baseUrl: string | undefined,
  keyEnv: readonly string[],
  more: { baseUrlEnv?: readonly string[]; path?: string; traits?: Partial<Traits> } = {},
): Provider => ({
  ...(baseUrl !== undefined && { baseUrl }),
  baseUrlEnv: more.baseUrlEnv ?? [],
  path: more.path ?? '',
  keyEnv,
  traits: { ...OPENAI_TRAITS, ...more.traits },
});

/** OpenAI's key must go nowhere else, so entries with a base URL of their own do not take it from here. */
export const OPENAI = provider('https://api.openai.com/v1', ['OPENAI_API_KEY'], { baseUrlEnv: ['OPENAI_BASE_URL'] });

const GEMINI = provider(
  'https://generativelanguage.googleapis.com/v1beta/openai',
  ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  { traits: { formatWithTools: false } },
);

const PROVIDERS: Record<string, Provider> = {
  openai: OPENAI,
  anthropic: provider('https://api.anthropic.com/v1', ['ANTHROPIC_API_KEY'], { traits: { responseFormat: 'none' } }),
  gemini: GEMINI,
  google: GEMINI,
  // Its JSON mode does not stream.
  groq: provider('https://api.groq.com/openai/v1', ['GROQ_API_KEY'], { traits: { responseFormat: 'none' } }),
  // What `response_format` does depends on the model behind it.
  openrouter: provider('https://openrouter.ai/api/v1', ['OPENROUTER_API_KEY'], { traits: { responseFormat: 'none' } }),
  mistral: provider('https://api.mistral.ai/v1', ['MISTRAL_API_KEY'], {
    traits: { formatWithTools: false, streamOptions: false, shortCallIds: true },
  }),
  deepseek: provider('https://api.deepseek.com/v1', ['DEEPSEEK_API_KEY'], {
    traits: { responseFormat: 'json_object', formatWithTools: false },
  }),
  azure: provider(undefined, ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'], {
    baseUrlEnv: ['AZURE_API_BASE', 'AZURE_ENDPOINT', 'AZURE_OPENAI_ENDPOINT'],
    path: '/openai/v1',
  }),
  ollama: provider('http://localhost:11434/v1', [], {
    baseUrlEnv: ['OLLAMA_BASE_URL'],
    path: '/v1',
    traits: { formatWithTools: false, toolChoice: false },
  }),
};

/** Reads a variable; undefined where it is not set, or set to nothing. */
export type Variables = (name: string) => string | undefined;

/** `groq/llama-3.3-70b` → the provider, its key in `PROVIDERS`, and `llama-3.3-70b`. Undefined: no such prefix. */
export function splitProvider(name: string): { key: string; provider: Provider; id: string } | undefined {
  const slash = name.indexOf('/');
  const key = name.slice(0, slash).toLowerCase();
  const id = name.slice(slash + 1);
  if (slash < 1 || id === '' || !Object.hasOwn(PROVIDERS, key)) return undefined;
  return { key, provider: PROVIDERS[key] as Provider, id };
}

/** Where a provider is: what a variable says, else its own address. */
export function baseUrlOf(provider: Provider, variable: Variables): string | undefined {
  const name = provider.baseUrlEnv.find((candidate) => variable(candidate) !== undefined);
  const said = name === undefined ? undefined : variable(name);
  if (said === undefined) return provider.baseUrl;
  const trimmed = said.replace(/\/+$/, '');
  return /^https?:\/\/[^/]+$/.test(trimmed) ? trimmed + provider.path : trimmed;
}

/** The variable that holds a provider's key: the first that is set, else the usual one. Undefined: it takes none. */
export function keyEnvOf(provider: Provider, variable: Variables): string | undefined {
  return provider.keyEnv.find((name) => variable(name) !== undefined) ?? provider.keyEnv[0];
}

/** The variables to set before a provider can be named without an entry of its own; empty: it can be now. */
export function missingOf(key: string, provider: Provider, variable: Variables): string[] {
  const isSet = (names: readonly string[]) => names.some((name) => variable(name) !== undefined);
  // A server that takes no key is there where somebody said so: looking for one would make machines differ.
  if (provider.keyEnv.length === 0) return isSet(provider.baseUrlEnv) ? [] : [...provider.baseUrlEnv].slice(0, 1);
  // An OpenAI-compatible server of one's own may take no key.
  if (key === 'openai' && isSet(provider.baseUrlEnv)) return [];
  const missing = isSet(provider.keyEnv) ? [] : provider.keyEnv.slice(0, 1);
  if (baseUrlOf(provider, variable) === undefined) missing.push(...provider.baseUrlEnv.slice(0, 1));
  return missing;
}
