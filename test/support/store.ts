import { fork, type ChildProcess } from 'node:child_process';
import { openStore } from '../../src/adapters/store/index.js';
import type { Store } from '../../src/ports.js';

/** An embedded store that is serving. */
export interface EmbeddedStore {
  databaseUrl: string;
  process: ChildProcess;
}

/** The one store of this test run: a real one, in a process of its own, in memory. Tenants keep tests apart. */
export interface TestStore {
  store: Store;
  databaseUrl: string;
}

let shared: Promise<TestStore & EmbeddedStore> | undefined;

/** The shared store, started at its first use. */
export function testStore(): Promise<TestStore> {
  shared ??= startEmbeddedStore().then((embedded) => ({ ...embedded, store: openStore(embedded) }));
  return shared;
}

/** Stops the shared store, if it was started. Mocha calls it once at the end. */
export async function stopTestStore(): Promise<void> {
  const running = await shared;
  await running?.store.close();
  await stopped(running?.process);
}

/** Starts an embedded store: with a folder as `npm start` does, without in memory. */
export async function startEmbeddedStore(folder?: string, port = 0): Promise<EmbeddedStore> {
  const args = ['--port', String(port), ...(folder === undefined ? [] : ['--data', folder])];
  const child = fork('src/dev/embedded-store.ts', args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const served = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`the embedded store ended with code ${code}`)));
  });
  return { databaseUrl: `postgres://postgres@127.0.0.1:${served}/postgres`, process: child };
}

/** Ends a process and waits until it is gone. */
export async function stopped(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
