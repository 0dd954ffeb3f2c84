import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { FailureType } from '../../contract/failures.js';
import { decideApprovalUpdate } from '../../contract/messages.js';
import type { DecisionInput } from '../../contract/wire.js';
import { RunsError } from '../../contract/runs-error.js';
import { describeClosed, type ApprovalView } from '../../contract/views.js';
import type { Closings } from './closings.js';
import type { TemporalClient } from './connection.js';
import { readRun } from './read.js';
import { executeUpdate } from './update.js';

/**
 * Decides an approval by Update and answers it as decided. The same `updateId` gives the first answer again.
 * @throws RunsError; after `outcome_unknown` the same call with the same `updateId` is safe.
 */
export async function decideByUpdate(
  client: TemporalClient,
  closings: Closings,
  workflowId: string,
  decision: DecisionInput,
  updateId: string,
): Promise<ApprovalView> {
  try {
    return await executeUpdate(client, workflowId, decideApprovalUpdate, decision, { updateId, what: 'decision' });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (error instanceof WorkflowNotFoundError) throw await closedRun(client, closings, workflowId, decision);
    throw error;
  }
}

function refusal(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  switch (cause.type) {
    case FailureType.approvalNotFound:
      return new RunsError('approval_not_found', cause.message);
    case FailureType.approvalAlreadyDecided:
      return new RunsError('approval_closed', cause.message, { approval: cause.details?.[0] as ApprovalView });
    case FailureType.approvalInvalidDecision:
      return new RunsError('invalid_decision', cause.message);
    // The run ended between the acceptance and the handler.
    case 'AcceptedUpdateCompletedWorkflow':
      return new RunsError('run_closed', 'The run ended before the decision was taken');
    default:
      return error;
  }
}

/** Updates of a run that is closed (or never was) fail alike: says which, and what became of the approval. */
async function closedRun(
  client: TemporalClient,
  closings: Closings,
  workflowId: string,
  { approvalId }: DecisionInput,
): Promise<RunsError> {
  const { view } = await readRun(client, closings, workflowId);
  const approval = view.approvals.find(({ id }) => id === approvalId);
  if (!approval) return new RunsError('approval_not_found', 'This run has no such approval');
  return new RunsError('approval_closed', describeClosed(approval), { approval });
}
