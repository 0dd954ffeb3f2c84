import { getExternalWorkflowHandle, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { tenantOf, workflowIdOf } from '../contract/ids.js';

/**
 * What coordinates runs: starts them, and looks what became of them. Repeating it does no harm; it waits for Temporal and the
 * store for as long as these may be away: a day. What cannot be started at all is marked non-retryable by the activity.
 */
export const { startBatchRun, prepareScheduledRun, runStates } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 1_500 },
});

/** The run with this id, of the tenant of the workflow that is running. */
export function runHandle(runId: string) {
  return getExternalWorkflowHandle(workflowIdOf(ownTenant(), runId));
}

export function ownTenant(): string {
  return tenantOf(workflowInfo().workflowId);
}
