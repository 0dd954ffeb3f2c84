import { BroadcastChannel } from 'node:worker_threads';
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
  /** Before anything is collected for this: as an operating system sees it. */
  rss: number;
  /** After garbage collection, in its main thread. */
  heap: number;
  /** After garbage collection, in the thread with workflow code. */
  workflowHeap: number;
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
  process.on('message', () => void tell());
  await tell();
  await worker.run();
}

async function tell(): Promise<void> {
  const { rss } = process.memoryUsage();
  const heap = memoryInUse();
  process.send?.({ rss, heap, workflowHeap: await workflowMemory() } satisfies WorkerTold);
}

/** See thread-memory.mjs. */
async function workflowMemory(): Promise<number> {
  const channel = new BroadcastChannel('workflow-memory');
  const answer = new Promise<number>((resolve) => {
    channel.onmessage = (event) => resolve((event as { data: number }).data);
  });
  channel.postMessage('tell');
  return answer.finally(() => channel.close());
}
