import type { Logger } from '../ports.js';

/** What a use of Redis decides of its connection. Source: ioredis' `RedisOptions` */
export interface RedisUse {
  /** false: a command fails at once while there is no connection. */
  enableOfflineQueue?: boolean;
  /** null: any number. */
  maxRetriesPerRequest: number | null;
  /** Milliseconds until the next try to connect. */
  retryStrategy?: (times: number) => number;
}

/**
 * A connection to Redis that comes back by itself. That Redis is away is said once until it is back; `lost`: what is missing meanwhile. The
 * library is loaded here only, as most installations do without.
 */
export async function openRedis(url: string, use: RedisUse, logger: Logger, lost: string) {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, { ...use });
  let told = false;
  client.on('error', (error) => {
    if (!told) logger.warn({ err: error }, `Redis (REDIS_URL) cannot be reached: ${lost}`);
    told = true;
  });
  client.on('ready', () => (told = false));
  return client;
}
