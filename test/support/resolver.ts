import { isIP } from 'node:net';
import type { Lookup } from '../../src/adapters/net/guarded-agent.js';

/** A resolver whose one name leads elsewhere each time that it is asked for, as those of an attacker do. */
export interface Resolver {
  lookup: Lookup;
  /** What was answered, in order. */
  given: string[][];
}

/** `answers`: the addresses of each answer, in order; the last one stays. Another name is not known. */
export function rebinding(name: string, answers: (string | string[])[]): Resolver {
  const given: string[][] = [];
  return {
    given,
    lookup: (hostname, _options, done) => {
      if (hostname !== name) {
        done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), []);
        return;
      }
      const addresses = [answers[Math.min(given.length, answers.length - 1)] ?? []].flat();
      given.push(addresses);
      done(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );
    },
  };
}
