import type { ModelFacts } from '../../contract/models.js';
import type { ModelRegistry } from '../../ports.js';
import type { Traits } from './providers.js';

/** A model with everything that it takes to ask it. */
export interface ModelEntry {
  /** The registry's name. */
  name: string;
  /** True: from the models file, so somebody named the variables that it needs. */
  fromFile: boolean;
  /** What the provider calls it. */
  id: string;
  /** An OpenAI-compatible endpoint. Absent: the variable of its address is not set. */
  baseUrl?: string;
  /** That variable. */
  baseUrlEnv?: string;
  /** The variable that holds the key. Absent: none is sent. */
  keyEnv?: string;
  /** True: it may be asked without a key, where the variable is not set. */
  keyOptional: boolean;
  /** `json`: through a JSON turn. `none`: an agent with tools cannot use it. */
  tools: 'native' | 'json' | 'none';
  temperature?: number;
  timeoutMs?: number;
  /** Further headers: the variable that holds the value, by the header's name. */
  headersEnv: Record<string, string>;
  traits: Traits;
  facts: ModelFacts;
}

/** The registry as adapters know it: how models are asked, and with which key. */
export interface Models extends ModelRegistry {
  /** Absent name: the default. Undefined: not configured. */
  find(name: string | undefined): ModelEntry | undefined;
  /** The models that the operator listed, without aliases; the default first. */
  listed(): ModelEntry[];
  /** The address, the key and the further headers of a model. @throws MissingVariableError */
  secrets(entry: ModelEntry): ModelSecrets;
}

/** What goes with a request and is never logged. */
export interface ModelSecrets {
  baseUrl: string;
  key?: string;
  headers: Record<string, string>;
}

/** A variable that a model needs is not set. The message names both. */
export class MissingVariableError extends Error {
  constructor(model: string, variable: string, what: string) {
    super(
      `Model '${model}' takes its ${what} from ${variable.startsWith('{{') ? '' : 'the variable '}${variable}, which is not set`,
    );
    this.name = 'MissingVariableError';
  }
}
