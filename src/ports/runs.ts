import type { Coordinator } from '../contract/coordination.js';
import type { ForkInput, MessageInput, RunInput, StopInput, WaitingApproval } from '../contract/messages.js';
import type { RunEvent } from '../contract/events.js';
import type { ApprovalView, CrewRef, InputValue, MessageView, RunStatus, RunView } from '../contract/views.js';
import type { ModelFacts } from '../contract/models.js';
import type { DecisionInput } from '../contract/wire.js';
import type { Crew } from './crews.js';

/** What starts a run. */
export interface StartRun {
  tenant: string;
  runId: string;
  crew: Crew;
  inputs: Record<string, InputValue>;
  /** The models that the definition names, as they are configured now: the run keeps to these facts. */
  models: Record<string, ModelFacts>;
  /** Who started it, for limits: a caller's `id`. */
  caller?: string;
  /** The caller's own word for the run; no duplicate check is made on it. */
  label?: string;
  /** ISO 8601: the run waits for this time, as `queued`. */
  startAfter?: string;
  /** The run waits for its turn in its thread, as `queued`. */
  turn?: true;
  /** The thread that the run is part of. */
  thread?: string;
  /** Who is told when the run ends. */
  coordinator?: Coordinator;
  /** Given with an Idempotency-Key: the digest of the request that the run was started by. */
  requestDigest?: string;
  /** Set where the run begins in the middle of another one. */
  fork?: ForkInput;
  /** Ids of webhook endpoints that hear of this run. */
  webhooks?: string[];
}

/** What a start gave. */
export interface Started {
  /** False where a run with this id was there already. */
  created: boolean;
  /** Temporal's id of the execution, for links. */
  executionId: string;
  /** The digest that the run was started with, where `created` is false. */
  requestDigest?: string;
}

/** A run as its readers get it: the view, and what only the server knows. */
export interface RunRecord {
  view: RunView;
  label?: string;
  executionId: string;
  /** Attempts that failed and will be made again, from Temporal's pending activities. */
  retrying: RetryingCall[];
}

/** A call that failed and is waiting for its next attempt. */
export interface RetryingCall {
  /** For example `research/model/1`. */
  activityId: string;
  /** Attempts made so far. */
  attempts: number;
  lastFailure: { code: string; message: string };
  /** ISO 8601; absent while the next attempt is running. */
  nextTryAt?: string;
}

/** One row of a list of runs: what memo and search attributes tell, with no query per row. */
export interface RunRow {
  runId: string;
  executionId: string;
  crew: CrewRef;
  status: RunStatus;
  label?: string;
  /** The run that it was forked from. */
  parentRunId?: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
}

/** Which runs to list. */
export interface RunFilter {
  tenant: string;
  crew?: string;
  status?: RunStatus;
  label?: string;
  /** Only runs that were forked from this one. */
  parent?: string;
  /** Only runs of this thread. */
  thread?: string;
  /** Rows a page. */
  limit: number;
  /** From the page before; opaque. */
  cursor?: string;
}

/** Which open approvals to list. */
export interface InboxFilter {
  tenant: string;
  crew?: string;
  /** Only those that this person or group is asked. */
  assignee?: string;
  /** Runs a page: it has all open approvals of its runs. */
  limit: number;
  /** From the page before; opaque. */
  cursor?: string;
}

/** A run that waits for people, from memo and search attributes alone. */
export interface WaitingRun {
  runId: string;
  executionId: string;
  crew: CrewRef;
  label?: string;
  open: WaitingApproval[];
  /** There are more than these: the run itself has them. */
  more?: true;
}

/**
 * The runs in Temporal. Every method rejects with a `RunsError` and nothing else, whatever the server did.
 */
export interface CrewRuns {
  start(run: StartRun): Promise<Started>;
  get(tenant: string, runId: string): Promise<RunRecord>;
  /** The events with `seq` above `after`, of open and closed runs. */
  events(tenant: string, runId: string, after: number): Promise<RunEvent[]>;
  /** Waits until the run has ended (true), or the signal fires (false). */
  waitForEnd(tenant: string, runId: string, signal: AbortSignal): Promise<boolean>;
  list(filter: RunFilter): Promise<{ rows: RunRow[]; nextCursor?: string }>;
  /** The open approvals of all runs; those of the newest run first. */
  inbox(filter: InboxFilter): Promise<{ runs: WaitingRun[]; nextCursor?: string }>;
  /** Decides an approval by Update and answers it as decided. The same `updateId` never decides twice. */
  decide(tenant: string, runId: string, decision: DecisionInput, updateId: string): Promise<ApprovalView>;
  /** Decides by Signal: no answer, no check. */
  signalDecision(tenant: string, runId: string, decision: DecisionInput): Promise<void>;
  /** What an open or ended run was started with. */
  source(tenant: string, runId: string): Promise<RunSource>;
  /** Asks for the end now: calls in flight are aborted. Rejects with `run_closed` where it has ended. */
  cancel(tenant: string, runId: string, reason: string): Promise<void>;
  /** Asks for the end when what runs is finished. Rejects with `run_closed` where it has ended. */
  stop(tenant: string, runId: string, input: StopInput): Promise<void>;
  /** Ends a run at once, whatever it does; it writes no more. Rejects with `run_closed` where it has ended. */
  terminate(tenant: string, runId: string, reason: string): Promise<void>;
  /** Says something to a running crew, by Update. The same `updateId` never says it twice. */
  message(tenant: string, runId: string, message: MessageInput, updateId: string): Promise<MessageView>;
  health(): Promise<RunsHealth>;
}

/** What a run was started with, as its history has it. */
export type RunSource = Pick<RunInput, 'crew' | 'definition' | 'inputs' | 'publish'>;

/** Whether runs can be started and will be worked on. */
export interface RunsHealth {
  temporal: 'ok' | 'unreachable';
  /** `polling` where a worker asked for work within the last `WORKER_FRESH_MS`. */
  worker: 'polling' | 'none' | 'unknown';
}
