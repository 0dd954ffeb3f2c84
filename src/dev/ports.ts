import { createServer } from 'node:net';

/** A port that the stack needs. */
export interface PortWish {
  /** What it is for, as people call it: `the gateway`. */
  purpose: string;
  port: number;
  /** The environment variable that sets it. */
  variable: string;
  /** Whether the variable was set, or the port is the default. */
  isSet: boolean;
}

/** A port that can be listened on, and a line for people where it is not the wished one. */
export interface PortChoice {
  port: number;
  note?: string;
}

const TRIES = 100;
/** All of them: a listener on every address would shadow or refuse one on loopback, differently on each platform. */
const ADDRESSES = ['127.0.0.1', '0.0.0.0', '::1', '::'] as const;

type IsFree = (port: number) => Promise<boolean>;

/**
 * The wished port, or the next one that is free and not in `taken`, to which it is added.
 * @throws PortsInUse where none of the next hundred is free
 */
export async function choosePort(wish: PortWish, taken: Set<number>, isFree: IsFree = isPortFree): Promise<PortChoice> {
  for (let port = wish.port; port < wish.port + TRIES && port <= 65_535; port += 1) {
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    if (port === wish.port) return { port };
    const whose = wish.isSet ? `set by ${wish.variable}` : `the default; ${wish.variable} sets another`;
    return { port, note: `Port ${wish.port} for ${wish.purpose} (${whose}) is in use: taking ${port}.` };
  }
  throw new PortsInUse(
    `Port ${wish.port} for ${wish.purpose} and the ${TRIES - 1} after it cannot be used. Set ${wish.variable} to another.`,
  );
}

/** No port could be had; the message is for people. */
export class PortsInUse extends Error {
  override readonly name = 'PortsInUse';
}

/** Whether a port can be listened on, on loopback and on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const address of ADDRESSES) if (!(await canListen(port, address))) return false;
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no such address, which is no reason against the port.
    const noSuchAddress = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(noSuchAddress.includes(code ?? '')));
    server.listen({ port, host, exclusive: true, ipv6Only: host.includes(':') }, () =>
      server.close(() => resolve(true)),
    );
  });
}
