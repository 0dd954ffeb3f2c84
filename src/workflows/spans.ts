import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { ContinueAsNew, isCancellation, proxySinks } from '@temporalio/workflow';
import { Attribute, type SpanRef, type TelemetrySinks, type WorkflowSpan } from '../contract/telemetry.js';
import { failureView } from './failure-view.js';

const { exporter } = proxySinks<TelemetrySinks>();

/** A span that may live for days, over restarts of workers and continue-as-new. */
export interface LongSpan {
  name: string;
  /** Names the span within its run: the same after a replay, and in the run that follows. */
  key: string;
  attributes: Record<string, string | number>;
  /** In ms. */
  startedAt: number;
  /** Absent: what is going on where it begins. */
  parent?: SpanRef | undefined;
}

/**
 * Does work inside a span, which what it starts is then a child of. The span's id is made of its key, so that it is one span
 * whoever ends it; it is handed over when the work ends, and never where that is a replay. Work that goes on in the run that
 * continues as new ends its span there. Gives the work's own promise: what the run does next must not depend on being watched.
 */
export function inSpan<T>(span: LongSpan, work: () => Promise<T>): Promise<T> {
  const parent = span.parent ?? activeSpan();
  if (!parent) return work();
  const self = { ...parent, spanId: idOf(parent.traceId, span.key) };
  const done = context.with(trace.setSpanContext(context.active(), self), work);
  done.then(
    () => handOver(span, self, parent),
    (error: unknown) => {
      if (!(error instanceof ContinueAsNew)) handOver(span, self, parent, error);
    },
  );
  return done;
}

/** Where in its trace the code that runs now is. */
export function activeSpan(): SpanRef | undefined {
  const active = trace.getSpanContext(context.active());
  if (!active || !isSpanContextValid(active)) return undefined;
  const { traceId, spanId, traceFlags } = active;
  return { traceId, spanId, traceFlags };
}

const SAMPLED = 1;

function handOver(span: LongSpan, self: SpanRef, parent: SpanRef, error?: unknown): void {
  if ((self.traceFlags & SAMPLED) === 0) return;
  const endedAt = Date.now();
  const made: WorkflowSpan = {
    name: span.name,
    kind: 0,
    spanContext: self,
    parentSpanContext: parent,
    startTime: hrTime(span.startedAt),
    endTime: hrTime(endedAt),
    duration: hrTime(Math.max(0, endedAt - span.startedAt)),
    attributes: { ...span.attributes },
    status: { code: error === undefined ? 1 : 2 },
    links: [],
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    instrumentationScope: { name: 'agent-orchestration-service' },
  };
  if (error !== undefined) {
    const code = isCancellation(error) ? 'cancelled' : failureView(error).code;
    made.attributes[Attribute.errorType] = code;
    made.status.message = code;
  }
  exporter.export([made]);
}

function hrTime(ms: number): [number, number] {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

/** 64 bits of a text as hex, never all zero. Not for secrets: two FNV-1a sums with different beginnings, mixed. */
function idOf(traceId: string, key: string): string {
  const id = [0x811c9dc5, 0x01000193].map((seed) => hash32(`${traceId}/${key}`, seed)).join('');
  return /^0+$/.test(id) ? '0000000000000001' : id;
}

function hash32(text: string, seed: number): string {
  let sum = seed;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return ((sum ^ (sum >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
