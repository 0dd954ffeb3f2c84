import { isIP } from 'node:net';
import { bare } from '../../net/addresses.js';

/** One entry of the operator's list of hosts. */
export interface AllowedHost {
  /** Lower case, IPv6 without brackets. `*`: any; with `wildcard`: what lies below it. */
  host: string;
  wildcard: boolean;
  /** Absent: the scheme's own, 80 and 443. */
  port?: number;
}

const ENTRY = /^(?<host>\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/i;

/**
 * Reads one entry: `api.example.com`, `*.example.com` (what lies below, not example.com itself), `localhost:8080`,
 * `[::1]:8080`, `*` (any host). Undefined: it is none.
 */
export function parseAllowedHost(entry: string): AllowedHost | undefined {
  const groups = ENTRY.exec(entry.trim())?.groups;
  if (!groups?.host) return undefined;
  const port = groups.port === undefined ? undefined : Number(groups.port);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const wildcard = groups.host.startsWith('*.');
  const host = bare(wildcard ? groups.host.slice(2) : groups.host);
  if (groups.host.startsWith('[') && isIP(host) !== 6) return undefined;
  return { host, wildcard, ...(port !== undefined && { port }) };
}

/** Whether a URL's host and port are on the list. */
export function isAllowed(list: readonly AllowedHost[], { hostname, port, protocol }: URL): boolean {
  const name = bare(hostname);
  const own = protocol === 'https:' ? 443 : 80;
  const to = port === '' ? own : Number(port);
  return list.some(({ host, wildcard, port: allowed }) => {
    if (to !== (allowed ?? own)) return false;
    if (host === '*') return true;
    return wildcard ? name.endsWith(`.${host}`) && isIP(name) === 0 : name === host;
  });
}

/** The list in words, for models and people. */
export function hostsInWords(list: readonly AllowedHost[]): string {
  const hosts = list.map(({ host, wildcard, port }) => {
    const name = isIP(host) === 6 ? `[${host}]` : host;
    return `${wildcard ? '*.' : ''}${name}${port === undefined ? '' : `:${port}`}`;
  });
  if (hosts.includes('*')) return 'any public host';
  return hosts.slice(0, 20).join(', ') + (hosts.length > 20 ? ', …' : '');
}
