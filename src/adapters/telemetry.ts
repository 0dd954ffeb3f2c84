import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';

/** Tracing of one process. */
export interface Telemetry {
  /** Goes to every Temporal client and worker, traced or not: histories made without its interceptors do not replay with them. */
  plugin: OpenTelemetryPlugin;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Tracing over OTLP/HTTP where an endpoint is configured; else the same interceptors, exporting nowhere. The exporter
 * reads its own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `…_HEADERS`).
 * Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function startTelemetry(serviceName: string, exporting: boolean): Telemetry {
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName }));
  const spanProcessor: SpanProcessor = exporting
    ? new BatchSpanProcessor(new OTLPTraceExporter())
    : new NoopSpanProcessor();
  const plugin = new OpenTelemetryPlugin({ resource, spanProcessor });
  if (!exporting) return { plugin, shutdown: () => Promise.resolve() };
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  return { plugin, shutdown: () => provider.shutdown() };
}
