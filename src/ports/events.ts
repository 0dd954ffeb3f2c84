import type { RunEvent } from '../contract/events.js';

/** A run event on its way out, with what goes along with it beside the envelope. */
export interface OutgoingEvent {
  event: RunEvent;
  tenant: string;
  /** W3C trace context of the run, where it is traced. */
  traceparent?: string;
  tracestate?: string;
  /** Ids of the webhook endpoints that the start of the run named. */
  webhooks?: string[];
}

/** The names of sinks. A run keeps those that were configured when it was started. */
export type SinkName = 'kafka' | 'webhooks';

/**
 * Where relayed run events go: at least once, those of one run in the order of their `seq`. `send` resolves when all of them are
 * taken for good; when it rejects, all of them come again.
 */
export interface EventSink {
  readonly name: SinkName;
  send(events: readonly OutgoingEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The outbox: events that wait for their sinks, in the store. `put` is idempotent by event id and sink. Rejects with a `StoreError`
 * and nothing else.
 */
export interface Outbox {
  put(sinks: readonly SinkName[], events: readonly OutgoingEvent[]): Promise<void>;
}
