import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../src/activities/index.js';
import { openStore } from '../src/adapters/store/index.js';
import { startTelemetry } from '../src/adapters/telemetry.js';
import { TUNING } from '../src/adapters/temporal/worker-options.js';
import { activityParts, scriptedModels } from '../test/support/parts.js';
import { memoryInUse } from './memory.js';

/** Where everything is that the worker needs. */
export interface WorkerAsked {
  address: string;
  taskQueue: string;
  databaseUrl: string;
  modelUrl: string;
  workflowCode: string;
}

/** What the worker says: when it is ready, and each time that it is asked. Bytes. */
export interface WorkerTold {
  rss: number;
  /** After garbage collection, in its main thread: that of workflow code has a heap of its own. */
  heap: number;
}

/** The worker of benchmarks, in a process of its own, so that what it uses can be told. */
process.once('message', (asked: WorkerAsked) => void work(asked));
process.once('disconnect', () => process.exit(1));

async function work({ address, taskQueue, databaseUrl, modelUrl, workflowCode }: WorkerAsked): Promise<void> {
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, shutdownSignals: [] });
  const models = scriptedModels(modelUrl);
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowBundle: { code: workflowCode },
    activities: createActivities(activityParts(models, openStore({ databaseUrl }))),
    plugins: [startTelemetry('bench', false).plugin],
    ...TUNING,
  });
  process.on('message', tell);
  tell();
  await worker.run();
}

function tell(): void {
  const heap = memoryInUse();
  process.send?.({ rss: process.memoryUsage().rss, heap } satisfies WorkerTold);
}
