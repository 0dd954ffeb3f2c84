import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Context } from '@opentelemetry/api';

/** Longest that work is held up for its spans. */
const MAX_WAIT_MS = 300;
/** How long nobody waits after the collector did not take them in that time. */
const PAUSE_MS = 10_000;
/** What nobody asks for goes out by itself. */
const DELAY_MS = 500;

/**
 * Sends spans in batches, and lets work wait until its own are sent: a worker that is killed right after it reported something
 * done then loses no span of it. A collector that is slow or away holds nothing up for long: after one wait in vain nobody
 * waits for a while, and the batches go on by themselves.
 */
export class HandingOver implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  #ended = 0;
  #sent = 0;
  #flushing: Promise<void> | undefined;
  #pausedUntil = 0;

  constructor(exporter: SpanExporter) {
    const watched = watchedBy(exporter, () => (this.#pausedUntil = performance.now() + PAUSE_MS));
    this.#batches = new BatchSpanProcessor(watched, { scheduledDelayMillis: DELAY_MS });
  }

  onStart(span: Span, context: Context): void {
    this.#batches.onStart(span, context);
  }

  onEnd(span: ReadableSpan): void {
    this.#ended += 1;
    this.#batches.onEnd(span);
  }

  /** Resolves when all spans that have ended are sent, or after 300 ms. Never rejects. */
  async handedOver(): Promise<void> {
    const upTo = this.#ended;
    if (this.#sent >= upTo || performance.now() < this.#pausedUntil) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#pausedUntil = performance.now() + PAUSE_MS;
        resolve();
      }, MAX_WAIT_MS);
    });
    await Promise.race([this.#sentUpTo(upTo), tooLong]);
    clearTimeout(timer);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  /** One flush at a time: those who come meanwhile share the next. */
  async #sentUpTo(count: number): Promise<void> {
    while (this.#sent < count && performance.now() >= this.#pausedUntil) {
      this.#flushing ??= this.#flush();
      await this.#flushing;
    }
  }

  async #flush(): Promise<void> {
    const upTo = this.#ended;
    await this.#batches.forceFlush().catch(() => undefined);
    this.#sent = upTo;
    this.#flushing = undefined;
  }
}

/** The exporter, which tells of each batch that was not taken. */
function watchedBy(exporter: SpanExporter, onFailure: () => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result: ExportResult) => {
        if (result.code !== ExportResultCode.SUCCESS) onFailure();
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
