import { activityInfo, heartbeat } from '@temporalio/activity';
import type { EarlierAttempts } from '../contract/wire.js';

/** Well below every heartbeat time-out in use (5 s), so that one late beat does not look like a dead worker. */
const EVERY_MS = 1_000;

/**
 * Runs `work` while heartbeating from a timer, so that a call which is silent for minutes is not taken for dead, and
 * a cancellation (which travels with heartbeats) reaches it soon. `details`: what the next attempt shall know.
 */
export async function withHeartbeat<T>(work: () => Promise<T>, details?: unknown): Promise<T> {
  const timer = setInterval(() => heartbeat(details), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What heartbeats say of the attempts so far. */
interface Beats {
  /** Attempts that the provider answered with an error. */
  failed: number;
  /** Attempts that made no call: they were told to come again. */
  held: number;
  /** Attempts among the failed ones that ran out of time. */
  timedOut: number;
}

/**
 * Counts the attempts of this activity before this one by how they ended. What no heartbeat tells of was cut with its worker.
 */
export class AttemptCount {
  readonly beats: Beats;
  readonly earlier: EarlierAttempts;

  constructor() {
    const { attempt, heartbeatDetails: said } = activityInfo() as {
      attempt: number;
      heartbeatDetails?: Partial<Beats>;
    };
    const { failed = 0, held = 0, timedOut = 0 } = said ?? {};
    this.beats = { failed, held, timedOut };
    this.earlier = { failed, unknown: Math.max(0, attempt - 1 - failed - held) };
  }

  /** This attempt failed, perhaps as its time was over; the next one will know. Gives the count with it. */
  failed(timedOut: boolean): EarlierAttempts {
    const { beats } = this;
    heartbeat({ ...beats, failed: beats.failed + 1, timedOut: beats.timedOut + (timedOut ? 1 : 0) });
    return { ...this.earlier, failed: this.earlier.failed + 1 };
  }

  /** This attempt made no call. */
  held(): void {
    heartbeat({ ...this.beats, held: this.beats.held + 1 });
  }
}
