import { heartbeat } from '@temporalio/activity';

/** Well below every heartbeat time-out in use (5 s), so that one late beat does not look like a dead worker. */
const EVERY_MS = 1_000;

/**
 * Runs `work` while heartbeating from a timer, so that a call which is silent for minutes is not taken for dead, and
 * a cancellation (which travels with heartbeats) reaches it soon.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
