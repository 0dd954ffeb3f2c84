import type { TokenBus } from '../../ports.js';

/** No channel: nobody listens, and nothing is told. */
export function noTokens(): TokenBus {
  return {
    wanted: () => false,
    publish: () => undefined,
    subscribe: () => () => undefined,
    close: () => Promise.resolve(),
  };
}
