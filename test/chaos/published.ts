import { createKafka } from '../../src/adapters/kafka/client.js';
import type { RunEvent } from '../../src/client/index.js';
import { memoryLogger } from '../support/logger.js';

/** Reads run events of a topic from its beginning, until all of these ids were seen or the time is up. */
export async function readPublished(
  brokers: string[],
  topic: string,
  ids: ReadonlySet<string>,
  timeoutMs: number,
): Promise<RunEvent[]> {
  const kafka = await createKafka({ brokers, clientId: 'chaos' }, memoryLogger());
  const consumer = kafka.consumer({ groupId: 'chaos' });
  const events: RunEvent[] = [];
  const missing = new Set(ids);
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(resolve, timeoutMs);
      const see = (event: RunEvent) => {
        events.push(event);
        missing.delete(event.id);
        if (missing.size > 0) return;
        clearTimeout(limit);
        resolve();
      };
      consumer
        .run({
          eachMessage: ({ message }) => {
            see(JSON.parse(message.value?.toString() ?? '') as RunEvent);
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    return events;
  } finally {
    await consumer.disconnect();
  }
}
