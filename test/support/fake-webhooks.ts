import { StoreError } from '../../src/contract/store-error.js';
import type { Webhooks } from '../../src/ports.js';

/** Webhooks of tenants that have none. */
export function noWebhooks(): Webhooks {
  const none = () => Promise.resolve(undefined);
  return {
    urlProblem: () => undefined,
    create: () => Promise.reject(new StoreError('unavailable', 'No webhooks can be made here')),
    list: () => Promise.resolve([]),
    get: none,
    update: none,
    remove: () => Promise.resolve(false),
    rotate: none,
    ping: none,
    deliveries: () => Promise.resolve({ deliveries: [] }),
    delivery: none,
    replay: none,
    replayFailed: () => Promise.resolve(0),
    unknown: (_tenant, ids) => Promise.resolve([...ids]),
    hasGlobal: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  };
}
