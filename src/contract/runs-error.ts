import type { ApprovalView } from './views.js';

/** Why the `CrewRuns` port could not do what was asked. */
export type RunsErrorReason =
  /** No such run. */
  | 'run_not_found'
  /** The list's cursor is not one of ours, or was made for another filter. */
  | 'bad_cursor'
  | 'approval_not_found'
  /** Already decided, or withdrawn because the run went on without it. */
  | 'approval_closed'
  | 'invalid_decision'
  /** The message is not fit for the run. */
  | 'invalid_message'
  /** What a run is started with is more than Temporal takes. */
  | 'run_too_large'
  /** The decision was sent, and no answer came in time: it may or may not be taken. */
  | 'outcome_unknown'
  | 'batch_not_found'
  | 'schedule_not_found'
  /** Temporal does not take the times of a schedule. */
  | 'schedule_refused'
  /** The run has ended. */
  | 'run_closed'
  /** The store does not have what a run kept there: collected, or another store than then. */
  | 'record_lost'
  /** It lies encrypted, with a key that is not configured here. */
  | 'encryption_key_missing'
  /** It lies encrypted, and does not open with the key that it names. */
  | 'encryption_broken'
  /** The store cannot be reached. */
  | 'store_unavailable'
  | 'temporal_unavailable'
  /** Temporal is there, but no worker answers for this run. */
  | 'worker_unavailable'
  /** Temporal refuses what we ask for: search attributes or the namespace are missing. */
  | 'temporal_setup';

/** The error of the `CrewRuns` port. `message` is fit to be shown. */
export class RunsError extends Error {
  readonly reason: RunsErrorReason;
  /** With `approval_closed`: the approval as it stands. */
  readonly approval: ApprovalView | undefined;

  constructor(reason: RunsErrorReason, message: string, more: { approval?: ApprovalView; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'RunsError';
    this.reason = reason;
    this.approval = more.approval;
  }
}
