import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { runIdOf, tenantOf } from '../contract/ids.js';

/** Where the activity that is running now belongs. */
export interface Here {
  tenant: string;
  /** The same for each attempt of this activity, and for no other: `<workflowId>/<activityId>`. */
  id: string;
  runId: string;
  /** Where in the run: `research/model/1`. */
  activityId: string;
  /** From 1. */
  attempt: number;
  /** Longest time of this attempt. */
  timeoutMs: number;
  /** When it is over, by `performance.now()`, which does not jump where the clock is set. */
  endsAt: number;
  /** Fires when Temporal wants the attempt to end. */
  signal: AbortSignal;
}

/** @throws where no activity is running */
export function here(): Here {
  const { workflowExecution, activityId, attempt, startToCloseTimeoutMs } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? '';
  return {
    tenant: tenantOf(workflowId),
    id: `${workflowId}/${activityId}`,
    runId: runIdOf(workflowId),
    activityId,
    attempt,
    timeoutMs: startToCloseTimeoutMs,
    endsAt: performance.now() + startToCloseTimeoutMs,
    signal: cancellationSignal(),
  };
}

const HEAD_START_MS = 500;

/** Time of a model or tool within its attempt: it ends a little before Temporal gives up on it, so that its own word is heard. */
export function ownTimeMs(timeoutMs: number): number {
  return Math.max(1, timeoutMs > 2 * HEAD_START_MS ? timeoutMs - HEAD_START_MS : timeoutMs);
}
