import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CrewDefinition } from '../crew/types.js';
import type { Coordinator } from './coordination.js';
import type { RunEvent } from './events.js';
import type { ModelFacts } from './models.js';
import type { RunPublish } from './publishing.js';
import type { ApprovalView, CrewRef, InputValue, MessageView, RunView, TaskView } from './views.js';
import type { BlobRef, DecisionInput } from './wire.js';

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
  /** Set where the run begins in the middle of another one. */
  fork?: ForkInput;
  /** ISO 8601: the run waits for this time, as `queued`. */
  startAfter?: string;
  /** The run waits for the signal `go`, as `queued`. */
  turn?: true;
  /** Who is told when the run ends. */
  coordinator?: Coordinator;
  /** Where the run's events go outside; absent: nowhere. */
  publish?: RunPublish;
  /** After continue-as-new: where the run stood. A `RunCarry` of the workflow, or where the store has it. */
  carry?: unknown;
}

/** Where a forked run begins. */
export interface ForkInput {
  parentRunId: string;
  /** The task that is done again. */
  fromTask: string;
  /** What the tasks that are not done again ended with. */
  kept: KeptTask[];
}

/** A task that a fork takes over as it ended. */
export type KeptTask = Pick<
  TaskView,
  'id' | 'agent' | 'attempt' | 'output' | 'outputRef' | 'format' | 'artifact' | 'skipped' | 'error' | 'answer'
> & { status: 'completed' | 'skipped' | 'failed' };

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

/** Who wants a run to stop. */
export interface StopInput {
  by?: string;
}

/** What a person says to a running crew. */
export interface MessageInput {
  /** The agent's key; absent: every agent. */
  agent?: string;
  text: string;
  by: string;
}

/** Longest message to a crew, in UTF-16 code units, and how many a run takes. */
export const MAX_MESSAGE_CHARS = 4_000;
export const MAX_MESSAGES = 200;

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

/** Signal: what runs is finished, nothing new is begun, and the run ends as `stopped`. */
export const stopSignal = defineSignal<[StopInput]>('stop');

/**
 * Update: a message to one agent or all of them, which they get with their next call. Refused with `Message.Invalid`.
 */
export const messageUpdate = defineUpdate<MessageView, [MessageInput]>('message');

/** Memo fields of a run. Short, for lists answer each row from them; `closing` only of cancelled runs. */
export interface RunMemo {
  crew?: CrewRef;
  label?: string;
  /** Digest of the request body, where the start had an Idempotency-Key. */
  requestDigest?: string;
  /** The thread that the run is part of. */
  thread?: string;
  closing?: ClosingRecord;
  /** Set where the run was forked. */
  parentRunId?: string;
  /** Set while the run waits for people. */
  approvals?: WaitingMemo;
}

/** The open approvals of a run, as lists know them. `more`: there are more than these. */
export interface WaitingMemo {
  open: WaitingApproval[];
  more?: true;
}

/** An open approval in a list: long questions are clipped, and of many assignees there are the first. */
export interface WaitingApproval extends Pick<
  ApprovalView,
  'id' | 'kind' | 'taskId' | 'attempt' | 'question' | 'actions' | 'requestedAt' | 'deadline' | 'assignees'
> {
  /** There are more assignees than these. */
  moreAssignees?: true;
}

/** Custom search attributes: of type KeywordList where `KEYWORD_LISTS` has them, else Keyword. */
export const SearchAttribute = {
  crew: 'CrewName',
  tenant: 'CrewTenant',
  status: 'CrewStatus',
  label: 'CrewLabel',
  parent: 'CrewParent',
  /** What the run waits for: `open`, kinds of approvals, `@` with each assignee. */
  waiting: 'CrewWaiting',
  thread: 'CrewThread',
} as const;

/** Those that have several values. */
export const KEYWORD_LISTS: readonly string[] = [SearchAttribute.waiting];
