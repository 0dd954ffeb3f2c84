import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runTethered } from '../../scripts/lib/run-tethered.mjs';
import { retentionArgs } from '../../temporal/dev-server.js';

const RETRY_MS = 100;

/**
 * Resolves when the development server serves the namespace. The sign is a useful one: that closed runs are now kept for 30 days.
 * Rejects only when `signal` aborts.
 */
export async function temporalReady(
  server: { cli: string; port: number; namespace: string },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    // Much cheaper than a call that fails, and the port opens well before the namespace is there.
    if (await answers(server.port)) {
      const { code } = await runTethered(server.cli, retentionArgs(server), { signal });
      if (code === 0) return;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
