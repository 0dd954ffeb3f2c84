import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startTelemetry } from '../src/adapters/telemetry.js';
import type { TemporalClient } from '../src/adapters/temporal/connection.js';
import { bundleOptions } from '../src/adapters/temporal/worker-options.js';
import type { ScriptInput } from '../src/scripted-model/script.js';
import { devServerArgs } from '../temporal/dev-server.js';
import { findTemporalCli } from '../temporal/find-cli.js';
import { freePort } from '../test/support/free-port.js';
import { startEmbeddedStore, stopped } from '../test/support/store.js';

/** What runs need beside workers, each part a process of its own, so that its CPU time can be told. */
export interface Parts {
  address: string;
  client: TemporalClient;
  modelUrl: string;
  databaseUrl: string;
  workflowCode: string;
  /** By what each is called in reports. */
  pids: Record<'Temporal server' | 'store' | 'model', number>;
  stop(): Promise<void>;
}

/** Starts a Temporal server with its database in a file, the embedded store in memory, and a model of this script. */
export async function startParts(script: ScriptInput): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const running: ChildProcess[] = [];
  let client: TemporalClient | undefined;
  const stop = async () => {
    await client?.connection.close();
    await Promise.all(running.map((child) => stopped(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    const { path } = await findTemporalCli({ onProgress: () => undefined });
    const args = devServerArgs({ port, dbFile: join(folder, 'temporal.db') });
    const server = spawn(path, args, { cwd: folder, stdio: 'ignore' });
    running.push(server);
    // It knows nothing of its parent: a benchmark that fails must not leave it behind.
    process.once('exit', () => server.kill('SIGKILL'));
    const store = await startEmbeddedStore();
    running.push(store.process);
    const scriptFile = join(folder, 'script.json');
    writeFileSync(scriptFile, JSON.stringify(script));
    const model = fork('src/scripted-model/main.ts', [scriptFile], { execArgv: ['--import', 'tsx'], silent: true });
    running.push(model);
    const modelPort = await new Promise<number>((resolve, reject) => {
      model.once('message', (message: { port: number }) => resolve(message.port));
      model.once('exit', (code) => reject(new Error(`the scripted model ended with code ${code}`)));
    });
    const address = `127.0.0.1:${port}`;
    client = await connected(address);
    const logger = new DefaultLogger('ERROR', () => undefined);
    const { code } = await bundleWorkflowCode({ ...bundleOptions(), logger });
    return {
      address,
      client,
      modelUrl: `http://127.0.0.1:${modelPort}/v1`,
      databaseUrl: store.databaseUrl,
      workflowCode: code,
      pids: { 'Temporal server': server.pid ?? 0, store: store.process.pid ?? 0, model: model.pid ?? 0 },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A client of a server that may not serve its namespace yet. */
async function connected(address: string): Promise<TemporalClient> {
  const { plugin } = startTelemetry('bench', false);
  for (let attempt = 1; ; attempt++) {
    let connection: Connection | undefined;
    try {
      connection = await Connection.connect({ address, connectTimeout: '2s' });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return new Client({ connection, plugins: [plugin] }) as TemporalClient;
    } catch (error) {
      await connection?.close();
      if (attempt === 100) throw error;
      await pause(200);
    }
  }
}
