import type { Message, Producer } from 'kafkajs';
import type { Logger } from '../../ports.js';
import { createKafka, kafkajs, type KafkaSettings } from './client.js';

/** Largest request, in bytes: brokers refuse batches over 1 MB unless told otherwise. */
const MAX_REQUEST_BYTES = 500_000;

/** Sends messages to topics, in order, until they are on all replicas that are in sync. */
export interface MessageProducer {
  /** Ends within a minute. Rejects where not all of them are known to be taken. */
  send(topic: string, messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * An idempotent producer, connected at its first use. One request at a time: with more, a broker that comes back takes them out
 * of sequence. After a failure a new producer is made, as it is not known what the old one's broker has.
 */
export function createProducer(settings: KafkaSettings, logger: Logger): MessageProducer {
  let connected: Promise<Producer> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const drop = async () => {
    const dropped = connected;
    connected = undefined;
    await dropped?.then((producer) => producer.disconnect()).catch(() => undefined);
  };
  const send = async (topic: string, messages: readonly Message[]) => {
    try {
      const producer = await (connected ??= connect(settings, logger));
      for (const request of requests(messages)) await producer.send({ topic, acks: -1, messages: request });
    } catch (error) {
      await drop();
      throw error;
    }
  };
  return {
    send: (topic, messages) => {
      const sent = last.then(() => send(topic, messages));
      last = sent.catch(() => undefined);
      return sent;
    },
    close: async () => {
      await last;
      await drop();
    },
  };
}

async function connect(settings: KafkaSettings, logger: Logger): Promise<Producer> {
  const { Partitioners } = (await kafkajs()).default;
  const producer = (await createKafka(settings, logger)).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    // The caller comes again, for days: here only what a change of the leader takes.
    retry: { initialRetryTime: 200, multiplier: 2, maxRetryTime: 4_000, retries: 6 },
  });
  await producer.connect();
  return producer;
}

/** Messages by requests that are not too large; one that alone is too large goes alone, and the broker says so. */
function requests(messages: readonly Message[]): Message[][] {
  const all: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > MAX_REQUEST_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(message);
    bytes += size;
  }
  return all;
}

function sizeOf({ key, value, headers = {} }: Message): number {
  const header = Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + String(text).length, 0);
  return Buffer.byteLength(value ?? '') + Buffer.byteLength(key ?? '') + header + 100;
}
