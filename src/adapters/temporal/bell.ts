import { setTimeout as pause } from 'node:timers/promises';
import { RunsError } from '../../contract/runs-error.js';
import type { RunStatus } from '../../contract/views.js';
import type { TemporalClient } from './connection.js';
import { runsError } from './errors.js';
import { endStatus } from './execution-status.js';

type HistoryPage = Awaited<ReturnType<TemporalClient['workflowService']['getWorkflowExecutionHistory']>>;
type HistoryEvent = NonNullable<NonNullable<HistoryPage['history']>['events']>[number];

/** Says that a run may have gone on; with `closed`, that it has ended. */
export interface Ring {
  closed?: RunStatus;
}

/** How a run stands: its execution, and its end where it has one. */
export interface Found {
  executionId: string;
  closed?: RunStatus;
}

/** Longest that one poll may take: the server answers an idle one after 20 s. */
const POLL_MS = 40_000;
const DESCRIBE_MS = 5_000;
/** How long to leave Temporal alone that went away. */
const RETRY_MS = 500;

/** Looks a run up at the server; needs no worker. @throws RunsError */
export async function findRun(client: TemporalClient, workflowId: string): Promise<Found> {
  try {
    const { runId, status } = await client.withDeadline(Date.now() + DESCRIBE_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    const closed = endStatus(status.code);
    return { executionId: runId, ...(closed && { closed }) };
  } catch (error) {
    throw runsError(error);
  }
}

/**
 * Rings when a run may have news, until it has ended: a long poll on its history, followed over continue-as-new. What the
 * news are is read elsewhere. Outages are waited for. `found`: where the caller knows how the run stands.
 * @throws RunsError where the run is not there any more
 */
export async function* watchBell(
  client: TemporalClient,
  workflowId: string,
  signal: AbortSignal,
  found?: Found,
): AsyncGenerator<Ring> {
  let at = found;
  let token: Uint8Array | undefined;
  while (!signal.aborted) {
    try {
      at ??= await findRun(client, workflowId);
      if (at.closed) {
        yield { closed: at.closed };
        return;
      }
      const { history, nextPageToken } = await poll(client, workflowId, at.executionId, token, signal);
      const events = history?.events ?? [];
      const last = events.at(-1);
      const next = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
      token = nextPageToken?.length ? nextPageToken : undefined;
      // The end of a history that does not say how: asked again.
      if (next) at = { executionId: next };
      else if (!token) at = undefined;
      if (events.some(tellsOfState)) yield {};
    } catch (error) {
      if (signal.aborted) return;
      const failed = runsError(error);
      if (failed.reason === 'run_not_found') throw failed;
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function poll(
  client: TemporalClient,
  workflowId: string,
  runId: string,
  nextPageToken: Uint8Array | undefined,
  signal: AbortSignal,
) {
  const request = {
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    waitNewEvent: true,
    ...(nextPageToken && { nextPageToken }),
  };
  // A signal of its own: the client's listener on it stays, and a watch makes many polls.
  const call = new AbortController();
  const abort = () => call.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await client.withDeadline(Date.now() + POLL_MS, () =>
      client.withAbortSignal(call.signal, () => client.workflowService.getWorkflowExecutionHistory(request)),
    );
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A run's state changes with its workflow tasks; what lies between them is no news yet. */
function tellsOfState(event: HistoryEvent): boolean {
  return Boolean(event.workflowTaskCompletedEventAttributes ?? event.workflowExecutionContinuedAsNewEventAttributes);
}

/** True where trying again is of no use. */
export function isFinal(error: unknown): error is RunsError & { reason: 'run_not_found' | 'record_lost' } {
  return error instanceof RunsError && (error.reason === 'run_not_found' || error.reason === 'record_lost');
}
