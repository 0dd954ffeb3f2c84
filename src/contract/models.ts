/** What a run knows of a model, taken from the operator's registry when the run starts, and kept. */
export interface ModelFacts {
  /** The registry's name of the model; what the worker looks it up by. */
  name: string;
  /** Tokens of prompt and answer together. */
  contextWindow?: number;
  /** Longest answer in tokens, where the definition sets none. */
  maxOutputTokens?: number;
  /** Requests a minute over all runs: calls then go through a task queue of the model's own, which Temporal slows down. */
  rpm?: number;
  /** Tokens a minute over all runs. */
  tpm?: number;
  prices?: ModelPrices;
}

/** US dollars per million tokens. */
export interface ModelPrices {
  input: number;
  output: number;
  /** For input that the provider read from its cache. Absent: as `input`. */
  cachedInput?: number;
}

/** The key under `RunInput.models` of the operator's default model. */
export const DEFAULT_MODEL = '';

/** The task queue of a model with a limited rate, beside the queue of the workflows. */
export function modelQueueOf(taskQueue: string, model: string): string {
  return `${taskQueue}.model.${model}`;
}
