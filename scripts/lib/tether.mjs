/**
 * Runs a program that knows nothing of its parent, and ends it when the parent is gone: `node tether.mjs GRACE_MS COMMAND [ARG…]`.
 *
 * Even kill -9 of the parent closes the IPC channel, which is the sign to stop here: SIGTERM, and after the grace time SIGKILL to the
 * whole process group. The program's pid is sent to the parent as `{type: 'pid', pid}`; its exit code or signal becomes this
 * process's own.
 */
import { spawn } from 'node:child_process';
import { signalGroup } from './process-group.mjs';

const [grace, command, ...args] = process.argv.slice(2);
const graceMs = Number(grace);
if (command === undefined || !Number.isFinite(graceMs)) {
  process.stderr.write('Usage: node tether.mjs GRACE_MS COMMAND [ARG…]\n');
  process.exit(2);
}

const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });

let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  program.kill('SIGTERM');
  setTimeout(() => {
    if (!signalGroup(process.pid, 'SIGKILL')) program.kill('SIGKILL');
  }, graceMs);
};

program.once('spawn', () => {
  // A parent that is gone by now is told of by 'disconnect', or below.
  process.send?.({ type: 'pid', pid: program.pid }, () => {});
});
program.once('error', (error) => {
  process.stderr.write(`${command} cannot be started: ${error.message}\n`);
  process.exit(127);
});
program.once('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  // Die of the same signal, so that the parent sees what happened; a handler of ours would keep it from working.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (process.connected === false) stop();
