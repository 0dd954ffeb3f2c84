import { isCancellation } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { codeOf } from './failure-view.js';

/**
 * Waits for all of them, then gives their results, or fails with the first real cause: siblings are never left running, and
 * a failure is not hidden behind the cancellation or stop that it brought about.
 */
export async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failed = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
  if (failed.length > 0) throw failed.find((reason) => !isConsequence(reason)) ?? failed[0];
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}

function isConsequence(reason: unknown): boolean {
  return isCancellation(reason) || codeOf(reason) === FailureType.stopped;
}
