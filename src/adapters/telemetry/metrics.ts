import { metrics, type Counter, type Histogram, type Meter } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { Metric } from '../../contract/telemetry.js';

/** Measurements of one process. */
export interface Metrics {
  meter: Meter;
  instruments: Instruments;
  /** Everything as Prometheus reads it. */
  scrape(): Promise<string>;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/** What is measured. Their labels are bounded: crews, models, tools, route patterns, never ids. */
export interface Instruments {
  tokens: Histogram;
  duration: Histogram;
  runsStarted: Counter;
  runsEnded: Counter;
  runDuration: Histogram;
  approvalsRequested: Counter;
  approvalWait: Histogram;
  cost: Counter;
  httpDuration: Histogram;
}

/**
 * Measures for Prometheus; and with `pushEveryMs` sends the same over OTLP/HTTP, whose exporter reads its own variables
 * (`OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`).
 */
export function startMetrics(serviceName: string, pushEveryMs?: number): Metrics {
  const forPrometheus = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    readers: [
      forPrometheus,
      ...(pushEveryMs === undefined
        ? []
        : [
            new PeriodicExportingMetricReader({
              exporter: new OTLPMetricExporter(),
              exportIntervalMillis: pushEveryMs,
              exportTimeoutMillis: Math.min(pushEveryMs, EXPORT_TIMEOUT_MS),
            }),
          ]),
    ],
  });
  metrics.setGlobalMeterProvider(provider);
  const meter = provider.getMeter('agent-orchestration-service');
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  return {
    meter,
    instruments: instrumentsOf(meter),
    scrape: async () => {
      const { resourceMetrics, errors } = await forPrometheus.collect();
      // A gauge that could not be read is left out; the others count all the same.
      return (
        serializer.serialize(withUnits(resourceMetrics)) + errors.map(() => '# a gauge could not be read\n').join('')
      );
    },
    shutdown: () => provider.shutdown(),
  };
}

/** Prometheus has units in names, and the serializer does not put them there: as OpenTelemetry's own collector writes them. */
function withUnits(collected: ResourceMetrics): ResourceMetrics {
  const named = (metric: MetricData): MetricData =>
    metric.descriptor.unit === 's'
      ? { ...metric, descriptor: { ...metric.descriptor, name: `${metric.descriptor.name}.seconds` } }
      : metric;
  const scopeMetrics = collected.scopeMetrics.map(({ scope, metrics: all }) => ({ scope, metrics: all.map(named) }));
  return { ...collected, scopeMetrics };
}

const EXPORT_TIMEOUT_MS = 10_000;

/** Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/ */
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const CALL_SECONDS = Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power);
/** Source: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** From a second to a week: people are waited for. */
const LONG_SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 43_200, 86_400, 259_200, 604_800];

function instrumentsOf(meter: Meter): Instruments {
  const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
  return {
    tokens: histogram(Metric.tokens, '{token}', 'Tokens of model calls, input and output', TOKEN_BUCKETS),
    duration: histogram(Metric.duration, 's', 'Duration of model and tool calls', CALL_SECONDS),
    runsStarted: meter.createCounter(Metric.runsStarted, { description: 'Runs that began' }),
    runsEnded: meter.createCounter(Metric.runsEnded, { description: 'Runs that ended, by status' }),
    runDuration: histogram(Metric.runDuration, 's', 'From the beginning of a run to its end', LONG_SECONDS),
    approvalsRequested: meter.createCounter(Metric.approvalsRequested, { description: 'Questions to people' }),
    approvalWait: histogram(Metric.approvalWait, 's', 'From a question to people to its end', LONG_SECONDS),
    cost: meter.createCounter(Metric.cost, {
      description: 'US dollars spent on models, by the prices that are configured',
    }),
    httpDuration: histogram(
      Metric.httpDuration,
      's',
      'Duration of HTTP requests, until the answer begins',
      HTTP_SECONDS,
    ),
  };
}

/** Keeps a label bounded: what comes after so many different values is called `other`. */
export function bounded(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return 'other';
    known.add(value);
    return value;
  };
}
