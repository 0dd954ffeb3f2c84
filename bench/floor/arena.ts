import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import type { TemporalClient } from '../../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../../src/adapters/temporal/crew-runs.js';
import { bundleOptions } from '../../src/adapters/temporal/worker-options.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { temporalReady } from '../../src/dev/temporal-ready.js';
import type { Crew } from '../../src/ports.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { startScriptedModel } from '../../src/scripted-model/server.js';
import { devServerArgs } from '../../temporal/dev-server.js';
import { findTemporalCli } from '../../temporal/find-cli.js';
import { freePort } from '../../test/support/free-port.js';
import { modelFactsFor, scriptedModels } from '../../test/support/parts.js';
import { startEmbeddedStore, stopped } from '../../test/support/store.js';
import type { Asked, Told } from './worker.js';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** The product and the bare SDK on one server: each with a worker of its own, which is the same but for its workflows. */
export interface Arena {
  address: string;
  databaseUrl: string;
  modelUrl: string;
  /** Runs a crew from its start to its result; gives its workflow id. */
  crew(crew: Crew, inputs?: Record<string, string>): Promise<string>;
  /** Runs a hand-written workflow from its start to its result; gives its workflow id. */
  bare(workflow: string, args: unknown[]): Promise<string>;
  history(workflowId: string): Promise<History>;
  /** CPU time that the worker of a side used so far, in ms. */
  cpuOf(side: 'product' | 'bare'): Promise<number>;
  close(): Promise<void>;
}

/** Where the bare workflows are. */
const BARE = { workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) };
const logger = new DefaultLogger('ERROR', () => undefined);

/** Starts the server as `npm start` has it, the embedded store, a scripted model, and both workers. */
export async function openArena(script: ScriptInput): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startServer(join(folder, 'temporal.db'));
    closing.push(() => stopped(server.process));
    const store = await startEmbeddedStore();
    closing.push(() => stopped(store.process));
    const model = await startScriptedModel({ script });
    closing.push(() => model.close());
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());

    const common = { address: server.address, databaseUrl: store.databaseUrl, modelUrl: model.url };
    const side = async (name: string, options: BundleOptions, telemetry: boolean) => {
      const workflowBundle = join(folder, `${name}.js`);
      writeFileSync(workflowBundle, (await bundleWorkflowCode({ ...options, logger })).code);
      const worker = await startWorker(name, { ...common, taskQueue: name, workflowBundle, telemetry });
      closing.push(() => stopped(worker));
      return worker;
    };
    const workers = {
      product: await side('product', bundleOptions(), true),
      bare: await side('bare', BARE, false),
    };

    const { plugin } = startTelemetry('bench', false);
    const client = new Client({ connection, plugins: [plugin] }) as TemporalClient;
    const bareClient = new Client({ connection });
    const runs = createCrewRuns(client, undefined as never, 'product');
    const models = scriptedModels(model.url);
    return {
      ...common,
      crew: async (crew, inputs = {}) => {
        const runId = randomUUID();
        const facts = modelFactsFor(models, crew.definition);
        await runs.start({ tenant: DEFAULT_TENANT, runId, crew, inputs, models: facts });
        const workflowId = workflowIdOf(DEFAULT_TENANT, runId);
        await client.workflow.getHandle(workflowId).result();
        return workflowId;
      },
      bare: async (workflow, args) => {
        // As long an id as a run of the product has.
        const workflowId = workflowIdOf(DEFAULT_TENANT, randomUUID());
        const handle = await bareClient.workflow.start(workflow, { taskQueue: 'bare', workflowId, args });
        await handle.result();
        return workflowId;
      },
      history: (workflowId) => bareClient.workflow.getHandle(workflowId).fetchHistory(),
      cpuOf: (side) => cpuOf(workers[side]),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startServer(dbFile: string): Promise<{ address: string; process: ChildProcess }> {
  const { path } = await findTemporalCli({ onProgress: () => undefined });
  const port = await freePort();
  const child = spawn(path, devServerArgs({ port, dbFile, logLevel: 'error' }), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const given = new AbortController();
  child.once('exit', (code) => given.abort(new Error(`the Temporal server ended with code ${code}`)));
  await temporalReady({ cli: path, port, namespace: 'default' }, given.signal);
  return { address: `127.0.0.1:${port}`, process: child };
}

/** `BENCH_CPU_PROF`: a folder for the CPU profile of each worker, for whoever looks where its time goes. */
async function startWorker(name: string, asked: Asked): Promise<ChildProcess> {
  const profiles = process.env['BENCH_CPU_PROF'];
  const profiling = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', join(profiles, name)];
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', ...profiling],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the worker of '${name}' ended with code ${code}`)));
    child.send(asked);
  });
  return child;
}

function cpuOf(worker: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', ({ cpuMs }: Told) => resolve(cpuMs));
    worker.send('cpu');
  });
}
