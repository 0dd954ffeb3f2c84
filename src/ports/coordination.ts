import type {
  Admission,
  AdmitInput,
  BatchItem,
  BatchView,
  Coordinator,
  Overlap,
  RunState,
  ScheduleTimes,
} from '../contract/coordination.js';
import type { ModelFacts } from '../contract/models.js';
import type { CrewRef, FailureView, InputValue } from '../contract/views.js';
import type { BlobRef } from '../contract/wire.js';
import type { Crew } from './crews.js';

/** What the runs of a batch are made of, as the store keeps it as JSON. */
export interface BatchPlan {
  crew: Crew;
  models: Record<string, ModelFacts>;
  items: BatchItem[];
  /** Whose limits the runs count to. */
  caller?: string;
  /** Ids of the webhook endpoints that the start named. */
  webhooks?: string[];
}

/** What starts a batch. */
export interface StartBatch {
  tenant: string;
  batchId: string;
  crew: CrewRef;
  /** A `BatchPlan` in the store. */
  plan: BlobRef;
  total: number;
  maxConcurrent: number;
  label?: string;
  /** Given with an Idempotency-Key. */
  requestDigest?: string;
}

/** One row of a list of batches. */
export interface BatchRow {
  batchId: string;
  crew: CrewRef;
  status: BatchView['status'];
  total: number;
  label?: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
}

/** The batches in Temporal. Every method rejects with a `RunsError` and nothing else. */
export interface CrewBatches {
  /** `created` false: there was one with this id, which `requestDigest` was given with. */
  start(batch: StartBatch): Promise<{ created: boolean; requestDigest?: string }>;
  get(tenant: string, batchId: string): Promise<BatchView>;
  /** Open ones first, newest first; then those that ended, the last first. */
  list(filter: { tenant: string; limit: number; cursor?: string }): Promise<{ rows: BatchRow[]; nextCursor?: string }>;
  /** Starts no more, and cancels what is open. */
  cancel(tenant: string, batchId: string): Promise<void>;
}

/** Threads: runs that go one after the other. Rejects with a `RunsError` and nothing else. */
export interface CrewThreads {
  /** `known`: there is a run with this id, started by the same request before. */
  admit(tenant: string, thread: string, run: AdmitInput): Promise<Admission | { answer: 'known' }>;
  /** Who is told when a run of this thread ends. */
  coordinator(tenant: string, thread: string): Coordinator;
}

/** A schedule as it is asked for. */
export interface ScheduleSpec {
  /** `name` for the newest version when it fires, or `name@version`. */
  crew: string;
  inputs: Record<string, InputValue>;
  label?: string;
  when: ScheduleTimes;
  /** What happens where the run before has not ended. */
  overlap: Overlap;
  /** How late a start that was missed, as the service was down, is still made. */
  catchupWindowSeconds?: number;
  paused: boolean;
  note?: string;
  /** Webhook endpoints that hear of its runs. */
  webhooks?: string[];
}

/** A schedule as it is. */
export interface ScheduleRecord extends ScheduleSpec {
  id: string;
  /** ISO 8601; empty while paused for good or over. */
  nextTimes: string[];
  recentRuns: ScheduledRun[];
  createdAt: string;
  updatedAt?: string;
  /** How often it fired, and how often it did not, as the run before had not ended, or it was too late. */
  fired: number;
  skipped: number;
  missed: number;
}

/** A run that a schedule started. */
export interface ScheduledRun {
  runId: string;
  /** ISO 8601. */
  scheduledAt: string;
  startedAt: string;
  /** `missing`: it could not be started, or is not kept any more. */
  status: RunState;
  /** Why it could not be started. */
  error?: FailureView;
}

/** One row of a list of schedules. */
export interface ScheduleRow {
  id: string;
  /** The crew's name. */
  crew: string;
  paused: boolean;
  note?: string;
  nextTimes: string[];
}

/** The schedules in Temporal. Every method rejects with a `RunsError` and nothing else: `schedule_refused` where Temporal does not take the times. */
export interface CrewSchedules {
  /** `created` false: there is one with this id, which `requestDigest` was given with. */
  create(
    tenant: string,
    id: string,
    spec: ScheduleSpec,
    requestDigest?: string,
  ): Promise<{ created: boolean; requestDigest?: string }>;
  get(tenant: string, id: string): Promise<ScheduleRecord>;
  list(tenant: string): Promise<ScheduleRow[]>;
  /** Replaces all of it but whether it is paused, and its note. */
  update(tenant: string, id: string, spec: ScheduleSpec): Promise<void>;
  remove(tenant: string, id: string): Promise<void>;
  pause(tenant: string, id: string, note?: string): Promise<void>;
  resume(tenant: string, id: string, note?: string): Promise<void>;
  /** Fires now. */
  trigger(tenant: string, id: string, overlap?: Overlap): Promise<void>;
  /** Fires for every time between two times (ISO 8601), as if it had been there. */
  backfill(tenant: string, id: string, from: string, to: string, overlap?: Overlap): Promise<void>;
}

/** What runs that are coordinated stand at. Rejects with a `RunsError` and nothing else. */
export type ReadRunStates = (tenant: string, runIds: readonly string[]) => Promise<Record<string, RunState>>;
