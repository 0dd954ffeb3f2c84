import type { Variables } from './providers.js';

/** Which models there are. */
export interface RegistryConfig {
  /** `MODELS_CONFIG`: a path, or `none`. Absent: `models.yaml` where there is one. */
  file?: string;
  /** Where there is no file: the model of agents that name none, and further ones, at OpenAI or `OPENAI_BASE_URL`. */
  model: string;
  models: readonly string[];
  /** Longest answer in tokens, of models that say nothing else. */
  maxOutputTokens: number;
  /** Of those without a file. */
  temperature?: number;
  /** Tokens of prompt and answer together, of `model`. */
  contextWindow?: number;
  /** True: a name that is not listed means the default model. */
  fallbackToDefault: boolean;
  /** Reads the environment: keys, and where providers are. */
  variable: Variables;
}

/** What entries have that say nothing else. */
export interface EntryDefaults {
  maxOutputTokens: number;
}
