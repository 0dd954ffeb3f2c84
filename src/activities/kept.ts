import { sleep } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { withHeartbeat } from './heartbeat.js';
import type { Here } from './here.js';

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/**
 * Keeps what was paid for, or done and not to be done again: a store that is away is waited for as long as the attempt has time, since
 * to fail would have it made once more. `beats`: what heartbeats tell meanwhile.
 * @throws what `work` throws; the cancellation where Temporal wants the attempt to end
 */
export function kept<T>(work: () => Promise<T>, { endsAt }: Pick<Here, 'endsAt'>, beats?: unknown): Promise<T> {
  return withHeartbeat(async () => {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, MAX_WAIT_MS)) {
      try {
        return await work();
      } catch (error) {
        const passing = error instanceof ApplicationFailure && error.type === FailureType.storeUnavailable;
        if (!passing || performance.now() + waitMs > endsAt) throw error;
      }
      await sleep(waitMs);
    }
  }, beats);
}
