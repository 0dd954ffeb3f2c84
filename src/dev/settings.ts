import { isAbsolute, join } from 'node:path';
import { UsageError } from './args.js';
import type { PortWish } from './ports.js';

/** What the environment says about the stack. */
export interface DevSettings {
  /** Where runs, logs and the description of the running stack are kept. */
  dataDir: string;
  /** Set: a Temporal server that is not ours to start. In words for people. */
  externalTemporal?: string;
  namespace: string;
  model: ModelChoice;
  /** Set: a database of a person's own, not ours to start. */
  externalStore: boolean;
  ports: Record<'gateway' | 'temporal' | 'temporalUi' | 'model' | 'store', PortWish>;
}

/** Who answers the agents. */
export type ModelChoice =
  { kind: 'external'; model: string; where: string } | { kind: 'scripted'; file: string } | { kind: 'local' };

/**
 * Reads the settings; a variable set to nothing counts as not set.
 * @throws UsageError that names the variable that is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv, root: string): DevSettings {
  const get = (name: string) => env[name] || undefined;
  const dataDir = get('AOS_DATA_DIR') ?? '.data';
  const external = get('TEMPORAL_ADDRESS') ?? (get('TEMPORAL_PROFILE') && `profile ${get('TEMPORAL_PROFILE')}`);
  const port = (purpose: string, variable: string, fallback: number): PortWish => {
    const value = get(variable);
    const number = Number(value ?? fallback);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      throw new UsageError(`${variable}=${value}: expected a port, 1 to 65535.`);
    }
    return { purpose, variable, port: number, isSet: value !== undefined };
  };
  return {
    dataDir: isAbsolute(dataDir) ? dataDir : join(root, dataDir),
    ...(external && { externalTemporal: external }),
    namespace: get('TEMPORAL_NAMESPACE') ?? 'default',
    externalStore: get('DATABASE_URL') !== undefined,
    model: chooseModel(get, root),
    ports: {
      gateway: port('the gateway', 'PORT', 8000),
      temporal: port('Temporal', 'TEMPORAL_PORT', 7233),
      temporalUi: port('the Temporal UI', 'TEMPORAL_UI_PORT', 8233),
      model: port('the model', 'LOCAL_MODEL_PORT', 8099),
      store: port('the store', 'STORE_PORT', 5499),
    },
  };
}

/** A script was asked for on purpose, so it goes before a key, which may be set for other reasons and costs money. */
function chooseModel(get: (name: string) => string | undefined, root: string): ModelChoice {
  const script = get('MODEL_SCRIPT');
  if (script !== undefined) return { kind: 'scripted', file: isAbsolute(script) ? script : join(root, script) };
  const registry = get('MODELS_CONFIG');
  if (registry !== undefined && registry !== 'none') {
    return { kind: 'external', model: 'the default model', where: registry };
  }
  const baseUrl = get('OPENAI_BASE_URL');
  if (baseUrl === undefined && get('OPENAI_API_KEY') === undefined) return { kind: 'local' };
  return { kind: 'external', model: get('OPENAI_MODEL') ?? 'the default model', where: baseUrl ?? 'OpenAI' };
}
