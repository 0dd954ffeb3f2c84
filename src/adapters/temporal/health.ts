import type { RunsHealth } from '../../ports.js';
import type { TemporalClient } from './connection.js';

const HEALTH_TIMEOUT_MS = 2_000;

/** A worker's poll lasts a minute: one that is alive has asked for work within this time. */
const WORKER_FRESH_MS = 75_000;

/** Temporal's number of the task queue type. Source: temporal.api.enums.v1.TaskQueueType */
const WORKFLOW_TASKS = 1;

/** Whether Temporal answers, and whether a worker asks for work. Never rejects. */
export async function runsHealth(client: TemporalClient, taskQueue: string): Promise<RunsHealth> {
  try {
    const { pollers } = await client.withDeadline(Date.now() + HEALTH_TIMEOUT_MS, () =>
      client.connection.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_TASKS,
      }),
    );
    const fresh = pollers.some(({ lastAccessTime }) => {
      const seconds = lastAccessTime?.seconds?.toNumber() ?? 0;
      return Date.now() - seconds * 1000 < WORKER_FRESH_MS;
    });
    return { temporal: 'ok', worker: fresh ? 'polling' : 'none' };
  } catch {
    return { temporal: 'unreachable', worker: 'unknown' };
  }
}
