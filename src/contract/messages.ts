import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CrewDefinition } from '../crew/types.js';
import type { Coordinator } from './coordination.js';
import type { RunEvent } from './events.js';
import type { ModelFacts } from './models.js';
import type { ApprovalAction, ApprovalView, CrewRef, InputValue, RunView } from './views.js';
import type { BlobRef } from './wire.js';

/** Name of the one workflow type: it interprets any crew. */
export const RUN_CREW = 'runCrew';

/** Name of the workflow that collects the store. */
export const COLLECT_STORE = 'collectStore';

/** What a collection of the store found and removed. */
export interface Collected {
  /** Runs that were looked through. */
  runs: number;
  /** Rows older than the grace that are kept because something speaks of them, and rows that were removed. */
  kept: number;
  removed: number;
}

/** The argument of `runCrew`: the history holds exactly what the run ran. New fields must be optional. */
export interface RunInput {
  runId: string;
  crew: CrewRef;
  definition: CrewDefinition;
  inputs: Record<string, InputValue>;
  /** The models that the definition names, and under `DEFAULT_MODEL` the default one. */
  models?: Record<string, ModelFacts>;
  /** ISO 8601: the run waits for this time, as `queued`. */
  startAfter?: string;
  /** The run waits for the signal `go`, as `queued`. */
  turn?: true;
  /** Who is told when the run ends. */
  coordinator?: Coordinator;
  /** After continue-as-new: where the run stood. A `RunCarry` of the workflow, or where the store has it. */
  carry?: unknown;
}

/**
 * The result of `runCrew`. `closing` is everything a reader needs of a closed run, so that no worker (nor old code) has
 * to replay it; it lies in the store above `MAX_CLOSING_CHARS`.
 */
export interface RunOutcome {
  /** Empty where it lies in the store. */
  output: string;
  outputRef?: BlobRef;
  /** Set where the run ended before its last task. Absent: it completed. */
  status?: 'stopped';
  closing?: ClosingRecord;
}

/** The closing record, or where the store has it as JSON. */
export type ClosingRecord = RunClosing | BlobRef;

/** Details of a failed run's `Crew.TaskFailed`: the closing record, under the same bound. */
export type RunFailureDetails = [closing: ClosingRecord | undefined];

/**
 * The last view and all events of a run that ended: in its result; in its failure's details; or, where it was cancelled
 * and there is no other place, in its memo. Not in the memo of failed runs: lists carry every row's memo.
 */
export interface RunClosing extends EventsPage {
  view: RunView;
}

/** Run events in `seq` order. `earlier`: an `EventsPage` in the store with those before them, of a run that continued as new. */
export interface EventsPage {
  events: RunEvent[];
  earlier?: BlobRef;
}

/** Largest `RunClosing` that is put into a result or memo, in UTF-16 code units of its JSON. */
export const MAX_CLOSING_CHARS = 64_000;

/** A decision on an approval, as it is sent. */
export interface DecisionInput {
  approvalId: string;
  action: ApprovalAction;
  /** Who decides. */
  by: string;
  /** For `reject`: what the agent shall do differently. */
  feedback?: string;
  /** For `edit`: the person's output. */
  output?: string;
}

/** Query: the run's state now. */
export const runQuery = defineQuery<RunView>('run');

/** Query: the run's events with `seq` above the given one; `earlier` only where some of them lie there. */
export const eventsQuery = defineQuery<EventsPage, [number]>('events');

/**
 * Update: decides an approval and answers it as decided. Refused by its validator, leaving no history, with one of the
 * `Approval.*` failure types.
 */
export const decideApprovalUpdate = defineUpdate<ApprovalView, [DecisionInput]>('decideApproval');

/**
 * Signal: the same with no answer, from anything that can only signal (the Temporal UI, an event). An invalid one
 * changes nothing and is logged; its `by` is a claim.
 */
export const decideApprovalSignal = defineSignal<[DecisionInput]>('decideApproval');

/** Memo fields of a run. Short, for lists answer each row from them; `closing` only of cancelled runs. */
export interface RunMemo {
  crew?: CrewRef;
  label?: string;
  /** Digest of the request body, where the start had an Idempotency-Key. */
  requestDigest?: string;
  /** The thread that the run is part of. */
  thread?: string;
  closing?: ClosingRecord;
}

/** Custom search attributes, all of type Keyword. */
export const SearchAttribute = {
  crew: 'CrewName',
  tenant: 'CrewTenant',
  status: 'CrewStatus',
  label: 'CrewLabel',
  thread: 'CrewThread',
} as const;
