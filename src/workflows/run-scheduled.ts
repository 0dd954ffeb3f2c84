import {
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  TerminatedFailure,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import {
  scheduledRunId,
  type PreparedRun,
  type ScheduledInput,
  type ScheduledOutcome,
} from '../contract/coordination.js';
import { workflowIdOf } from '../contract/ids.js';
import { RUN_CREW, SearchAttribute, type RunOutcome } from '../contract/messages.js';
import type { RunStatus } from '../contract/views.js';
import { keyword } from '../contract/waiting.js';
import { ownTenant, prepareScheduledRun } from './coordination.js';

/**
 * What a schedule starts: finds the crew as it is now, and stays open as long as its run is, so that the schedule's overlap
 * policy means the run. The run is its child: cancelled with it, terminated with it.
 * @throws ApplicationFailure `Run.CannotStart`; CancelledFailure
 */
export async function runScheduled(input: ScheduledInput): Promise<ScheduledOutcome> {
  const runId = scheduledRunId(workflowInfo().workflowId);
  const prepared = await prepareScheduledRun({ ...input, runId });
  return { runId, status: await statusOf(startChild(runId, prepared)) };
}

function startChild(runId: string, { input, label }: PreparedRun): Promise<RunOutcome> {
  const { crew } = input;
  const attribute = (name: string, value: string) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value });
  return executeChild<(argument: typeof input) => Promise<RunOutcome>>(RUN_CREW, {
    workflowId: workflowIdOf(ownTenant(), runId),
    args: [input],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    parentClosePolicy: ParentClosePolicy.TERMINATE,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    memo: { crew, ...(label !== undefined && { label }) },
    typedSearchAttributes: new TypedSearchAttributes([
      attribute(SearchAttribute.crew, crew.name),
      attribute(SearchAttribute.tenant, ownTenant()),
      attribute(SearchAttribute.status, 'running'),
      ...(label === undefined ? [] : [attribute(SearchAttribute.label, keyword(label))]),
    ]),
    staticSummary: label === undefined ? crew.name : `${crew.name} · ${label}`.slice(0, 100),
  });
}

/** How the run ended. That it failed is no failure of the schedule. */
async function statusOf(outcome: Promise<RunOutcome>): Promise<RunStatus> {
  try {
    return (await outcome).status ?? 'completed';
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    if (error.cause instanceof TerminatedFailure) return 'terminated';
    return error.cause instanceof TimeoutFailure ? 'timed_out' : 'failed';
  }
}
