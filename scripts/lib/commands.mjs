import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver } from './hand-over.mjs';
import { installLocalModel } from './local-model-install.mjs';
import { ensureInstalled, InstallError, npmCommand } from './locked-install.mjs';
import { watchParent } from './parent-watch.mjs';
import { createTerminal } from './terminal.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSX = ['--import', 'tsx'];

const USAGE = `Usage: node scripts/bootstrap.mjs COMMAND [ARGUMENT…]

  start     install what is missing, then start the whole stack (npm start -- --help lists its options)
  test      install what is missing, then run the tests; arguments go to mocha
  check     install what is missing, then run every static check
  install   only install: dependencies, the Temporal CLI, the local model`;

const COMMANDS = { start, test, check, install };

/** Runs one command of the bootstrap; sets the exit code. */
export async function main([name, ...args]) {
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const asked = name === '--help' || name === '-h';
    (asked ? process.stdout : process.stderr).write(`${USAGE}\n`);
    process.exitCode = asked ? 0 : 2;
    return;
  }
  const stop = new AbortController();
  const onSignal = (signal) => stop.abort(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  let told = false;
  for (const signal of signals) process.on(signal, () => (told = true));
  watchParent(() => told || process.kill(process.pid, 'SIGTERM'));
  const terminal = createTerminal();
  try {
    await command({
      args: args[0] === '--' ? args.slice(1) : args,
      terminal,
      signal: stop.signal,
      /** From here on the other process answers signals. */
      handOver: (file, rest, options) => {
        for (const signal of signals) process.off(signal, onSignal);
        terminal.close();
        return handOver(file, rest, { cwd: ROOT, ...options });
      },
    });
  } catch (error) {
    terminal.close();
    if (stop.signal.aborted) {
      process.stderr.write('Stopped. What was installed so far is completed at the next try.\n');
      process.exitCode = 128 + constants.signals[stop.signal.reason];
    } else if (error instanceof InstallError) {
      process.stderr.write(`\n${error.message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

async function start({ args, terminal, signal, handOver }) {
  await installService(terminal, signal);
  await handOver(process.execPath, [...TSX, 'src/dev.ts', ...args], { ipc: true });
}

async function test({ args, terminal, signal, handOver }) {
  await installEverything(terminal, signal);
  await handOver(...npmRun('test:mocha', args));
}

async function check({ args, terminal, signal, handOver }) {
  await installService(terminal, signal);
  await installLocalModel({ root: ROOT, terminal, signal });
  await handOver(...npmRun('check:all', args));
}

async function install({ terminal, signal }) {
  await installEverything(terminal, signal);
  terminal.line('Everything is installed. Start with: npm start');
}

async function installEverything(terminal, signal) {
  await installService(terminal, signal);
  await installLocalModel({ root: ROOT, terminal, signal });
  terminal.close();
  for (const script of ['temporal/prepare.ts', 'local-model/src/fetch.ts']) {
    const code = await runHere(process.execPath, [...TSX, script], signal);
    signal.throwIfAborted();
    // It has said why.
    if (code !== 0) throw new InstallError('Not everything could be installed.');
  }
}

function installService(terminal, signal) {
  return ensureInstalled({
    dir: ROOT,
    label: 'Dependencies',
    size: 'about 200 MB to download, 500 MB on the disk, once',
    terminal,
    lockFile: join(ROOT, '.data', 'install.lock'),
    signal,
  });
}

/** Runs a command on this terminal to its end; it ends when `signal` aborts. Resolves to its exit code. */
function runHere(command, args, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
    const stop = () => child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code);
    });
  });
}

function npmRun(script, args) {
  const [npm, ...first] = npmCommand();
  return [npm, [...first, 'run', '--silent', script, '--', ...args]];
}
