import { RunsError } from '../contract/runs-error.js';
import { Problem } from './errors.js';

/**
 * Does what is done once under a key. Where its outcome is not known, the caller is told the key, also one that we made up: sending
 * the same again is right whether or not it arrived.
 * Throws `outcome_unknown`, and what the work throws.
 */
export async function underKey<T>(runId: string, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RunsError) || error.reason !== 'outcome_unknown') throw error;
    throw new Problem('outcome_unknown', error.message, { runId }, { 'idempotency-key': key, 'retry-after': '2' });
  }
}
