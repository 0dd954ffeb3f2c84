import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { RunsError, type RunsErrorReason } from '../../contract/runs-error.js';
import { isDeadline, runsError } from './errors.js';

/** Longest that one call to Temporal may take, so that an unreachable server is said soon. */
const RPC_TIMEOUT_MS = 5_000;

/** How long a query may take before it is said that no worker is there. */
export const QUERY_TIMEOUT_MS = 3_000;

/** Bounds a call and puts its errors into the port's words; `notFound` where what it is about is no run. @throws RunsError */
export async function bounded<T>(client: Client, call: () => Promise<T>, notFound?: NotFound): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + RPC_TIMEOUT_MS, call);
  } catch (error) {
    const found = runsError(error);
    if (found.reason !== 'run_not_found' || !notFound) throw found;
    throw new RunsError(notFound.reason, notFound.message, { cause: error });
  }
}

/** What is said where there is none. */
export interface NotFound {
  reason: RunsErrorReason;
  message: string;
}

/** Bounds a query. @throws RunsError `worker_unavailable` where nobody answers */
export async function queried<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, call);
  } catch (error) {
    if (!isDeadline(error) || error instanceof WorkflowNotFoundError) throw runsError(error);
    throw new RunsError('worker_unavailable', 'No worker answered; try again soon', { cause: error });
  }
}
