import { connect, createServer } from 'node:net';

/**
 * Below what Linux and macOS give to outgoing connections (from 32768 and 49152 on): a port from there might be taken by one between the
 * moment that it is chosen and the moment that something listens on it, or while what listened there is down.
 */
const RANGE = { from: 20_000, to: 32_000 };
/** The ports after one are left to it: some take the next one where theirs is in use. */
const STEP = 10;

const given = new Set<number>();

/** A port of 127.0.0.1 that nothing listens on, and that is not given again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = RANGE.from + STEP * Math.floor((Math.random() * (RANGE.to - RANGE.from)) / STEP);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether something listens on a port of 127.0.0.1. */
export function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
