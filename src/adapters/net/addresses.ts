import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Public addresses behind which clouds keep their machines' credentials. */
const METADATA = ['168.63.129.16', '100.100.100.200', 'fd00:ec2::254'];

/** What the operator may open (`HTTP_TOOL_ALLOW_PRIVATE`, `WEBHOOKS_ALLOW_PRIVATE`): networks of one's own. */
const PRIVATE = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];

/** IPv6 as it is given out to the public. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Prefix under which NAT64 reaches IPv4. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Why this address may not be called, in words; undefined: it may. IPv4 in an IPv6 coat (`::ffff:…`, NAT64) is looked at as
 * the IPv4 that it leads to. Link-local, metadata, unspecified and multicast addresses are never called.
 */
export function addressProblem(address: string, allowPrivate: boolean): string | undefined {
  if (isIP(address) === 0) return 'no IP address';
  const parsed = underlying(ipaddr.process(address));
  const range = parsed.range();
  if (METADATA.includes(parsed.toString())) return 'an address of cloud metadata';
  if (PRIVATE.includes(range)) return allowPrivate ? undefined : 'a private address';
  if (range !== 'unicast') return 'an address that is not public';
  const global = parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_IPV6);
  return global ? undefined : 'an address that is not public';
}

/** Whether an address is of a private network or this machine, as far as an operator may open it. */
export function isPrivate(address: string): boolean {
  return addressProblem(address, false) !== undefined && addressProblem(address, true) === undefined;
}

/** A host's name as it is compared: without brackets and the dot at its end, as a URL writes it. */
export function bare(hostname: string): string {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
}

function underlying(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === 'ipv4' || !(address as ipaddr.IPv6).match(NAT64)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}
