import type { Logger, TokenBus } from '../../ports.js';
import { openRedis, type RedisUse } from '../redis.js';
import { Listeners, topicOf } from './listeners.js';

const CHANNEL = 'agent-orchestration-service:tokens:';
const MAX_RECONNECT_MS = 2_000;

/**
 * The token channel over Redis' publish and subscribe, a channel a run. Nothing is kept there. While Redis is away nothing
 * is told; subscriptions are made again when it is back.
 */
export async function redisTokens(url: string, logger: Logger): Promise<TokenBus> {
  const options = {
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(50 * times, MAX_RECONNECT_MS),
  };
  const open = (more: Partial<RedisUse> = {}) =>
    openRedis(url, { ...options, ...more }, logger, 'no live text until it is back');
  // A text that cannot be sent now is of no use later.
  const publisher = await open({ enableOfflineQueue: false });
  const subscriber = await open();
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
