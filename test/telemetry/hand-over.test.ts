import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { trace, TraceFlags, type HrTime } from '@opentelemetry/api';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { HandingOver } from '../../src/adapters/telemetry/hand-over.js';

/** A span that has ended. */
function span(name: string): ReadableSpan {
  const now: HrTime = [0, 0];
  return {
    name,
    kind: 0,
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: TraceFlags.SAMPLED }),
    startTime: now,
    endTime: now,
    duration: now,
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    ended: true,
    resource: { attributes: {}, merge: () => assert.fail(), getRawAttributes: () => [] },
    instrumentationScope: { name: 'test' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** A collector that answers each batch when it is told to. */
function collector(answer: (done: (result: ExportResult) => void) => void) {
  const batches: string[][] = [];
  const exporter: SpanExporter = {
    export: (spans, done) => {
      batches.push(spans.map(({ name }) => name));
      answer(done);
    },
    shutdown: () => Promise.resolve(),
  };
  return { batches, exporter };
}

const well = (done: (result: ExportResult) => void) => void setImmediate(done, { code: ExportResultCode.SUCCESS });

/**
 * Whether work ends before a timer of so many ms that is started after it. A machine that stands still holds both up, and timers
 * run in the order in which they are due.
 */
async function endsWithin(ms: number, work: Promise<void>): Promise<boolean> {
  const late = new AbortController();
  const timer = pause(ms, false, { signal: late.signal }).catch(() => false);
  const ended = await Promise.race([work.then(() => true), timer]);
  late.abort();
  return ended;
}

describe('handing spans over', () => {
  before(() => trace.disable());

  it('sends what has ended before it resolves, and nothing where there is nothing', async () => {
    const { batches, exporter } = collector(well);
    const spans = new HandingOver(exporter);
    await spans.handedOver();
    assert.deepEqual(batches, []);
    spans.onEnd(span('a'));
    await spans.handedOver();
    assert.deepEqual(batches, [['a']]);
  });

  it('shares a batch among those who wait at the same time', async () => {
    const { batches, exporter } = collector(well);
    const spans = new HandingOver(exporter);
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        spans.onEnd(span(String(at)));
        return spans.handedOver();
      }),
    );
    assert.equal(batches.flat().length, 50);
    assert.ok(batches.length <= 3, `${batches.length} batches`);
  });

  it('holds nothing up for longer than 300 ms where the collector is slow, and then for a while not at all', async () => {
    const { exporter } = collector(() => undefined);
    const spans = new HandingOver(exporter);
    spans.onEnd(span('a'));
    const started = performance.now();
    assert.ok(await endsWithin(600, spans.handedOver()));
    const waited = performance.now() - started;
    assert.ok(waited >= 250, `${waited} ms`);
    spans.onEnd(span('b'));
    assert.ok(await endsWithin(50, spans.handedOver()));
  });

  it('does not wait again where the collector refused', async () => {
    const { exporter } = collector((done) => setImmediate(done, { code: ExportResultCode.FAILED }));
    const spans = new HandingOver(exporter);
    spans.onEnd(span('a'));
    await spans.handedOver();
    spans.onEnd(span('b'));
    assert.ok(await endsWithin(50, spans.handedOver()));
  });
});
