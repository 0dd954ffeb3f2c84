/**
 * What the operator configured, as far as a definition can name it or has to fit it. What is absent is not checked: a
 * definition is then taken as it is written.
 */
export interface Known {
  /** Whether there is a model of this name. */
  models?: (name: string) => boolean;
  /** The names of models, for messages. */
  modelNames?: readonly string[];
  /** Why there is no model of a name, in a sentence or two; absent: the nearest of `modelNames` is given. */
  whyNoModel?: (name: string) => string;
  /** Tools by name, and servers whose tools are named `server/tool`. */
  tools?: { tools: readonly string[]; servers: readonly string[] };
  /** Names of guardrail functions. */
  guardrails?: readonly string[];
  /** Names of schemas. */
  schemas?: readonly string[];
  /** What is wrong with a condition that may read the outputs of these tasks, and these inputs. */
  checkCondition?: (expression: string, taskIds: readonly string[], inputNames: readonly string[]) => string[];
  /** What is wrong with a JSON Schema. */
  checkSchema?: (schema: Record<string, unknown>) => string[];
}

/** `Known` from a plain list of model names, where that is all there is to know. */
export function asKnown(known: Known | readonly string[] | undefined): Known {
  if (known === undefined) return {};
  return isNames(known) ? { models: (name) => known.includes(name), modelNames: known } : known;
}

function isNames(known: Known | readonly string[]): known is readonly string[] {
  return Array.isArray(known);
}
