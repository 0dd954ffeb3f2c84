import type { RunEvent } from '../contract/events.js';
import type { RunPublish, SinkName } from '../contract/publishing.js';

export type { SinkName } from '../contract/publishing.js';

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

/** What a run that is started now tells the platform, as it is configured now; undefined: nothing. */
export type PublishOf = (named?: Pick<RunPublish, 'webhooks'>) => RunPublish | undefined;

/** W3C trace context of what is being done now; empty where it is not traced. */
export type CurrentTrace = () => Pick<RunPublish, 'traceparent' | 'tracestate'>;

/**
 * Where relayed run events go: at least once, those of one run in the order of their `seq`. `send` resolves when all of them are
 * taken for good; when it rejects, all of them come again. It comes to an end within a minute, whatever the other side does.
 */
export interface EventSink {
  readonly name: SinkName;
  send(events: readonly OutgoingEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The outbox: events that wait for their sinks, in the store. `put` is idempotent by event id and sink, and is given the events of
 * a run in order. Rejects with a `StoreError` and nothing else.
 */
export interface Outbox {
  put(sinks: readonly SinkName[], events: readonly OutgoingEvent[]): Promise<void>;
}

/** A run whose events a relay took out of the outbox, for as long as its lease holds. */
export interface ClaimedRun {
  tenant: string;
  runId: string;
  /** How often they were sent in vain. */
  attempts: number;
  /** The last event that the outbox has of the run. */
  lastSeq: number;
  /** The next ones, in order; none where they were too old and are gone. */
  events: OutgoingEvent[];
}

/** Whose claims they are. */
export interface Lease {
  sink: SinkName;
  /** Of one round of one relay. */
  token: string;
  /** How long nobody else takes them. */
  leaseMs: number;
}

/**
 * The other end of the outbox, for relays: several may take out of it at the same time, and no two have the same run. Rejects with
 * a `StoreError` and nothing else.
 */
export interface OutboxSource {
  /** Takes runs that are due, those that are due longest first. */
  claim(lease: Lease, most: { runs: number; eventsPerRun: number }): Promise<ClaimedRun[]>;
  /** Keeps them. */
  renew(lease: Lease, runs: readonly ClaimedRun[]): Promise<void>;
  /** These events were taken; what else there is of the runs is due at once. */
  sent(lease: Lease, runs: readonly ClaimedRun[]): Promise<void>;
  /** Sent in vain: due again after a while. */
  failed(lease: Lease, run: ClaimedRun, retryAfterMs: number, error: string): Promise<void>;
  /** Not sent: due at once. */
  release(lease: Lease, runs: readonly ClaimedRun[]): Promise<void>;
  /** Removes what nobody took for `keepMs`, and what is known of runs that are through. Gives how many events were lost. */
  collect(sink: SinkName, keepMs: number): Promise<number>;
}
