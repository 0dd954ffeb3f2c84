import { isIP } from 'node:net';
import { addressProblem, bare, isPrivate } from '../net/addresses.js';

/**
 * Why a URL cannot be an endpoint, in words; undefined: it can. With `allowPrivate` also private and loopback addresses, and
 * those over plain http; cloud metadata never. A name is judged again by its addresses at each connection.
 */
export function urlProblem(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'Expected a URL, as https://example.com/hooks';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    return 'Expected an address that begins with https://';
  }
  if (url.username !== '' || url.password !== '') return 'A user name or password in it is not sent: leave them out';
  if (url.hash !== '') return 'What follows # is not sent: leave it out';
  const host = bare(url.hostname);
  const isLocal = host === 'localhost' || host.endsWith('.localhost');
  const problem = isIP(host) === 0 ? undefined : targetProblem(url.protocol, host, allowPrivate);
  if (problem !== undefined || (isLocal && !allowPrivate)) return `It leads to ${problem ?? 'a private address'}`;
  return undefined;
}

/** Why this address may not be connected to; undefined: it may. Plain http goes to private addresses only. */
export function targetProblem(protocol: string, address: string, allowPrivate: boolean): string | undefined {
  const problem = addressProblem(address, allowPrivate);
  if (problem !== undefined || protocol === 'https:') return problem;
  return isPrivate(address) ? undefined : 'a public address over plain http';
}
