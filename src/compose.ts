import { readFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { loadCrews } from './adapters/crew-files.js';
import { createChatModel } from './adapters/langchain/chat-model.js';
import { createLogger } from './adapters/logger.js';
import { startTelemetry, type Telemetry } from './adapters/telemetry.js';
import { lazyConnection, type TemporalClient } from './adapters/temporal/connection.js';
import { createCrewRuns } from './adapters/temporal/crew-runs.js';
import type { ActivityDeps } from './activities/index.js';
import type { AppDeps, AppSettings } from './api/env.js';
import type { Config } from './config.js';

/** Tracing for one process, as configured. */
export function composeTelemetry(config: Config): Telemetry {
  const endpoint = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_ENDPOINT;
  return startTelemetry(config.OTEL_SERVICE_NAME, endpoint !== undefined);
}

/** What the gateway is made of. @throws CrewFileError */
export function composeGateway(config: Config, telemetry: Telemetry, draining: AbortSignal) {
  const connection = lazyConnection(config.temporal);
  const client = new Client({ connection, namespace: config.temporal.namespace, plugins: [telemetry.plugin] });
  const deps: AppDeps = {
    runs: createCrewRuns(client as TemporalClient, config.TASK_QUEUE),
    crews: loadCrews(config.CREWS_DIR, config.models),
    logger: createLogger('gateway', config.LOG_LEVEL),
    settings: appSettings(config),
    draining,
  };
  return { deps, connection };
}

function appSettings(config: Config): AppSettings {
  return {
    version: packageVersion(),
    defaultCrew: config.DEFAULT_CREW,
    executeWaitMs: config.EXECUTE_WAIT_SECONDS * 1000,
    maxWaitMs: config.MAX_WAIT_SECONDS * 1000,
    allowedHosts: config.ALLOWED_HOSTS,
    namespace: config.temporal.namespace,
    ...(config.PUBLIC_URL !== undefined && { publicUrl: config.PUBLIC_URL }),
    ...(config.LINK_TEMPORAL_UI !== undefined && { temporalUi: config.LINK_TEMPORAL_UI }),
  };
}

/** What a worker's activities are made of. */
export function composeActivities(config: Config): ActivityDeps {
  return {
    chatModel: createChatModel({
      // A provider that takes no key is still sent one: the client refuses to be made without.
      apiKey: config.OPENAI_API_KEY ?? 'none',
      defaultModel: config.OPENAI_MODEL,
      maxOutputTokens: config.MODEL_MAX_OUTPUT_TOKENS,
      ...(config.OPENAI_BASE_URL !== undefined && { baseUrl: config.OPENAI_BASE_URL }),
      ...(config.MODEL_TEMPERATURE !== undefined && { temperature: config.MODEL_TEMPERATURE }),
    }),
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
