import { FailureType } from '../contract/failures.js';
import type { DecisionInput } from '../contract/messages.js';
import { describeClosed, type ApprovalView } from '../contract/views.js';
import { failure } from './failure.js';

/**
 * The open approval that a decision decides.
 * @throws ApplicationFailure `Approval.NotFound`, `Approval.AlreadyDecided` (details: the approval) or
 * `Approval.InvalidDecision`. Synchronous, so that an Update validator can use it.
 */
export function decidable(approvals: readonly ApprovalView[], decision: DecisionInput): ApprovalView {
  const approval = approvals.find(({ id }) => id === decision.approvalId);
  if (!approval) throw failure(FailureType.approvalNotFound, 'This run has no such approval');
  if (approval.status !== 'open') {
    throw failure(FailureType.approvalAlreadyDecided, describeClosed(approval), { details: [approval] });
  }
  if (!approval.actions.includes(decision.action)) {
    const message = `This approval takes ${approval.actions.join(', ')}`;
    throw failure(FailureType.approvalInvalidDecision, message);
  }
  if (decision.action === 'reject' && !isText(decision.feedback)) {
    throw failure(FailureType.approvalInvalidDecision, 'A rejection needs feedback for the agent to work with');
  }
  if (!isText(decision.by)) throw failure(FailureType.approvalInvalidDecision, "A decision needs 'by': who decides");
  return approval;
}

// A signal can carry anything that JSON can: its types are only what the sender claims.
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
