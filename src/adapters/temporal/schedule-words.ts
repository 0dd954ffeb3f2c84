import { ScheduleOverlapPolicy, WorkflowFailedError, type Client, type ScheduleDescription } from '@temporalio/client';
import { scheduledRunId, type Overlap } from '../../contract/coordination.js';
import { FailureType } from '../../contract/failures.js';
import type { FailureView } from '../../contract/views.js';
import type { ScheduledRun } from '../../ports.js';
import { bounded } from './bounded.js';
import { runStatesOf } from './run-states.js';

/** Temporal's names of what happens where the run before has not ended. */
export const POLICY = {
  skip: ScheduleOverlapPolicy.SKIP,
  bufferOne: ScheduleOverlapPolicy.BUFFER_ONE,
  bufferAll: ScheduleOverlapPolicy.BUFFER_ALL,
  cancelOther: ScheduleOverlapPolicy.CANCEL_OTHER,
  terminateOther: ScheduleOverlapPolicy.TERMINATE_OTHER,
  allowAll: ScheduleOverlapPolicy.ALLOW_ALL,
} as const satisfies Record<Overlap, ScheduleOverlapPolicy>;

export function policyName(policy: ScheduleOverlapPolicy): Overlap {
  return (Object.keys(POLICY) as Overlap[]).find((name) => POLICY[name] === policy) ?? 'skip';
}

/** The runs that a schedule started last, newest first, and what became of them. */
export async function scheduledRuns(
  client: Client,
  tenant: string,
  actions: ScheduleDescription['info']['recentActions'],
): Promise<ScheduledRun[]> {
  const started = [...actions].reverse().map(({ action, scheduledAt, takenAt }) => ({
    workflowId: action.workflow.workflowId,
    runId: scheduledRunId(action.workflow.workflowId),
    scheduledAt: scheduledAt.toISOString(),
    startedAt: takenAt.toISOString(),
  }));
  const states = await runStatesOf(client)(
    tenant,
    started.map(({ runId }) => runId),
  );
  return Promise.all(
    started.map(async ({ workflowId, ...run }) => {
      const status = states[run.runId] ?? 'missing';
      const error = status === 'missing' ? await whyNot(client, workflowId) : undefined;
      return { ...run, status, ...(error && { error }) };
    }),
  );
}

/** Why a run was not started; undefined where it is only about to be, or that is not kept any more. */
async function whyNot(client: Client, workflowId: string): Promise<FailureView | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status } = await bounded(client, () => handle.describe());
    if (status.name !== 'FAILED') return undefined;
    await bounded(client, () => handle.result());
    return undefined;
  } catch (error) {
    const failed = error instanceof Error && error.cause instanceof WorkflowFailedError ? error.cause : undefined;
    if (!failed) return undefined;
    let why: Error = failed;
    while (why.cause instanceof Error) why = why.cause;
    return { code: FailureType.cannotStart, message: why.message };
  }
}
