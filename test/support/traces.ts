import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ReceivedSpan } from './otlp.js';

/** A caller's `traceparent`; flags 00: it does not want to be traced. */
export function caller(flags = '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } };
}

/** Every span has its parent in the trace, but those of the caller; and each was told once. */
export function assertWhole(spans: ReceivedSpan[], callerSpan: string): void {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  assert.deepEqual(
    orphans(spans, callerSpan).map(({ name, attributes }) => `${name} ${JSON.stringify(attributes)}`),
    [],
  );
  assert.equal(ids.size, spans.length, 'a span came twice');
}

/** Whether every span so far has its parent. */
export function isWhole(spans: ReceivedSpan[], callerSpan: string): boolean {
  return orphans(spans, callerSpan).length === 0;
}

function orphans(spans: ReceivedSpan[], callerSpan: string): ReceivedSpan[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId) && parentSpanId !== callerSpan);
}

/** The names of a span's parents in the trace, the first ones first, and its own. */
export function pathTo(span: ReceivedSpan, spans: ReceivedSpan[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent ? pathTo(parent, spans) : []), span.name];
}

/** Those whose name matches. */
export const named = (spans: ReceivedSpan[], pattern: RegExp) => spans.filter(({ name }) => pattern.test(name));
