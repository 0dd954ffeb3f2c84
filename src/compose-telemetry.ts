import { startTelemetry, type Telemetry } from './adapters/telemetry.js';
import { watchedModel, watchedTools } from './adapters/telemetry/calls.js';
import { coreTelemetry, type CoreTelemetry } from './adapters/telemetry/core.js';
import { startMetrics, type Metrics } from './adapters/telemetry/metrics.js';
import { serveMetrics } from './adapters/telemetry/metrics-server.js';
import { watchMoments } from './adapters/telemetry/moments.js';
import { createRequestTelemetry } from './adapters/telemetry/requests.js';
import { adoptLibraries, createLogger } from './adapters/logger.js';
import type { Models } from './adapters/models/entry.js';
import type { ActivityDeps } from './activities/index.js';
import type { Config } from './config.js';
import type { Logger, RequestTelemetry, ScrapeMetrics } from './ports.js';
import { StartError } from './process.js';

/** Traces, metrics and logs of one process. */
export interface ServiceTelemetry extends Telemetry {
  metrics: Metrics;
  logger: Logger;
  requests: RequestTelemetry;
  /** What activities are made of, with calls of models and tools watched. */
  watched(deps: ActivityDeps, models: Models): ActivityDeps;
  /** Serves `/metrics` where METRICS_PORT says, until `shutdown`. `more`: what else is measured. @throws StartError */
  serve(more?: ScrapeMetrics): Promise<void>;
}

/** Tracing and measuring of one process, as configured; what libraries say goes to its logger. */
export function composeTelemetry(config: Config, part: 'gateway' | 'worker' | 'intake'): ServiceTelemetry {
  const logger = createLogger(part, config.LOG_LEVEL);
  adoptLibraries(createLogger(part, config.LOG_LEVEL_LIBRARIES));
  const pushes = metricsEndpoint(config) !== undefined;
  const metrics = startMetrics(config.OTEL_SERVICE_NAME, pushes ? config.OTEL_METRIC_EXPORT_INTERVAL : undefined);
  const onMoment = watchMoments(metrics.instruments, logger);
  const tracing = startTelemetry(config.OTEL_SERVICE_NAME, tracesEndpoint(config) !== undefined, onMoment);
  const calls = {
    instruments: metrics.instruments,
    captureContent: config.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT,
  };
  const closing: (() => Promise<void>)[] = [];
  return {
    ...tracing,
    metrics,
    logger,
    requests: createRequestTelemetry(metrics.instruments, tracing.handedOver),
    watched: (deps, models) => ({
      ...deps,
      chatModel: watchedModel(deps.chatModel, models, calls),
      tools: watchedTools(deps.tools, calls),
    }),
    serve: async (more) => {
      const { METRICS_HOST: host, METRICS_PORT: port } = config;
      if (port === undefined) return;
      const server = await serveMetrics(host, port, scrapeOf(metrics, more)).catch((error: NodeJS.ErrnoException) => {
        throw new StartError(`METRICS_PORT=${port} on ${host} cannot be opened (${error.code}); set it to another`);
      });
      closing.push(() => server.close());
      logger.info({ host, port: server.port }, 'metrics served');
    },
    shutdown: async () => {
      await Promise.all(closing.map((close) => close()));
      await Promise.all([tracing.shutdown(), shortly(metrics.shutdown())]);
    },
  };
}

/** Telemetry of Temporal's core, for a worker: beside our own where that is scraped, else sent. */
export function composeCore(config: Config): Promise<CoreTelemetry> {
  const url = metricsEndpoint(config);
  const target =
    config.METRICS_PORT !== undefined
      ? ({ kind: 'prometheus' } as const)
      : url !== undefined
        ? ({ kind: 'otlp', url, everyMs: config.OTEL_METRIC_EXPORT_INTERVAL } as const)
        : ({ kind: 'none' } as const);
  return coreTelemetry(target, config.LOG_LEVEL_TEMPORAL);
}

function tracesEndpoint(config: Config): string | undefined {
  if (config.OTEL_TRACES_EXPORTER === 'none') return undefined;
  return config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_ENDPOINT;
}

function metricsEndpoint(config: Config): string | undefined {
  if (config.OTEL_METRICS_EXPORTER === 'none') return undefined;
  const { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: both } = config;
  return own ?? (both === undefined ? undefined : `${both.replace(/\/+$/, '')}/v1/metrics`);
}

/** What cannot be had of the others does not cost our own. */
function scrapeOf(metrics: Metrics, more: ScrapeMetrics | undefined): ScrapeMetrics {
  return async () => {
    const [own, others] = await Promise.all([metrics.scrape(), more?.().catch(() => '')]);
    return `${own}${others ?? ''}`;
  };
}

const SHUTDOWN_MS = 3_000;

/** A collector that is away does not keep a process from ending. */
async function shortly(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, SHUTDOWN_MS)));
  await Promise.race([work.catch(() => undefined), over]);
  clearTimeout(timer);
}
