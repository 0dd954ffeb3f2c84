import { z } from '@hono/zod-openapi';
import { linkedSignal } from '../contract/linked-signal.js';
import { RunsError } from '../contract/runs-error.js';
import type { RunRecord } from '../ports.js';
import type { AppDeps } from './env.js';

/** `?wait=`: seconds; the operator's `MAX_WAIT_SECONDS` bounds it. */
export const waitQuery = z.strictObject({
  wait: z.coerce
    .number({ error: 'Expected a number of seconds' })
    .min(0, 'Expected at least 0')
    .max(86_400, 'Expected at most 86400')
    .optional()
    .openapi({ description: 'Seconds to wait for the end of the run', example: 30 }),
});

/**
 * Waits until a run has ended, at most `waitMs`, and reads it. Gives nothing where it is still going: the time is over,
 * the caller has gone, or this process is told to stop.
 */
export async function endOfRun(
  { runs, draining }: AppDeps,
  tenant: string,
  runId: string,
  waitMs: number,
  caller: AbortSignal,
): Promise<RunRecord | undefined> {
  const over = linkedSignal([draining, caller], { ms: waitMs });
  try {
    if (!(await runs.waitForEnd(tenant, runId, over.signal))) return undefined;
  } catch (error) {
    // The run is started and durable: that Temporal cannot be reached right now is no failure of it.
    if (error instanceof RunsError && error.reason === 'temporal_unavailable') return undefined;
    throw error;
  } finally {
    over.release();
  }
  return runs.get(tenant, runId);
}
