import { RunsError, type RunsErrorReason } from '../contract/runs-error.js';
import type { Caller, RunLimits } from '../ports.js';
import { Problem } from './errors.js';

/** How soon it is worth to ask again where all places are taken: runs take seconds to days. */
const RETRY_SECONDS = 5;

/** How a run says whose it is, where that is counted. */
export function startedBy({ id }: Caller): { caller?: string } {
  return id === undefined ? {} : { caller: id };
}

/**
 * The place of a run that is to be started, where the caller's open runs are limited. `known`: reads what the same
 * request may have started before: a request that is repeated is answered as before, and needs no place.
 * Throws `too_many_runs`.
 */
export async function placeFor(
  { runLimits }: { runLimits?: RunLimits },
  caller: Caller,
  runId: string,
  known?: () => Promise<unknown>,
): Promise<{ release(): void } | undefined> {
  if (!runLimits) return undefined;
  const place = await runLimits.take(caller, runId);
  if (place || (known && (await exists(known)))) return place;
  const message = 'You have as many open runs as you may have; try again when one has ended';
  throw new Problem('too_many_runs', message, {}, { 'retry-after': String(RETRY_SECONDS) });
}

async function exists(known: () => Promise<unknown>): Promise<boolean> {
  try {
    await known();
    return true;
  } catch (error) {
    // Whatever else is wrong with reading it, it is there.
    return error instanceof RunsError && !ABSENT.includes(error.reason);
  }
}

const ABSENT: RunsErrorReason[] = ['run_not_found', 'batch_not_found', 'temporal_unavailable'];
