import { readFileSync } from 'node:fs';
import { createApprovalLinks } from './adapters/approval-links.js';
import { createCatalog } from './adapters/catalog.js';
import { createConditions } from './adapters/conditions.js';
import { loadCrews } from './adapters/crew-files.js';
import { createStoreCipher } from './adapters/encryption/store-cipher.js';
import { createJsonSchemas } from './adapters/json/schemas.js';
import { createChatModel } from './adapters/langchain/chat-model.js';
import { loadMcpConfig, mcpServerNames } from './adapters/mcp/config.js';
import { createMcpSource } from './adapters/mcp/source.js';
import type { Models } from './adapters/models/entry.js';
import { createModelRegistry, requireDefaultModel } from './adapters/models/registry.js';
import { readYaml } from './adapters/read-yaml.js';
import { loadSecretsFile } from './adapters/secrets/config.js';
import { referredName } from './adapters/secrets/reference.js';
import { createSecrets, type Secrets } from './adapters/secrets/secrets.js';
import { openStore, type PostgresStore } from './adapters/store/index.js';
import { currentTrace } from './adapters/trace-context.js';
import { createTools, type ToolSettings } from './adapters/tools/index.js';
import type { TemporalClient } from './adapters/temporal/connection.js';
import { createCrewBatches } from './adapters/temporal/batches.js';
import { createCrewRuns } from './adapters/temporal/crew-runs.js';
import { reachableDigests } from './adapters/temporal/reachable.js';
import { runStatesOf } from './adapters/temporal/run-states.js';
import { createCrewSchedules } from './adapters/temporal/schedules.js';
import { createCrewThreads } from './adapters/temporal/threads.js';
import { createRunWatch } from './adapters/temporal/watch.js';
import { loopbackTokens } from './adapters/tokens/loopback.js';
import { noTokens } from './adapters/tokens/none.js';
import { redisTokens } from './adapters/tokens/redis.js';
import { composeIdentity } from './compose-identity.js';
import type { ActivityDeps } from './activities/index.js';
import type { AppDeps, AppSettings } from './api/env.js';
import { publishing, startRelays } from './compose-events.js';
import { composeClient } from './compose-client.js';
import { composePayloadSealing } from './compose-encryption.js';
import type { ServiceTelemetry } from './compose-telemetry.js';
import { composeWebhooks, startDispatcher } from './compose-webhooks.js';
import type { Config } from './config.js';
import type { DecisionSchemas } from './contract/fit-decision.js';
import type { Known } from './crew/known.js';
import type { CollectGarbage, CrewCatalog, Logger, TokenBus } from './ports.js';

/** Proxies commonly end what is silent for 30 s or a minute. */
const HEARTBEAT_MS = 15_000;
const STALLED_MS = 60_000;

/** The secrets of a worker: no other process has values. @throws SecretsFileError */
export function composeSecrets(config: Config): Secrets {
  return createSecrets(loadSecretsFile(config.SECRETS_CONFIG), config.variable);
}

/** What the operator's files take by a name: variables, and secrets by their reference. */
function variableOf(config: Config, secrets?: Secrets): (name: string) => string | undefined {
  return (name) => {
    const secret = referredName(name);
    return secret === undefined ? config.variable(name) : secrets?.value(secret);
  };
}

/** The models that the operator configured. `secrets`: of who asks them. @throws ModelsFileError */
export function composeModels(config: Config, secrets?: Secrets): Models {
  return createModelRegistry({
    ...(config.MODELS_CONFIG !== undefined && { file: config.MODELS_CONFIG }),
    model: config.OPENAI_MODEL,
    models: config.OPENAI_MODELS,
    maxOutputTokens: config.MODEL_MAX_OUTPUT_TOKENS,
    ...(config.MODEL_TEMPERATURE !== undefined && { temperature: config.MODEL_TEMPERATURE }),
    ...(config.MODEL_CONTEXT_WINDOW !== undefined && { contextWindow: config.MODEL_CONTEXT_WINDOW }),
    fallbackToDefault: config.MODELS_FALLBACK_TO_DEFAULT,
    variable: variableOf(config, secrets),
  });
}

