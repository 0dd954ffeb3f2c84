import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, NoopSpanProcessor, ParentBasedSampler } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { RunMoment } from '../contract/telemetry.js';
import { HandingOver } from './telemetry/hand-over.js';
import { TelemetryPlugin } from './telemetry/plugin.js';

/** Tracing of one process. */
export interface Telemetry {
  /** Goes to every Temporal client and worker, traced or not: histories made without its interceptors do not replay with them. */
  plugin: TelemetryPlugin;
  /** Resolves when the spans that have ended are sent; at once where none are. */
  handedOver: () => Promise<void>;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/** Longest that a process that ends waits for the collector. */
const SHUTDOWN_MS = 3_000;

/**
 * Tracing over OTLP/HTTP where an endpoint is configured; else the same interceptors, exporting nowhere. The exporter
 * reads its own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `…_HEADERS`), and the sampler too (`OTEL_TRACES_SAMPLER`).
 * Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function startTelemetry(
  serviceName: string,
  exporting: boolean,
  onMoment: (moment: RunMoment) => void = () => undefined,
): Telemetry {
  // Also where nothing is exported: what a caller's trace is passes through to the provider of the model.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // Trace context only: baggage of callers is not ours to send on.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName }));
  if (!exporting) {
    const none = () => Promise.resolve();
    // Who starts a run decides whether it is traced: else workflows would record spans that nobody gets. A caller that traces is heard.
    const unheard = new ParentBasedSampler({ root: new AlwaysOffSampler() });
    trace.setGlobalTracerProvider(new NodeTracerProvider({ resource, sampler: unheard }));
    const plugin = new TelemetryPlugin({ resource, spans: new NoopSpanProcessor(), handedOver: none, onMoment });
    return { plugin, handedOver: none, shutdown: none };
  }
  const spans = new HandingOver(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spans] });
  trace.setGlobalTracerProvider(provider);
  const handedOver = () => spans.handedOver();
  return {
    plugin: new TelemetryPlugin({ resource, spans, handedOver, onMoment }),
    handedOver,
    shutdown: () => within(SHUTDOWN_MS, provider.shutdown()),
  };
}

/** Waits for work, but not for longer, and whatever becomes of it. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), over]);
  clearTimeout(timer);
}
