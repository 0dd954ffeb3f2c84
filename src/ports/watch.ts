import type { RunEvent } from '../contract/events.js';
import type { RunStatus } from '../contract/views.js';
import type { RunRecord } from './runs.js';

/** What a reader of a run gets: the snapshot first, then each event once and in order, then the end or why there is no more. */
export type WatchItem =
  | { type: 'snapshot'; run: RunRecord }
  | { type: 'event'; event: RunEvent }
  | { type: 'end'; status: RunStatus }
  /** `slow`: too far behind, what was missed can be asked for again. The others: the run can be read no further. */
  | { type: 'dropped'; reason: DropReason; message: string };

/** Why a reader gets no more though the run has not ended. */
export type DropReason = 'slow' | 'run_not_found' | 'record_lost';

/** How a reader begins. */
export interface ReadOptions {
  /** Events with a `seq` above this. */
  after: number;
  /** True: the reader has read this run before, so the run is taken to be there while Temporal cannot be asked. */
  resumes: boolean;
  /** Ends the reading; fired by the caller in every case, as it lets go of what is held for it. */
  signal: AbortSignal;
}

/** One reader's reading of a run. */
export interface RunReading {
  /** True: the run has ended, and there is no event that the reader has not. */
  isOver: boolean;
  /** To be iterated once. While no worker or server answers, it waits. */
  items: AsyncIterable<WatchItem>;
}

/** Follows runs for readers: however many read one run, it is watched once. */
export interface RunWatch {
  /** @throws RunsError where there is no such run, or that cannot be found out */
  open(tenant: string, runId: string, options: ReadOptions): Promise<RunReading>;
}
