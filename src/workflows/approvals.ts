import { FailureType } from '../contract/failures.js';
import type { DecisionInput } from '../contract/wire.js';
import { describeClosed, type ApprovalDecision, type ApprovalView, type DecidedVia } from '../contract/views.js';
import { INLINE_CHARS } from '../contract/wire.js';
import { failure } from './failure.js';
import { isObject } from '../crew/is-object.js';

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
  const problem = shapeProblem(approval, decision);
  if (problem !== undefined) throw failure(FailureType.approvalInvalidDecision, problem);
  return approval;
}

/** What is wrong with a decision in itself, whatever its schemas say. */
function shapeProblem({ kind, answerSchema }: ApprovalView, decision: DecisionInput): string | undefined {
  const { action, by, feedback, output, outputRef, answer } = decision;
  const args: unknown = decision.arguments;
  if (action === 'reject' && !isText(feedback)) return 'A rejection needs feedback for the agent to work with';
  if (!isText(by)) return "A decision needs 'by': who decides";
  if (action === 'edit' && kind === 'tool_call') {
    if (!isObject(args)) return "An edit of a tool call needs 'arguments': an object";
  } else if (action === 'edit' && !isText(output) && !outputRef)
    return "An edit needs 'output': the text that shall stand";
  if (answerSchema !== undefined && action === 'approve' && answer === undefined) {
    return "This approval asks for an 'answer'; its answerSchema says of what form";
  }
  if (answer !== undefined && answerSchema === undefined) return 'This approval asks for no answer';
  return undefined;
}

/** True where a decision must be looked at with the schemas of its approval, or is too long for the history. */
export function needsCheck(approval: ApprovalView, decision: DecisionInput): boolean {
  const { action, output = '', answer } = decision;
  if (answer !== undefined) return true;
  if (action !== 'edit') return false;
  if (approval.kind === 'tool_call') return approval.argumentsSchema !== undefined;
  return approval.outputSchema !== undefined || output.length > INLINE_CHARS;
}

/**
 * An Update is answered at once, so what needs a schema must have been checked before it is sent.
 * @throws ApplicationFailure `Approval.InvalidDecision`
 */
export function requireChecked(approval: ApprovalView, decision: DecisionInput): void {
  if (decision.checked === true || !needsCheck(approval, decision)) return;
  const message = 'What this decision carries must be checked first: send it over HTTP, or as a signal';
  throw failure(FailureType.approvalInvalidDecision, message);
}

/** What the run keeps of a decision: what its action has a use for. */
export function decisionOf(
  { kind }: ApprovalView,
  decision: DecisionInput,
  via: DecidedVia,
): Omit<ApprovalDecision, 'at'> {
  const { action, by, byClaimed = true, feedback, output, outputRef, answer } = decision;
  const edited = action === 'edit';
  return {
    action,
    by,
    // Who decided is what the caller says, unless somebody checked.
    byClaimed,
    via,
    ...(feedback !== undefined && { feedback }),
    ...(edited && kind !== 'tool_call' && (outputRef ? { outputRef } : { output: output ?? '' })),
    ...(edited && kind === 'tool_call' && { arguments: decision.arguments ?? {} }),
    ...(answer !== undefined && { answer }),
  };
}

// A signal can carry anything that JSON can: its types are only what the sender claims.
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
