import type { components } from './openapi.js';
import type { RunStatus } from './types.js';

/** What a start may say beside what the document has. */
export interface StartMore {
  /** ISO 8601: not before. */
  startAfter?: string;
  /** Runs of one thread go one after the other. */
  thread?: string;
  onBusy?: 'reject' | 'enqueue' | 'cancelPrevious';
}

export interface StartBatch {
  crew: string;
  items: { inputs: Record<string, unknown>; label?: string }[];
  /** Runs that are open at the same time. */
  maxConcurrent?: number;
  label?: string;
}

/** One crew over many inputs. */
export interface Batch {
  batchId: string;
  crew: components['schemas']['RunRow']['crew'];
  status: 'running' | 'cancelling' | 'cancelled' | 'completed';
  total: number;
  label?: string;
  startedAt: string;
  endedAt?: string;
  maxConcurrent?: number;
  /** How many items stand where. */
  counts?: Record<string, number>;
  /** Items whose runs could not be started. */
  errors?: { index: number; error: { code: string; message: string } }[];
}

/** What came of one item. */
export interface BatchResult {
  index: number;
  runId?: string;
  status: RunStatus | 'skipped';
  output?: string;
  json?: unknown;
  error?: { code: string; message: string };
}

export type Overlap = 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';

/** A crew at times. */
export interface ScheduleRequest {
  id?: string;
  /** `name` for the newest version when it fires, or `name@version`. */
  crew: string;
  inputs?: Record<string, unknown>;
  label?: string;
  cron?: string[];
  intervals?: { everySeconds: number; offsetSeconds?: number }[];
  timeZone?: string;
  startAt?: string;
  endAt?: string;
  jitterSeconds?: number;
  overlap?: Overlap;
  catchupWindowSeconds?: number;
  paused?: boolean;
  note?: string;
}

export interface Schedule extends ScheduleRequest {
  id: string;
  paused: boolean;
  /** ISO 8601. */
  nextTimes: string[];
  recentRuns?: { runId: string; scheduledAt: string; startedAt?: string; status: string }[];
}
