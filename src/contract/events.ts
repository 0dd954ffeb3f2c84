import type { ApprovalDecision, ApprovalView, FailureView } from './views.js';
import type { TokenUsage } from './wire.js';

/**
 * The one envelope of a run event on every channel. `seq` counts from 1 with no gap; a consumer that hears of an event
 * on several channels dedupes by `id`.
 */
interface Envelope {
  /** `<runId>:<seq>` */
  id: string;
  seq: number;
  /** ISO 8601, the workflow's clock. */
  time: string;
  runId: string;
  /** The crew's name. */
  crew: string;
  taskId?: string;
  /** The agent's key in the definition. */
  agent?: string;
}

/** `data` by event type. */
export interface RunEventData {
  'run.queued': { startAfter?: string };
  'run.started': { inputs: string[]; parentRunId?: string; fromTask?: string };
  'run.completed': { outputChars: number };
  'run.failed': FailureView;
  'run.cancelled': Record<string, never>;
  'run.stopped': { reason: StopReason; by?: string };
  'task.started': { attempt: number };
  'task.completed': { attempt: number; outputChars: number; keptFrom?: string };
  'task.failed': FailureView;
  'task.cancelled': Record<string, never>;
  'task.skipped': { reason: 'condition' | 'dependency' | 'person' };
  'task.retried': { attempt: number; reason: RetryReason };
  'task.delegated': { to: string; kind: 'work' | 'question' };
  'model.called': { call: number; model: string; finishReason: string; durationMs: number; usage: TokenUsage };
  'model.fell_back': { from: string; to: string; code: string };
  'tool.called': { call: number; tool: string; durationMs: number; isError?: true; cached?: true };
  'approval.requested': { approvalId: string; attempt: number; kind?: ApprovalView['kind']; assignees?: string[] };
  'approval.escalated': { approvalId: string; step: number; notify: string[] };
  'approval.expired': { approvalId: string; decision: ApprovalDecision };
  'approval.decided': { approvalId: string; decision: ApprovalDecision };
  'approval.withdrawn': { approvalId: string };
  'message.received': { messageId: string; to?: string; by: string; chars: number };
  'message.delivered': { messageId: string };
  'budget.warned': BudgetExcess;
  'budget.exceeded': BudgetExcess & { onExceed: 'stop' | 'pause' };
}

/** Why an agent works, or is asked, once more: `rejected` by a person, `guardrail`, `review` by the manager; or its answer was of no use. */
export type RetryReason = 'rejected' | 'guardrail' | 'review' | 'empty_answer' | 'schema';

/** Why a run ended before its last task: its budget was used up, somebody told it to stop, or decided `abort`. */
export type StopReason = 'budget' | 'requested' | 'aborted';

/** Which limit of the budget was reached, and by how much was used. */
export interface BudgetExcess {
  limit: 'tokens' | 'usd' | 'model_calls' | 'wall_time';
  allowed: number;
  used: number;
}

/** The types of run events. */
export type RunEventType = keyof RunEventData;

/** A run event: the envelope with the data of its type. */
export type RunEvent = { [T in RunEventType]: Envelope & { type: T; data: RunEventData[T] } }[RunEventType];
