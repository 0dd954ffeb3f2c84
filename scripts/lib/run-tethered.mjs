import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { OWN_GROUP, signalGroup } from './process-group.mjs';

const TETHER = fileURLToPath(new URL('./tether.mjs', import.meta.url));
const GRACE_MS = 3_000;
const KEPT_LINES = 200;

/**
 * Runs a command to its end, quietly: its output goes line by line to `onLine`, the last lines come back. The command ends with
 * this process whatever happens to it, when `signal` aborts (then this rejects with the signal's reason), and after `timeoutMs`.
 *
 * Resolves with `{code, lines, timedOut}`; `code` is 127 where the command cannot be started and null where a signal ended it.
 */
export async function runTethered(command, args, { cwd, env, onLine = () => {}, signal, timeoutMs } = {}) {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [TETHER, String(GRACE_MS), command, ...args], {
    ...OWN_GROUP,
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine(line);
    });
  }
  let timedOut = false;
  const stop = () => child.connected && child.disconnect();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    // Not the event 'close': a child whose channel was disconnected from here never emits it.
    const printed = Promise.all([finished(child.stdout), finished(child.stderr)]);
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    // What the command left behind would keep its output open, and this from ending.
    signalGroup(child.pid, 'SIGKILL');
    await printed;
    signal?.throwIfAborted();
    return { code, lines, timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
