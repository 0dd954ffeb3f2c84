import { z } from 'zod';

const count = (min: number, max: number, fallback: number) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`)
    .default(fallback);

const environment = z.object({
  LOCAL_MODEL_PORT: count(0, 65535, 0),
  LOCAL_MODEL_SLOTS: count(1, 16, 2),
  LOCAL_MODEL_THREADS: count(1, 64, 1),
  LOCAL_MODEL_CONTEXT: count(512, 8192, 4096),
  MODEL_PATH: z.string().optional(),
});

/** How the demo model runs. */
export interface Options {
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Requests answered at the same time. Each costs a context, about 110 MB at the default size. */
  slots: number;
  /** CPU threads of each slot. */
  threads: number;
  /** Tokens of prompt and answer together, for one request. */
  contextTokens: number;
  /** A GGUF file to use instead of the default weights. */
  modelPath?: string;
}

/**
 * Reads the options from environment variables; an empty one counts as unset.
 * @throws Error that lists every variable with a wrong value.
 */
export function readOptions(env: NodeJS.ProcessEnv): Options {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The local model cannot start:\n${lines.join('\n')}`);
  }
  const { LOCAL_MODEL_PORT, LOCAL_MODEL_SLOTS, LOCAL_MODEL_THREADS, LOCAL_MODEL_CONTEXT, MODEL_PATH } = parsed.data;
  return {
    port: LOCAL_MODEL_PORT,
    slots: LOCAL_MODEL_SLOTS,
    threads: LOCAL_MODEL_THREADS,
    contextTokens: LOCAL_MODEL_CONTEXT,
    ...(MODEL_PATH === undefined ? {} : { modelPath: MODEL_PATH }),
  };
}
