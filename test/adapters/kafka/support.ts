import type { Consumer, KafkaMessage } from 'kafkajs';
import { createKafka, type KafkaSettings } from '../../../src/adapters/kafka/client.js';
import { missingForKafka } from '../../support/kafka.js';
import { memoryLogger } from '../../support/logger.js';
import { needed } from '../../support/needed.js';
import { uniqueName } from '../../support/crews.js';

/** Skips a group where there can be no broker; with REQUIRE_ALL=1 that is a failure. Called in its `before`. */
export function requireKafka(context: Mocha.Context): void {
  const missing = missingForKafka();
  if (missing !== undefined) needed(context, undefined, missing);
}

/** A broker that has just come up, or has much to do, says 'not yet' for a while. */
const PATIENT = { initialRetryTime: 300, maxRetryTime: 3_000, retries: 20 };

export const settingsOf = (brokers: string[]): KafkaSettings => ({ brokers, clientId: 'test' });

/** A message as a test looks at it. */
export interface Seen {
  partition: number;
  offset: string;
  key: string | undefined;
  headers: Record<string, string>;
  value: unknown;
}

/** Reads a topic from its beginning, while `use` works. */
export async function reading(
  settings: KafkaSettings,
  topic: string,
  use: (seen: Seen[]) => Promise<void>,
): Promise<void> {
  const kafka = await createKafka(settings, memoryLogger());
  const consumer: Consumer = kafka.consumer({ groupId: uniqueName('reader'), retry: PATIENT });
  const seen: Seen[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        seen.push({ partition, ...looked(message) });
        return Promise.resolve();
      },
    });
    await use(seen);
  } finally {
    await consumer.disconnect();
  }
}

function looked({ key, value, headers = {}, offset }: KafkaMessage): Omit<Seen, 'partition'> {
  const text = value?.toString() ?? '';
  const texts = Object.entries(headers).map(([name, header]) => [name, String(header)] as const);
  let json: unknown = text;
  try {
    json = JSON.parse(text);
  } catch {
    // As it is.
  }
  return { offset, key: key?.toString(), headers: Object.fromEntries(texts), value: json };
}

/** Makes topics, of four partitions. */
export async function makeTopics(settings: KafkaSettings, ...topics: string[]): Promise<void> {
  const admin = (await createKafka(settings, memoryLogger())).admin({ retry: PATIENT });
  await admin.connect();
  try {
    await admin.createTopics({ waitForLeaders: true, topics: topics.map((topic) => ({ topic, numPartitions: 4 })) });
  } finally {
    await admin.disconnect();
  }
}
