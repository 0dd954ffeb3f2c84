import { join } from 'node:path';
import { devServerArgs } from '../../temporal/dev-server.js';
import type { ChildSpec } from './supervised.js';

/** The name that the local model serves its default weights under. */
export const LOCAL_MODEL_NAME = 'smollm2-135m-instruct-demo';

const END_WITH_PARENT = new URL('../../scripts/lib/end-with-parent.mjs', import.meta.url).href;

/** A demo model's long answers are slow, and no better. */
const LOCAL_MODEL_MAX_TOKENS = '256';
/** What it is started with where nothing is set; see local-model/README.md. */
const LOCAL_MODEL_CONTEXT = '4096';
/** Shorter than a service's in production: somebody waits for the prompt. */
const SHUTDOWN_GRACE_SECONDS = '5';
const TEMPORAL_GRACE_MS = '8000';
const MODEL_READY_TIMEOUT_MS = 300_000;
/** At its first start it makes a database, which takes seconds on a quiet machine. */
const STORE_READY_TIMEOUT_MS = 120_000;

/**
 * Bound of each of a worker's two heaps, in MB: that of its main thread, and that of workflow code. Half of the chart's memory limit,
 * which is what Node.js takes there by itself. Without one V8 allows 4 GB on a large machine, and from 2 GB on it lets garbage grow to
 * three times what is in use before it collects.
 */
const WORKER_HEAP_MB = 1024;

/** What every process of the stack is started with. */
export interface ChildContext {
  root: string;
  env: NodeJS.ProcessEnv;
  logsDir: string;
}

/** The Temporal server, by way of a small process that ends it when we are gone: it knows nothing of its parent. */
export function temporalChild(
  { root, env, logsDir }: ChildContext,
  server: { cli: string; port: number; uiPort: number; dbFile: string; namespace: string },
  probe: (signal: AbortSignal) => Promise<void>,
): ChildSpec {
  const { cli, ...options } = server;
  return {
    name: 'temporal',
    file: process.execPath,
    args: [join(root, 'scripts', 'lib', 'tether.mjs'), TEMPORAL_GRACE_MS, cli, ...devServerArgs(options)],
    cwd: root,
    env,
    logFile: join(logsDir, 'temporal.log'),
    probe,
  };
}

export function localModelChild(context: ChildContext, port: number): ChildSpec {
  const spec = typescriptChild(context, 'model', ['local-model/src/main.ts'], { LOCAL_MODEL_PORT: String(port) });
  return { ...spec, readyTimeoutMs: MODEL_READY_TIMEOUT_MS };
}

export function scriptedModelChild(context: ChildContext, file: string, port: number): ChildSpec {
  return typescriptChild(context, 'model', ['src/scripted-model/main.ts', file, '--port', String(port)], {});
}

/** The embedded store, where no database of a person's own is set. */
export function storeChild(context: ChildContext, folder: string, port: number): ChildSpec {
  const spec = typescriptChild(
    context,
    'store',
    ['src/dev/embedded-store.ts', '--data', folder, '--port', String(port)],
    {},
  );
  return { ...spec, readyTimeoutMs: STORE_READY_TIMEOUT_MS };
}

export function workerChild(context: ChildContext, settings: NodeJS.ProcessEnv): ChildSpec {
  const spec = typescriptChild(context, 'worker', ['src/worker.ts'], settings);
  return { ...spec, args: [...workerHeapArgs(context.env), ...spec.args] };
}

/** Node.js's options that bound a worker's heaps, where NODE_OPTIONS has no bound of a person's own. */
export function workerHeapArgs({ NODE_OPTIONS }: NodeJS.ProcessEnv): string[] {
  if (/--max[-_]old[-_]space[-_]size/.test(NODE_OPTIONS ?? '')) return [];
  return [`--max-old-space-size=${WORKER_HEAP_MB}`];
}

export function gatewayChild(context: ChildContext, settings: NodeJS.ProcessEnv, port: number): ChildSpec {
  return typescriptChild(context, 'gateway', ['src/gateway.ts'], {
    ...settings,
    PORT: String(port),
    // The worker's: on one machine both cannot have it, and the gateway serves `/metrics` beside everything else.
    METRICS_PORT: '',
  });
}

/** Where the worker and the gateway find the rest of the stack. */
export function serviceSettings(
  env: NodeJS.ProcessEnv,
  parts: {
    temporal?: { port: number; uiPort: number; namespace: string; dataDir: string };
    model?: { baseUrl: string; name: string; local: boolean };
    databaseUrl?: string;
    linkSecret?: string;
    /** The hub of live text. */
    tokens?: { port: number; secret: string };
  },
): NodeJS.ProcessEnv {
  const { temporal, model, databaseUrl, linkSecret, tokens } = parts;
  return {
    SHUTDOWN_GRACE_SECONDS: env['SHUTDOWN_GRACE_SECONDS'] || SHUTDOWN_GRACE_SECONDS,
    ...(linkSecret !== undefined && { LINK_SECRET: linkSecret }),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...(tokens && { TOKEN_HUB_PORT: String(tokens.port), TOKEN_HUB_SECRET: tokens.secret }),
    ...(temporal && {
      ...withoutProfile(env, temporal.dataDir),
      TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
      TEMPORAL_NAMESPACE: temporal.namespace,
      LINK_TEMPORAL_UI: `http://127.0.0.1:${temporal.uiPort}`,
    }),
    ...(model && {
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: 'local',
      OPENAI_MODEL: model.name,
      // Our model is the only one there is: crews that name others are to be tried with it all the same.
      MODELS_CONFIG: 'none',
      MODELS_FALLBACK_TO_DEFAULT: 'true',
      ...(model.local && {
        MODEL_MAX_OUTPUT_TOKENS: env['MODEL_MAX_OUTPUT_TOKENS'] || LOCAL_MODEL_MAX_TOKENS,
        MODEL_CONTEXT_WINDOW: env['LOCAL_MODEL_CONTEXT'] || LOCAL_MODEL_CONTEXT,
      }),
    }),
  };
}

/** A person's own profile may ask for TLS and a key, which our server has not. A file that is not there is an empty one. */
function withoutProfile(env: NodeJS.ProcessEnv, dataDir: string): NodeJS.ProcessEnv {
  const own = Object.keys(env).filter((name) => /^TEMPORAL_(PROFILE|API_KEY|TLS|TLS_.*|GRPC_META_.*)$/.test(name));
  return {
    ...Object.fromEntries(own.map((name) => [name, ''])),
    TEMPORAL_CONFIG_FILE: join(dataDir, 'no-profile.toml'),
  };
}

function typescriptChild(
  { root, env, logsDir }: ChildContext,
  name: string,
  args: readonly string[],
  settings: NodeJS.ProcessEnv,
): ChildSpec {
  return {
    name,
    file: process.execPath,
    args: ['--import', END_WITH_PARENT, '--import', 'tsx', ...args],
    cwd: root,
    env: { ...env, ...settings },
    logFile: join(logsDir, `${name}.log`),
  };
}
