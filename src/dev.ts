/**
 * `npm start`: starts a Temporal server, a model, a worker and the gateway, runs one crew through HTTP as a client would, and keeps it
 * all up until Ctrl-C.
 */
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { InstallError } from '../scripts/lib/locked-install.mjs';
import { tryLock } from '../scripts/lib/pid-lock.mjs';
import { createTerminal, type Terminal } from '../scripts/lib/terminal.mjs';
import { TemporalCliNotFound } from '../temporal/find-cli.js';
import { parseDevArgs, USAGE, UsageError, type DevArgs } from './dev/args.js';
import { runDemo } from './dev/demo.js';
import { GatewayRefusal } from './dev/gateway-client.js';
import { PortsInUse } from './dev/ports.js';
import { readSettings, type DevSettings } from './dev/settings.js';
import { listenForStop } from './dev/signals.js';
import { awaitLeftovers, readStackFile } from './dev/stack-file.js';
import { Stack } from './dev/stack.js';
import { ChildFailure } from './dev/supervised.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LEFTOVERS_GRACE_MS = 15_000;

// Whoever reads the output may be gone (a closed terminal); the processes must be stopped all the same.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  const args = parseDevArgs(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  loadEnvFile();
  process.exit(await main(args, readSettings(process.env, ROOT)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nnpm start -- --help lists the options.\n`);
  process.exit(2);
}

/** Resolves with the exit code. */
async function main(args: DevArgs, settings: DevSettings): Promise<number> {
  const terminal = createTerminal({ colors: pc });
  const stackFile = join(settings.dataDir, 'stack.json');
  const lock = tryLock(join(settings.dataDir, 'stack.lock'));
  if (!lock.held) {
    const api = readStackFile(stackFile)?.api;
    const where = api === undefined ? '' : `, at ${api}`;
    terminal.line(
      `npm start is running in this folder already (process ${lock.holder.pid}${where}). Stop it first, or use it.`,
    );
    return 1;
  }
  const failed = new AbortController();
  let stack: Stack | undefined;
  const asked = listenForStop(() => {
    stack?.kill();
    terminal.close();
    process.stderr.write('Stopped at once. What was running goes on at the next npm start.\n');
    process.exit(130);
  });
  const signal = AbortSignal.any([asked, failed.signal]);
  let up = false;
  try {
    await clearLeftovers(terminal, stackFile, signal);
    stack = new Stack({
      root: ROOT,
      env: process.env,
      settings,
      terminal,
      signal,
      onFailure: (error) => failed.abort(error),
    });
    const api = await unless(signal, stack.start());
    up = true;
    const apiKey = process.env['CREW_API_KEY'];
    if (apiKey === undefined && (process.env['AUTH_API_KEYS'] === 'true' || process.env['OIDC_ISSUER'])) {
      terminal.line('Callers are authenticated, so that no run is shown: set CREW_API_KEY to a key. The first one:');
      terminal.line('  npx crew key create you --bootstrap');
      return await unless(signal, new Promise<never>(() => undefined));
    }
    const completed = await runDemo({
      api,
      ...(apiKey !== undefined && { apiKey }),
      topic: args.topic,
      settings,
      root: ROOT,
      terminal,
      signal,
      staysUp: !args.once,
    });
    if (args.once) return completed ? 0 : 1;
    terminal.line(`Up until Ctrl-C. ${pc.dim('Runs that are open then go on at the next npm start.')}`);
    return await unless(signal, new Promise<never>(() => undefined));
  } catch (error) {
    terminal.close();
    if (asked.aborted) return up ? 0 : 128 + (constants.signals[asked.reason as NodeJS.Signals] ?? 0);
    const cause: unknown = failed.signal.aborted ? failed.signal.reason : error;
    process.stderr.write(`\n${pc.red('npm start failed.')} ${explain(cause)}\n`);
    return 1;
  } finally {
    await stopStack(terminal, stack);
    lock.release();
  }
}

/** What an earlier stack, whose supervisor was killed, left running ends first. */
async function clearLeftovers(terminal: Terminal, stackFile: string, signal: AbortSignal): Promise<void> {
  const step = terminal.step('Waiting', 'processes of an earlier npm start are ending');
  const killed = await awaitLeftovers(stackFile, LEFTOVERS_GRACE_MS, signal).finally(() => step.clear());
  if (killed.length > 0) terminal.line(`  Ended what an earlier npm start had left running: ${killed.join(', ')}.`);
}

async function stopStack(terminal: Terminal, stack: Stack | undefined): Promise<void> {
  if (stack === undefined) return;
  const step = terminal.step('Stopping', 'gateway, worker, model, Temporal (Ctrl-C again: at once)');
  await stack.stop();
  step.clear();
  terminal.line('Everything is stopped.');
  terminal.close();
}

/** The promise's result, or the signal's reason as soon as it aborts. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject);
  });
}

/** What is set in the real environment wins over the file. */
function loadEnvFile(): void {
  try {
    process.loadEnvFile(join(ROOT, '.env'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new UsageError(`The file .env cannot be read: ${message}`);
  }
}

function explain(error: unknown): string {
  const known = [ChildFailure, GatewayRefusal, InstallError, PortsInUse, TemporalCliNotFound].some(
    (kind) => error instanceof kind,
  );
  if (known) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
