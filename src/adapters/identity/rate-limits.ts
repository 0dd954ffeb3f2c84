import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Caller, RateLimits } from '../../ports.js';

const WINDOW_SECONDS = 60;

/**
 * Requests a minute and caller. With Redis over all gateways; without, and while Redis is away, each gateway counts on its own.
 * `perMinute`: of callers that have no limit of their own; 0: none.
 */
export function createRateLimits({ perMinute, redis }: { perMinute: number; redis?: Redis }): RateLimits {
  const limiters = new Map<number, RateLimiterAbstract>();
  const limiterOf = (points: number) => {
    const known = limiters.get(points);
    if (known) return known;
    const memory = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
    const limiter = redis
      ? new RateLimiterRedis({
          storeClient: redis,
          keyPrefix: 'crew-rate',
          points,
          duration: WINDOW_SECONDS,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        })
      : memory;
    limiters.set(points, limiter);
    return limiter;
  };
  return {
    take: async (caller) => {
      const points = caller.limits?.perMinute ?? perMinute;
      if (caller.id === undefined || points === 0) return undefined;
      const left = await consume(limiterOf(points), keyOf(caller));
      const granted = left.consumedPoints <= points;
      return { granted, perMinute: points, remaining: Math.max(0, left.remainingPoints), resetMs: left.msBeforeNext };
    },
  };
}

/** The subject of a token is only its provider's word: the tenant keeps two of the same name apart. */
function keyOf({ tenant, id }: Caller): string {
  return `${tenant}/${id}`;
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (over) {
    if (over instanceof RateLimiterRes) return over;
    throw over;
  }
}
