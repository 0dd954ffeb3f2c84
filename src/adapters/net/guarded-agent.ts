import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { bare } from './addresses.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Finds all addresses of a name, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a client may connect to. */
export interface Guard {
  /** Why an address may not be called, in words; undefined: it may. */
  problem: (address: string) => string | undefined;
  /** The error that a connection to a host fails with, by what its address is. */
  refused: (host: string, problem: string) => Error;
  /** How names are resolved. Absent: as the system does. */
  lookup?: Lookup | undefined;
}

/**
 * A client that connects to allowed addresses only. The check is made on the very addresses that the connection is then made
 * to: a name that resolves to something else the next moment gains nothing by it. Other connections fail with the guard's error.
 */
export function guardedAgent(guard: Guard): Agent {
  const { problem, refused } = guard;
  const connector = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(guard) });
  return new Agent({
    connections: 1,
    pipelining: 0,
    connect(options, callback) {
      // An address written as such is not looked up.
      const host = bare(options.hostname);
      const wrongHost = isIP(host) === 0 ? undefined : problem(host);
      if (wrongHost !== undefined) return callback(refused(host, wrongHost), null);
      connector(options, (error, socket) => {
        if (error) return callback(error, null);
        // What counts is where we are, however we got here.
        const wrong = socket.remoteAddress === undefined ? 'nowhere' : problem(socket.remoteAddress);
        if (wrong === undefined) return callback(null, socket);
        socket.destroy();
        callback(refused(host, wrong), null);
      });
    },
  });
}

function guardedLookup({ problem, refused, lookup = systemLookup }: Guard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => problem(address) === undefined);
      const [first] = allowed;
      if (!first) {
        const why = problem(found[0]?.address ?? '') ?? 'no address';
        return callback(refused(hostname, why), '');
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
