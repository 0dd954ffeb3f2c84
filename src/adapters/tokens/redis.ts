import type { Redis } from 'ioredis';
import type { Logger, TokenBus } from '../../ports.js';
import { Listeners, topicOf } from './listeners.js';

const CHANNEL = 'agent-orchestration-service:tokens:';
const MAX_RECONNECT_MS = 2_000;

/**
 * The token channel over Redis' publish and subscribe, a channel a run. Nothing is kept there. While Redis is away nothing
 * is told; subscriptions are made again when it is back. The library is loaded here only, as most installations do without.
 */
export async function redisTokens(url: string, logger: Logger): Promise<TokenBus> {
  const { Redis: Client } = await import('ioredis');
  const options = {
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(50 * times, MAX_RECONNECT_MS),
  };
  const watched = (client: Redis) => {
    let told = false;
    client.on('error', (error) => {
      if (!told) logger.warn({ err: error }, 'Redis (REDIS_URL) cannot be reached: no live text until it is back');
      told = true;
    });
    client.on('ready', () => (told = false));
    return client;
  };
  // A text that cannot be sent now is of no use later.
  const publisher = watched(new Client(url, { ...options, enableOfflineQueue: false }));
  const subscriber = watched(new Client(url, options));
  const listeners = new Listeners();
  subscriber.on('message', (channel: string, text: string) => {
    listeners.tell(channel.slice(CHANNEL.length), parsed(text));
  });
  const quietly = (work: Promise<unknown>) => void work.catch(() => undefined);
  return {
    wanted: () => publisher.status === 'ready',
    publish: (tenant, message) =>
      quietly(publisher.publish(CHANNEL + topicOf(tenant, message.runId), JSON.stringify(message))),
    subscribe: (tenant, runId, listener) => {
      const topic = topicOf(tenant, runId);
      if (listeners.add(topic, listener)) quietly(subscriber.subscribe(CHANNEL + topic));
      return () => {
        if (listeners.remove(topic, listener)) quietly(subscriber.unsubscribe(CHANNEL + topic));
      };
    },
    close: () => {
      publisher.disconnect();
      subscriber.disconnect();
      return Promise.resolve();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
