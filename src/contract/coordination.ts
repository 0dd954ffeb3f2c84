import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RunInput } from './messages.js';
import type { CrewRef, FailureView, InputValue, RunStatus } from './views.js';
import type { BlobRef } from './wire.js';

/** Names of the workflows that coordinate runs. */
export const RUN_BATCH = 'runBatch';
export const RUN_THREAD = 'runThread';
export const RUN_SCHEDULED = 'runScheduled';

/** Who is told when a run ends: a batch, or a thread. */
export interface Coordinator {
  workflowId: string;
}

/** How a run ended, as its coordinator is told. */
export interface RunEnded {
  runId: string;
  status: RunStatus;
}

/** Signal of a run to its coordinator. A run that is terminated sends none: coordinators look for themselves now and then. */
export const runEndedSignal = defineSignal<[RunEnded]>('runEnded');

/** Signal of a thread to a run that waits for its turn. */
export const goSignal = defineSignal('go');

/** What a run stands at, for its coordinator: `open`, how it ended, or `missing` where there is no such run. */
export type RunState = 'open' | 'missing' | RunStatus;

/** The workflow id of a batch. `batchId` is one URL-safe segment. */
export function batchWorkflowId(tenant: string, batchId: string): string {
  return `batch/${tenant}/${batchId}`;
}

/** The id of the run of a batch's item. `index` counts from 0. */
export function batchRunId(batchId: string, index: number): string {
  return `${batchId}-${index}`;
}

/** The workflow id of a thread. */
export function threadWorkflowId(tenant: string, thread: string): string {
  return `thread/${tenant}/${thread}`;
}

/** What may name a thread: one URL-safe segment. */
export const THREAD_PATTERN = /^[A-Za-z0-9_.-]{1,100}$/;

/** What may be a schedule's id: short enough that the ids of its runs, which begin with it, are ids of runs. */
export const SCHEDULE_ID_PATTERN = /^[A-Za-z0-9_-]{1,40}$/;

/** The workflow id that a schedule gives what it starts; Temporal puts the time behind it. */
export function scheduledWorkflowId(tenant: string, scheduleId: string): string {
  return `scheduled/${tenant}/${scheduleId}`;
}

/** The id of the run of a scheduled workflow, by its id: `nightly-20261124T020000Z`. */
export function scheduledRunId(workflowId: string): string {
  const own = workflowId.slice(workflowId.lastIndexOf('/') + 1);
  return own
    .replace(/-(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/, '-$1$2$3T$4$5$6Z')
    .replace(/[^A-Za-z0-9_-]/g, '_');
}

/** One item of a batch. */
export interface BatchItem {
  inputs: Record<string, InputValue>;
  label?: string;
}

/** The argument of `runBatch`. New fields must be optional. */
export interface BatchInput {
  batchId: string;
  crew: CrewRef;
  /** A `BatchPlan` as JSON in the store. */
  plan: BlobRef;
  total: number;
  /** Runs that are open at the same time. */
  maxConcurrent: number;
  label?: string;
  /** How often the batch looks for runs that ended without a word. */
  checkEveryMs: number;
  /** After continue-as-new. */
  carry?: BatchCarry;
}

/** Where a batch stands when it continues as new. */
export interface BatchCarry {
  statuses: BatchItemStatus[];
  errors: Record<number, FailureView>;
  cancelled: boolean;
  startedAt: string;
}

/** Where an item stands. `queued`: not started yet; `skipped`: never started, as the batch was cancelled. */
export type BatchItemStatus = 'skipped' | RunStatus;

/** The state of a batch, as query `batch` answers it and as its result keeps it. */
export interface BatchView {
  batchId: string;
  crew: CrewRef;
  label?: string;
  /** `completed`: every item has ended, however it did. */
  status: 'running' | 'cancelling' | 'cancelled' | 'completed';
  total: number;
  maxConcurrent: number;
  /** By item. */
  statuses: BatchItemStatus[];
  /** By index: why a run could not be started. */
  errors: Record<number, FailureView>;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
}

export const batchQuery = defineQuery<BatchView>('batch');

/** Signal: starts no more, and cancels what is open. */
export const cancelBatchSignal = defineSignal('cancelBatch');

/** What to do where a thread is busy with another run. */
export const ON_BUSY = ['reject', 'enqueue', 'cancelPrevious'] as const;
export type OnBusy = (typeof ON_BUSY)[number];

/** A run that asks a thread to be its next. */
export interface AdmitInput {
  runId: string;
  onBusy: OnBusy;
}

/** A thread's answer. `go`: the run is to be started; `queued`: to be started so that it waits for its turn. */
export interface Admission {
  answer: 'go' | 'queued' | 'rejected';
  /** The run that has its turn now, where the answer is not `go`. */
  busyWith?: string;
}

export const admitUpdate = defineUpdate<Admission, [AdmitInput]>('admit');

/** A run of a thread. */
export interface ThreadEntry {
  runId: string;
  /** Workflow time, in milliseconds. */
  admittedAt: number;
  /** It has its turn. */
  released: boolean;
  /** It waits for the signal `go`, which was not delivered yet. */
  toGo: boolean;
  /** It is to be cancelled, and was not yet. */
  toCancel: boolean;
  /** It makes room for a later one. */
  cancelled: boolean;
  /** It was seen to be there. */
  seen: boolean;
}

export const threadQuery = defineQuery<ThreadEntry[]>('thread');

/** The argument of `runThread`. New fields must be optional. */
export interface ThreadInput {
  checkEveryMs: number;
  /** After how long a run that was admitted and is nowhere is given up: whoever asked is gone. */
  admissionMs: number;
  entries?: ThreadEntry[];
}

/** The argument of `runScheduled`. New fields must be optional. */
export interface ScheduledInput {
  /** `name`, which stands for the newest version when the schedule fires; or `name@version`. */
  crew: string;
  inputs: Record<string, InputValue>;
  label?: string;
  /** When it fires, as it was asked for: Temporal gives its own form of it back. */
  when: ScheduleTimes;
  /** Ids of the webhook endpoints that the schedule names. */
  webhooks?: string[];
}

/** What a schedule does where the run before has not ended. */
export const OVERLAPS = ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'terminateOther', 'allowAll'] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** When a schedule fires. */
export interface ScheduleTimes {
  cron?: string[];
  intervals?: { everySeconds: number; offsetSeconds?: number }[];
  timeZone?: string;
  /** ISO 8601. */
  startAt?: string;
  endAt?: string;
  jitterSeconds?: number;
}

/** What came of a scheduled run. */
export interface ScheduledOutcome {
  runId: string;
  status: RunStatus;
}

/** A run that is ready to be started by a workflow. */
export interface PreparedRun {
  input: RunInput;
  label?: string;
}