/** The channel of answers while they are written, as configured: Redis, the hub of `npm start`, or none. */
async function composeTokens(config: Config, logger: Logger): Promise<TokenBus> {
  const { REDIS_URL: url, TOKEN_HUB_PORT: port, TOKEN_HUB_SECRET: secret } = config;
  if (url !== undefined) return redisTokens(url, logger);
  return port !== undefined && secret !== undefined ? loopbackTokens({ port, secret }) : noTokens();
}

/** What the gateway is made of; `close` ends what it holds. @throws CrewFileError, ModelsFileError, McpConfigError, ToolSetupError */
export async function composeGateway(
  config: Config,
  { plugin, logger }: Pick<ServiceTelemetry, 'plugin' | 'logger'>,
  draining: AbortSignal,
) {
  const client = composeClient(config, plugin, logger);
  const store = storeOf(config);
  const models = composeModels(config);
  const { known, decisionSchemas } = checksOf(config, models, await createTools(toolSettings(config)));
  const files = loadCrews(config.CREWS_DIR, known);
  for (const warning of files.warnings ?? []) logger.warn({ warning }, 'imported from a CrewAI project');
  const webhooks = composeWebhooks(config);
  const publishOf = publishing(config, webhooks);
  const runs = createCrewRuns(client, store, config.TASK_QUEUE, publishOf);
  const tokens = await composeTokens(config, logger);
  const identity = await composeIdentity(config, store, client, logger);
  const sealing = composePayloadSealing(config, logger);
  const deps: AppDeps = {
    ...identity.deps,
    runs,
    batches: createCrewBatches(client, config.TASK_QUEUE),
    schedules: createCrewSchedules(client, config.TASK_QUEUE),
    threads: createCrewThreads(client, config.TASK_QUEUE),
    watch: createRunWatch(client, runs),
    tokens,
    crews: createCatalog(files, store),
    store,
    webhooks,
    models,
    known,
    decisionSchemas,
    ...(config.LINK_SECRET !== undefined && { links: createApprovalLinks(config.LINK_SECRET) }),
    ...(sealing && { sealing }),
    readYaml,
    logger,
    settings: appSettings(config),
    draining,
  };
  const close = async () => {
    await client.connection.close();
    await tokens.close();
    await identity.close();
    await webhooks.close();
    await store.close();
  };
  return { deps, client, close };
}

/** What definitions, and decisions of people, are checked against. Names only: MCP servers are not started for it. */
function checksOf(
  config: Config,
  models: Models,
  { tools, checks }: Awaited<ReturnType<typeof createTools>>,
): { known: Known; decisionSchemas: DecisionSchemas } {
  const schemas = createJsonSchemas();
  const conditions = createConditions();
  const known: Known = {
    models: (name) => models.facts(name) !== undefined,
    modelNames: models.names(),
    whyNoModel: (name) => models.whyNot(name),
    tools: { tools: tools.names().tools, servers: mcpServerNames(config.MCP_CONFIG) },
    guardrails: checks.guardrailNames(),
    schemas: checks.schemaNames(),
    checkCondition: (expression, tasks, inputs) => conditions.check(expression, { tasks, inputs }),
    checkSchema: (schema) => schemas.check(schema),
  };
  const decisionSchemas: DecisionSchemas = {
    validate: (schema, value) => schemas.validate(schema, value),
    extract: (text) => schemas.extract(text),
    named: (name) => checks.schema(name),
  };
  return { known, decisionSchemas };
}

