import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import { openStore } from '../../src/adapters/store/index.js';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import { TUNING } from '../../src/adapters/temporal/worker-options.js';
import { activityParts, scriptedModels } from '../../test/support/parts.js';

/** Where everything is that the worker needs. */
export interface Asked {
  address: string;
  taskQueue: string;
  databaseUrl: string;
  modelUrl: string;
  /** File with the bundle of workflows. */
  workflowBundle: string;
  /** True: with the product's interceptors, as its own worker has them. */
  telemetry: boolean;
}

/** What it says: when it is ready, and each time that it is asked. */
export interface Told {
  /** CPU time of the process so far. */
  cpuMs: number;
}

/** A worker of either side in a process of its own: the same activities, the same options; what differs is the workflows. */
process.once('message', (asked: Asked) => void work(asked));
process.once('disconnect', () => process.exit(1));

async function work(asked: Asked): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: asked.address });
  const store = openStore({ databaseUrl: asked.databaseUrl });
  const { plugin } = startTelemetry('bench', false);
  const worker = await Worker.create({
    connection,
    taskQueue: asked.taskQueue,
    workflowBundle: { codePath: asked.workflowBundle },
    activities: createActivities(activityParts(scriptedModels(asked.modelUrl), store)),
    ...(asked.telemetry && { plugins: [plugin] }),
    ...TUNING,
  });
  // Ended in an orderly way, so that `--cpu-prof` writes what it has.
  process.once('SIGTERM', () => worker.shutdown());
  const running = worker.run();
  // To be asked what it used so far.
  process.on('message', tell);
  tell();
  await running;
  await store.close();
  await connection.close();
  process.disconnect();
}

function tell(): void {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000 } satisfies Told);
}
