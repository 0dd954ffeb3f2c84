import { activityInfo, heartbeat } from '@temporalio/activity';
import { addUsage } from '../contract/views.js';
import type { EarlierAttempts, TokenUsage } from '../contract/wire.js';

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
  /** Attempts among the failed ones that had begun to answer. */
  cut: number;
  /** What the failed ones took, as far as it is known. */
  usage?: TokenUsage;
}

/** How an attempt failed, as far as later ones go by it. */
export interface FailedAttempt {
  /** `cut`: part of an answer had come. */
  how: 'timedOut' | 'cut' | 'otherwise';
  usage?: TokenUsage | undefined;
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
    // A worker of an older version knew of fewer.
    const { failed = 0, held = 0, timedOut = 0, cut = 0, usage } = said ?? {};
    this.beats = { failed, held, timedOut, cut, ...(usage && { usage }) };
    this.earlier = { failed, unknown: Math.max(0, attempt - 1 - failed - held), ...(usage && { usage }) };
  }

  /** This attempt failed; the next one will know. Gives the count with it, and how many failed in the same way. */
  failed({ how, usage: more }: FailedAttempt): { attempts: EarlierAttempts; alike: number } {
    const { beats, earlier } = this;
    const usage = sum(beats.usage, more);
    const said: Beats = {
      ...beats,
      failed: beats.failed + 1,
      timedOut: beats.timedOut + (how === 'timedOut' ? 1 : 0),
      cut: beats.cut + (how === 'cut' ? 1 : 0),
      ...(usage && { usage }),
    };
    heartbeat(said);
    const attempts = { ...earlier, failed: earlier.failed + 1, ...(usage && { usage }) };
    return { attempts, alike: how === 'otherwise' ? said.failed : said[how] };
  }

  /** This attempt made no call. */
  held(): void {
    heartbeat({ ...this.beats, held: this.beats.held + 1 });
  }
}

function sum(one: TokenUsage | undefined, other: TokenUsage | undefined): TokenUsage | undefined {
  if (!one || !other) return one ?? other;
  const both = { ...one };
  addUsage(both, other);
  return both;
}
