import { z } from 'zod';
import { Keyring, KeyringError } from './adapters/encryption/keyring.js';
import { parseAllowedHost } from './adapters/tools/http/allow-list.js';
import { identityEnv, identityProblems, unguarded } from './config-identity.js';
import { kafkaProblems, kafkaVariables } from './config-kafka.js';
import { webhooksEnv } from './config-webhooks.js';
import { flag, list, wholeNumber } from './config-values.js';
import { temporalTarget, type TemporalTarget } from './adapters/temporal/connection.js';
import { telemetryVariables } from './config-telemetry.js';
import { encryptionVariables, readKeyring } from './config-encryption.js';

/** Everything that can be set from outside. */
export interface Config extends z.infer<typeof envSchema> {
  temporal: TemporalTarget;
  /** The store's address. */
  databaseUrl: string;
  /** The keys of data at rest; none: it is not encrypted. */
  encryption: Keyring;
  /** Any variable, for keys that models.yaml and mcp.yaml name. One that is set to nothing is not set. */
  variable: (name: string) => string | undefined;
}

/** The environment is not usable. The message lists every variable that is wrong and what was expected. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(
      `The configuration has ${lines.length === 1 ? 'a problem' : 'problems'}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

const hosts = list.transform((entries, context) =>
  entries.flatMap((entry) => {
    const host = parseAllowedHost(entry);
    if (host) return [host];
    const message = `'${entry}' is no host: expected api.example.com, *.example.com, localhost:8080, [::1]:8080 or *`;
    context.addIssue({ code: 'custom', message });
    return [];
  }),
);

const origins = list.transform((entries, context) => {
  for (const entry of entries) {
    if (/^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry) continue;
    const message = `'${entry}' is no origin: expected https://app.example.com, with a port where it has one, and no path`;
    context.addIssue({ code: 'custom', message });
  }
  return entries;
});

const envSchema = z.object({
  ...identityEnv,
  /** Where the gateway listens. */
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8000),
  /** Names beside loopback's that requests may carry in Host and Origin. */
  ALLOWED_HOSTS: list.default([]),
  /** Web pages of other origins that may call this service. None: none may. */
  CORS_ORIGINS: origins.default([]),
  /** Where this service is reached from outside, for links. */
  PUBLIC_URL: z.url('Expected a URL').optional(),
  /** What one-time links are signed with: the same for all gateways. Absent: there are none. */
  LINK_SECRET: z.string().min(32, 'Expected at least 32 characters').optional(),
  /** The folder of crew definitions. */
  CREWS_DIR: z.string().default('crews'),
  /** The folder of authors' tools, guardrail functions and schemas. */
  EXTENSIONS_DIR: z.string().default('extensions'),
  /** The folder that the tools read_file, list_files and search_files may read. Absent: no such tools. */
  FILES_ROOT: z.string().optional(),
  /** The hosts that the tool http_request may call. None: no such tool. */
  HTTP_TOOL_ALLOW: hosts.default([]),
  /** Allowed hosts may have private and loopback addresses. */
  HTTP_TOOL_ALLOW_PRIVATE: flag.default(false),
  /** Bytes of an answer that http_request reads at most. */
  HTTP_TOOL_MAX_BYTES: wholeNumber(1, 100_000_000).default(1_000_000),
  /** Longest call of http_request. */
  HTTP_TOOL_TIMEOUT_SECONDS: wholeNumber(1, 3_600).default(30),
  /** The crew that `/agents/execute` runs when the call names none. */
  DEFAULT_CREW: z.string().default('research-summary'),
  /** Temporal's task queue between gateway and worker. */
  TASK_QUEUE: z.string().default('crews'),
  /** How long `/agents/execute` waits for the result when the call does not say. */
  EXECUTE_WAIT_SECONDS: wholeNumber(0, 3_600).default(60),
  /** Longest that any call may ask to wait. */
  MAX_WAIT_SECONDS: wholeNumber(0, 3_600).default(600),
  /** How long a process that is told to stop lets work in hand finish. */
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 3_600).default(10),
  /** Postgres, where texts, definitions and limits are kept: the same for all processes. */
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'Expected postgres://user:password@host:port/database' })
    .optional(),
  /** Carries answers to watchers while they are written, from any worker to any gateway. Absent: no live text. */
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'Expected redis://host:port' }).optional(),
  /** Set by `npm start` in place of Redis: its own hub on 127.0.0.1. */
  TOKEN_HUB_PORT: wholeNumber(1, 65_535).optional(),
  TOKEN_HUB_SECRET: z.string().optional(),
  /** The models that definitions may name: a file; `none`: only what OPENAI_* says. Absent: models.yaml where there is one. */
  MODELS_CONFIG: z.string().optional(),
  /** A model that is not configured means the default one: for crews that come from elsewhere. */
  MODELS_FALLBACK_TO_DEFAULT: flag.default(false),
  /** Tokens of prompt and answer together, of OPENAI_MODEL, where nothing else says it. */
  MODEL_CONTEXT_WINDOW: wholeNumber(1, 1_000_000_000).optional(),
  /** The MCP servers whose tools definitions may name: a file; `none`. Absent: mcp.yaml where there is one. */
  MCP_CONFIG: z.string().optional(),
  /** What references to secrets stand for, and who may get it: a file; `none`. Absent: secrets.yaml where there is one. */
  SECRETS_CONFIG: z.string().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url('Expected a URL that ends with /v1').optional(),
  /** The model of agents that name none. */
  OPENAI_MODEL: z.string().default('gpt-4.1-mini'),
  /** Further models that definitions may name. */
  OPENAI_MODELS: list.default([]),
  MODEL_MAX_OUTPUT_TOKENS: wholeNumber(1, 1_000_000).default(2_048),
  MODEL_TEMPERATURE: z.coerce.number().min(0).max(2).optional(),
  /** Base address of the Temporal UI, for links. */
  LINK_TEMPORAL_UI: z.url('Expected a URL').optional(),
  ...telemetryVariables,
  ...encryptionVariables,
  /** Both together: this worker takes part in Worker Versioning, and its runs stay on their build. */
  WORKER_DEPLOYMENT_NAME: z.string().optional(),
  WORKER_BUILD_ID: z.string().optional(),
  ...webhooksEnv,
  /** Where a worker or intake answers probes, on all addresses. Absent: nowhere. */
  WORKER_HEALTH_PORT: wholeNumber(1, 65_535).optional(),
  /** A workflow bundle made by `npm run build`; absent: bundled at start. */
  WORKFLOW_BUNDLE: z.string().optional(),
  /** Whether promises of runs keep their stacks, for the tab "Call Stack" of the Temporal UI. */
  WORKFLOW_CALL_STACKS: flag.default(false),
  ...kafkaVariables,
});

