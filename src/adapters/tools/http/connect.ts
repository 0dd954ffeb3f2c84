import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { ToolCallError } from '../../../contract/tool-error.js';
import { addressProblem } from './addresses.js';
import { bare } from './allow-list.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Finds all addresses of a name, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A client that connects to allowed addresses only. The check is made on the very addresses that the connection is then made
 * to: a name that resolves to something else the next moment gains nothing by it. Connections fail with a ToolCallError
 * `refused`.
 */
export function guardedAgent(allowPrivate: boolean, lookup: Lookup = systemLookup): Agent {
  const connector = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(allowPrivate, lookup) });
  return new Agent({
    connections: 1,
    pipelining: 0,
    connect(options, callback) {
      // An address written as such is not looked up.
      const host = bare(options.hostname);
      const problem = isIP(host) === 0 ? undefined : addressProblem(host, allowPrivate);
      if (problem !== undefined) return callback(refused(host, problem), null);
      connector(options, (error, socket) => {
        if (error) return callback(error, null);
        // What counts is where we are, however we got here.
        const wrong =
          socket.remoteAddress === undefined ? 'nowhere' : addressProblem(socket.remoteAddress, allowPrivate);
        if (wrong === undefined) return callback(null, socket);
        socket.destroy();
        callback(refused(host, wrong), null);
      });
    },
  });
}

function guardedLookup(allowPrivate: boolean, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => addressProblem(address, allowPrivate) === undefined);
      const [first] = allowed;
      if (!first) {
        const why = addressProblem(found[0]?.address ?? '', allowPrivate) ?? 'no address';
        return callback(refused(hostname, why), '');
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(host: string, problem: string): ToolCallError {
  return new ToolCallError('refused', `${host} leads to ${problem}: this tool may not call it`);
}
