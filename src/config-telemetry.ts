import { z } from 'zod';
import { wholeNumber } from './config-values.js';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const exporter = z.enum(['otlp', 'none'], "Expected 'otlp' or 'none'").default('otlp');
const url = z.url({ protocol: /^https?$/, error: 'Expected http://host:port' });

/** What is traced, measured and logged, and where it goes. */
export const telemetryVariables = {
  LOG_LEVEL: z.enum(LEVELS).default('info'),
  /** Of Temporal's core, its SDK and workflow code. */
  LOG_LEVEL_TEMPORAL: z.enum(LEVELS).default('info'),
  /** Of what LangChain and other libraries say. */
  LOG_LEVEL_LIBRARIES: z.enum(LEVELS).default('warn'),
  OTEL_SERVICE_NAME: z.string().default('agent-orchestration-service'),
  /** Where traces and metrics are sent, by OTLP over HTTP. Absent: nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url.optional(),
  /** `none`: an endpoint of both is for the other one. */
  OTEL_TRACES_EXPORTER: exporter,
  OTEL_METRICS_EXPORTER: exporter,
  /** How often metrics are sent. */
  OTEL_METRIC_EXPORT_INTERVAL: wholeNumber(100, 3_600_000).default(60_000),
  /** Traces also say what people, models and tools said. */
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: z
    .enum(['true', 'false'], "Expected 'true' or 'false'")
    .default('false')
    .transform((value) => value === 'true'),
  /** Where each process serves `/metrics`, beside the gateway's own. Absent: nowhere. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
};