/**
 * Reads the environment; a variable set to nothing counts as not set.
 * @throws ConfigError with a readable list of all that is wrong.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = envSchema.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${shown(String(path[0]), set)}: ${message}`));
  }
  const values = parsed.data;
  const problems = identityProblems(values);
  if ((values.WORKER_DEPLOYMENT_NAME === undefined) !== (values.WORKER_BUILD_ID === undefined)) {
    problems.push('WORKER_DEPLOYMENT_NAME, WORKER_BUILD_ID: set both or none');
  }
  problems.push(...kafkaProblems(values));
  const { DATABASE_URL: databaseUrl } = values;
  if (databaseUrl === undefined) {
    problems.push(
      'DATABASE_URL: Required: the Postgres database of the store, for example postgres://user:password@localhost:5432/crews (npm start brings its own)',
    );
  }
  const encryption = readKeys(values, problems);
  const temporal = readTarget(set, problems);
  if (!temporal || databaseUrl === undefined || problems.length > 0) throw new ConfigError(problems);
  return { ...values, temporal, databaseUrl, encryption, variable: (name) => set[name] };
}

/** What a gateway needs beside. @throws ConfigError where it would serve strangers */
export function requireGuarded(config: Config): void {
  const problem = unguarded(config);
  if (problem !== undefined) throw new ConfigError([problem]);
}

/** A variable as messages say it: what is secret is not repeated into a log. */
function shown(name: string, env: NodeJS.ProcessEnv): string {
  return /SECRET|KEY|PASSWORD|^(DATABASE|REDIS)_URL$/.test(name) ? name : `${name}=${String(env[name])}`;
}

function readTarget(env: NodeJS.ProcessEnv, problems: string[]): TemporalTarget | undefined {
  try {
    return temporalTarget(env);
  } catch (error) {
    problems.push(`TEMPORAL_*: ${error instanceof Error ? error.message : 'not usable'}`);
    return undefined;
  }
}

function readKeys(values: z.infer<typeof envSchema>, problems: string[]): Keyring {
  try {
    return readKeyring(values);
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    problems.push(...error.lines);
    return Keyring.empty();
  }
}

/** The environment as it is, for commands that need a few variables of it and no whole configuration. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}
