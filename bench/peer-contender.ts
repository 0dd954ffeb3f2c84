import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { openStore } from '../src/adapters/store/index.js';
import { startTelemetry } from '../src/adapters/telemetry.js';
import type { TemporalClient } from '../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../src/adapters/temporal/crew-runs.js';
import { DEFAULT_TENANT, workflowIdOf } from '../src/contract/ids.js';
import { crewDocument, crewOf, uniqueName } from '../test/support/crews.js';
import { modelFactsFor, scriptedModels } from '../test/support/parts.js';
import { serverOnDisk, stopTestServer } from '../test/support/temporal.js';
import { startBenchWorker } from './workers.js';

/** Something that runs the crew of two agents. */
export interface Contender {
  name: string;
  /** What makes a run go on after its process was killed, in words. */
  resumedBy: string;
  /** Runs it to its end. Rejects where it failed, or its process ended. */
  run(id: string, topic: string): Promise<void>;
  /** kill -9 of whatever runs crews. */
  kill(): Promise<void>;
  /** Starts that again, and brings this run to its end, as one does with it. */
  revive(id: string, topic: string): Promise<void>;
  stop(): Promise<void>;
}

/** This service without its gateway, as the others are called without one: a worker, a Temporal server with its file, and a store. */
export async function startService(modelUrl: string, databaseUrl: string): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  const { env, bundle } = await serverOnDisk(join(folder, 'temporal.db'));
  const store = openStore({ databaseUrl });
  const { plugin } = startTelemetry('bench', false);
  const client = new Client({ connection: env.connection, plugins: [plugin] }) as TemporalClient;
  const taskQueue = uniqueName('peers');
  const runs = createCrewRuns(client, store, taskQueue);
  const crew = crewOf(crewDocument());
  const models = modelFactsFor(scriptedModels(modelUrl), crew.definition);
  const startWorker = () =>
    startBenchWorker({ address: env.address, taskQueue, databaseUrl, modelUrl, workflowCode: bundle.code });
  const endOf = async (id: string) => {
    await client.workflow.getHandle(workflowIdOf(DEFAULT_TENANT, id)).result();
  };
  let worker = await startWorker();
  return {
    name: 'this service',
    resumedBy: 'itself',
    run: async (id, topic) => {
      await runs.start({ tenant: DEFAULT_TENANT, runId: id, crew, inputs: { topic }, models });
      await endOf(id);
    },
    kill: () => worker.kill(),
    revive: async (id) => {
      worker = await startWorker();
      await endOf(id);
    },
    stop: async () => {
      await worker.kill();
      await store.close();
      await env.teardown();
      await stopTestServer();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
