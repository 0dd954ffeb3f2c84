import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../src/activities/index.js';
import { openStore } from '../src/adapters/store/index.js';
import { startTelemetry } from '../src/adapters/telemetry.js';
import { TUNING } from '../src/adapters/temporal/worker-options.js';
import { activityParts, scriptedModels } from '../test/support/parts.js';

/** Where everything is that the worker needs. */
export interface Asked {
  address: string;
  taskQueue: string;
  databaseUrl: string;
  modelUrl: string;
  workflowCode: string;
}

/** What the worker says: when it is ready, and each time that it is asked. */
export interface Told {
  /** Bytes. */
  rss: number;
}

/** The worker of `parked.ts`, in a process of its own, so that its memory can be told. */
process.once('message', (asked: Asked) => void work(asked));
process.once('disconnect', () => process.exit(1));

async function work({ address, taskQueue, databaseUrl, modelUrl, workflowCode }: Asked): Promise<void> {
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
  process.send?.({ rss: process.memoryUsage().rss } satisfies Told);
}
