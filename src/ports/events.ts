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

/**
 * What a run that is started now tells the platform, as it is configured now; undefined: nothing. `named`: the endpoints that the
 * start names. Rejects with a `StoreError` and nothing else.
 */
export type PublishOf = (tenant: string, named?: Pick<RunPublish, 'webhooks'>) => Promise<RunPublish | undefined>;

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

/** An event as CloudEvents 1.0 has it, for any topic. */
export interface PlatformEvent {
  /** With the source, what consumers dedupe by. */
  id: string;
  type: string;
  subject?: string;
  /** ISO 8601. */
  time: string;
  /** What keeps events in order: those with the same key come as they were sent. */
  key: string;
  /** JSON. */
  data: unknown;
  traceparent?: string;
  tracestate?: string;
  /** More attributes, by name: lower-case letters and digits. */
  extensions?: Record<string, string>;
}

/** Sends events to topics. Resolves when they are taken for good; when it rejects, some of them may have been. */
export interface EventBus {
  sendEvents(topic: string, events: readonly PlatformEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** An event that came from outside, as it was received. */
export interface ReceivedEvent {
  topic: string;
  partition: number;
  offset: string;
  key: Uint8Array | null;
  value: Uint8Array | null;
  /** Those that are text; of several with one name, the last. */
  headers: Record<string, string>;
}

/** What became of an event: it is done with, or cannot be, ever. */
export type IntakeOutcome = { done: true } | { done: false; code: string; reason: string };

/** Does what an event asks for. Rejects where it may work later. */
export type HandleEvent = (event: ReceivedEvent) => Promise<IntakeOutcome>;

/** Where a value comes from: the data of an event, or it is a constant. */
export type IntakeSource = { path: string } | { value: string | number | boolean };

/** What comes of the events of a topic: a run, or a decision. */
export type IntakeTopic = IntakeStart | { decisions: true; id?: string; tenant: string };

/** How an event starts a run. */
export interface IntakeStart {
  /** `name`, or `name@version`. */
  crew: string;
  /** Absent: the data of the event are the inputs. */
  inputs?: Record<string, IntakeSource>;
  label?: IntakeSource;
  /** Ids of the tenant's webhook endpoints that hear of the run. */
  webhooks?: string[];
  /** Where the data say the event's id, for events whose headers do not. */
  id?: string;
  tenant: string;
}
