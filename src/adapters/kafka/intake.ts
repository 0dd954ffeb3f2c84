import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachMessagePayload, IHeaders } from 'kafkajs';
import type { HandleEvent, IntakeOutcome, Logger, ReceivedEvent } from '../../ports.js';
import { createKafka, type KafkaSettings } from './client.js';
import type { MessageProducer } from './producer.js';

/** What an intake works with. */
export interface IntakeDeps {
  settings: KafkaSettings;
  producer: MessageProducer;
  handle: HandleEvent;
  logger: Logger;
}

/** What it listens to. */
export interface IntakeOptions {
  topics: string[];
  groupId: string;
  deadLetterTopic: string;
  /** How soon the partitions of a member that died are given to others. */
  sessionMs: number;
  /** Told to stop while it waits for a broker, it gives up: `startIntake` rejects with the signal's reason. */
  signal: AbortSignal;
}

/** A consumer at work. */
export interface Intake {
  /** Whether it is a member of its group now, so that events come to it. */
  inGroup(): boolean;
  /** Finishes the events in hand, and leaves the group. */
  stop(): Promise<void>;
}

/** Partitions that are worked on at the same time. */
const PARTITIONS = 4;

/** How long to wait before an event is tried again, at first and at most; other members are told meanwhile that this one lives. */
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/** Longest text of a header. */
const MAX_REASON_CHARS = 1_000;

/**
 * Begins to take events. The offset of one is committed when it is done with: Temporal has what it asked for, or the
 * dead-letter topic has it. What may work later is tried again, and holds its partition.
 */
export async function startIntake(deps: IntakeDeps, options: IntakeOptions): Promise<Intake> {
  const { sessionMs, groupId, topics, signal } = options;
  const consumer = (await createKafka(deps.settings, deps.logger)).consumer({
    groupId,
    sessionTimeout: sessionMs,
    heartbeatInterval: Math.min(3_000, sessionMs / 3),
    maxWaitTimeInMs: 1_000,
    // A broker that is away is waited for.
    retry: { initialRetryTime: 300, maxRetryTime: 5_000, retries: 10, restartOnFailure: () => Promise.resolve(true) },
  });
  const stopping = new AbortController();
  const { GROUP_JOIN, CRASH, STOP, DISCONNECT } = consumer.events;
  let inGroup = false;
  consumer.on(GROUP_JOIN, () => (inGroup = true));
  for (const event of [CRASH, STOP, DISCONNECT] as const) consumer.on(event, () => (inGroup = false));
  await connected(consumer, topics, deps.logger, signal);
  await consumer.run({
    autoCommitThreshold: 10,
    autoCommitInterval: 1_000,
    partitionsConsumedConcurrently: PARTITIONS,
    eachMessage: (payload) => take(deps, options, payload, stopping.signal),
  });
  return {
    inGroup: () => inGroup,
    stop: async () => {
      stopping.abort();
      await consumer.disconnect();
    },
  };
}

/** At the start too, a broker that is away is waited for. */
async function connected(consumer: Consumer, topics: string[], logger: Logger, signal: AbortSignal): Promise<void> {
  // The client tries for half a minute by itself, and cannot be told to stop.
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('told to stop')), { once: true }),
  );
  aborted.catch(() => undefined);
  for (let tries = 1; ; tries++) {
    try {
      signal.throwIfAborted();
      const ready = consumer.connect().then(() => consumer.subscribe({ topics, fromBeginning: true }));
      await Promise.race([ready, aborted]);
      return;
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ err: error, tries }, 'Kafka not reachable');
      await pause(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** tries), undefined, { signal });
    }
  }
}

/** Works on one event until it is done with. @throws where the process stops, or the partition is not its own any more */
async function take(
  deps: IntakeDeps,
  { deadLetterTopic }: IntakeOptions,
  { topic, partition, message, heartbeat }: EachMessagePayload,
  signal: AbortSignal,
): Promise<void> {
  const { offset, key, value } = message;
  const event: ReceivedEvent = { topic, partition, offset, key, value, headers: textHeaders(message.headers) };
  const place = { topic, partition, offset };
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      const outcome = await deps.handle(event);
      if (outcome.done) return;
      deps.logger.warn({ ...place, code: outcome.code, reason: outcome.reason }, 'event not taken');
      await deps.producer.send(deadLetterTopic, [
        { key, value, headers: { ...message.headers, ...reasonHeaders(place, outcome) } },
      ]);
      return;
    } catch (error) {
      deps.logger.warn({ err: error, ...place, tries }, 'event to be tried again');
    }
    await waited(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 10)), heartbeat, signal);
  }
}

async function waited(waitMs: number, heartbeat: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const until = Date.now() + waitMs;
  while (Date.now() < until) {
    await pause(Math.min(1_000, until - Date.now()), undefined, { signal });
    await heartbeat();
  }
}

function reasonHeaders(
  { topic, partition, offset }: Pick<ReceivedEvent, 'topic' | 'partition' | 'offset'>,
  { code, reason }: Extract<IntakeOutcome, { done: false }>,
): IHeaders {
  return {
    'dead-letter-code': code,
    'dead-letter-reason': reason.slice(0, MAX_REASON_CHARS),
    'dead-letter-topic': topic,
    'dead-letter-partition': String(partition),
    'dead-letter-offset': offset,
    'dead-letter-time': new Date().toISOString(),
  };
}

function textHeaders(headers: IHeaders = {}): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[name.toLowerCase(), last.toString()] as const];
  });
  return Object.fromEntries(texts);
}
