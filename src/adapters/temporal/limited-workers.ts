import { Worker, type WorkerOptions } from '@temporalio/worker';
import { modelQueueOf, type ModelFacts } from '../../contract/models.js';

/**
 * One worker for each model with a limited rate, on the model's own task queue: Temporal itself hands out no more of its tasks
 * than the rate allows, over all workers of the queue, so each says the same rate.
 */
export function limitedWorkers(
  models: readonly ModelFacts[],
  taskQueue: string,
  options: Omit<WorkerOptions, 'taskQueue' | 'workflowBundle' | 'workflowsPath'>,
): Promise<Worker>[] {
  return models.map(({ name, rpm = 0 }) =>
    Worker.create({
      ...options,
      taskQueue: modelQueueOf(taskQueue, name),
      maxTaskQueueActivitiesPerSecond: rpm / 60,
    }),
  );
}