function toolSettings(config: Config): ToolSettings {
  return {
    extensionsDir: config.EXTENSIONS_DIR,
    ...(config.FILES_ROOT !== undefined && { filesRoot: config.FILES_ROOT }),
    http: {
      allow: config.HTTP_TOOL_ALLOW,
      allowPrivate: config.HTTP_TOOL_ALLOW_PRIVATE,
      maxBytes: config.HTTP_TOOL_MAX_BYTES,
      timeoutMs: config.HTTP_TOOL_TIMEOUT_SECONDS * 1000,
    },
  };
}

function appSettings(config: Config): AppSettings {
  return {
    version: packageVersion(),
    defaultCrew: config.DEFAULT_CREW,
    executeWaitMs: config.EXECUTE_WAIT_SECONDS * 1000,
    maxWaitMs: config.MAX_WAIT_SECONDS * 1000,
    heartbeatMs: HEARTBEAT_MS,
    stalledMs: STALLED_MS,
    allowedHosts: config.ALLOWED_HOSTS,
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    maxOpenRuns: config.MAX_OPEN_RUNS,
    corsOrigins: config.CORS_ORIGINS,
    namespace: config.temporal.namespace,
    codecOrigins: config.CODEC_CORS_ORIGINS,
    ...(config.PUBLIC_URL !== undefined && { publicUrl: config.PUBLIC_URL }),
    ...(config.LINK_TEMPORAL_UI !== undefined && { temporalUi: config.LINK_TEMPORAL_UI }),
  };
}

/** What a worker's activities are made of; `close` ends what they hold. @throws as `composeGateway` */
export async function composeActivities(
  config: Config,
  logger: Logger,
  { models, secrets }: { models: Models; secrets: Secrets },
  client: TemporalClient,
) {
  requireDefaultModel(models);
  const servers = loadMcpConfig(config.MCP_CONFIG, variableOf(config, secrets));
  const mcp = createMcpSource({ servers, logger, clientVersion: packageVersion() });
  const made = await createTools({ ...toolSettings(config), secrets }, [mcp]);
  const { tools, checks } = made;
  const { known } = checksOf(config, models, made);
  const store = storeOf(config);
  const tokens = await composeTokens(config, logger);
  const webhooks = composeWebhooks(config);
  const relays = startRelays(config, store.outbox, webhooks, logger);
  const dispatcher = startDispatcher(config, webhooks, packageVersion(), logger);
  const publishOf = publishing(config, webhooks);
  const deps: ActivityDeps = {
    chatModel: createChatModel(models, logger),
    models,
    store,
    tools,
    checks,
    conditions: createConditions(),
    schemas: createJsonSchemas(),
    tokens,
    collectGarbage: collectionOf(store, client),
    runs: createCrewRuns(client, store, config.TASK_QUEUE, publishOf),
    readRunStates: runStatesOf(client),
    crews: catalogWhenNeeded(config, known, store),
    known,
    outbox: relays.outbox,
    currentTrace,
    publishOf,
  };
  const close = async () => {
    await relays.stop();
    await dispatcher.stop();
    await webhooks.close();
    await tools.close();
    await tokens.close();
    await store.close();
  };
  return { deps, close };
}

/** The crews as the gateway has them; files are read when a schedule first asks, for many workers need none. */
function catalogWhenNeeded(config: Config, known: Known, store: PostgresStore): Pick<CrewCatalog, 'find'> {
  let catalog: CrewCatalog | undefined;
  return {
    find: (...asked) => {
      catalog ??= createCatalog(loadCrews(config.CREWS_DIR, known), store);
      return catalog.find(...asked);
    },
  };
}

/** The store, with what it encrypts with. */
function storeOf({ databaseUrl, encryption }: Config): PostgresStore {
  return openStore({ databaseUrl, cipher: createStoreCipher(encryption) });
}

/** The collection of the store on its own, for the command. */
export function composeCollection(config: Config, client: TemporalClient) {
  const store = storeOf(config);
  return { collectGarbage: collectionOf(store, client), close: () => store.close() };
}

function collectionOf(store: PostgresStore, client: TemporalClient): CollectGarbage {
  return (options, onStep) => store.collect(reachableDigests(client), options, onStep);
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
