import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { RunEvent } from '../../contract/events.js';
import { firstView } from '../../contract/first-view.js';
import { eventsQuery, runQuery, type EventsPage, type RunMemo } from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import type { RunStatus, RunView } from '../../contract/views.js';
import { tenantOf } from '../../contract/ids.js';
import type { RetryingCall, RunRecord, Store } from '../../ports.js';
import { QUERY_TIMEOUT_MS } from './bounded.js';
import { storedJson, type Closings } from './closings.js';
import type { TemporalClient } from './connection.js';
import { readInput, wasBegun } from './control.js';
import { isDeadline, isRefused } from './errors.js';
import { endStatus } from './execution-status.js';
import { failureMessage } from './payloads.js';

/**
 * Reads a run where its state is: an open one by query, a closed one from its closing record, so that nothing of it
 * needs a worker. A run that was ended hard left neither and is asked by query, which replays it.
 */
export async function readRun(client: TemporalClient, closings: Closings, workflowId: string): Promise<RunRecord> {
  const description = await client.workflow.getHandle(workflowId).describe();
  const { label } = (description.memo ?? {}) as RunMemo;
  const closed = endStatus(description.status.code);
  const view = closed
    ? ((await closings.of(description))?.view ?? endedHard(await lastView(client, description), closed, description))
    : await queryRun(client, workflowId);
  return {
    view,
    executionId: description.runId,
    retrying: closed ? [] : await retryingCalls(client, description),
    ...(label !== undefined && { label }),
  };
}

/** Reads a run's events with `seq` above `after`, the same way. */
export async function readEvents(
  client: TemporalClient,
  { closings, store }: { closings: Closings; store: Store },
  workflowId: string,
  after: number,
): Promise<RunEvent[]> {
  const handle = client.workflow.getHandle(workflowId);
  const description = await handle.describe();
  const ended = endStatus(description.status.code);
  const closing = ended && (await closings.of(description));
  const page = closing
    ? closing
    : await query(client, () => handle.query(eventsQuery, after)).catch(async (error: unknown): Promise<EventsPage> => {
        if (!ended || !isRefused(error) || (await wasBegun(client, workflowId))) throw error;
        return { events: [] };
      });
  return allAfter(store, tenantOf(workflowId), page, after);
}

/** The events of a page and of those before it in the store, as far back as they are asked for. */
async function allAfter(store: Store, tenant: string, page: EventsPage, after: number): Promise<RunEvent[]> {
  const events = page.events.filter(({ seq }) => seq > after);
  const first = page.events[0]?.seq;
  if (!page.earlier || (first !== undefined && first <= after + 1)) return events;
  const earlier = await storedJson<EventsPage>(store, tenant, page.earlier);
  return [...(await allAfter(store, tenant, earlier, after)), ...events];
}

/** The view of a run that was ended hard; of one that no worker had begun, as it would have begun. */
async function lastView(client: TemporalClient, { workflowId, startTime }: WorkflowExecutionDescription) {
  try {
    return await queryRun(client, workflowId);
  } catch (error) {
    if (!isRefused(error) || (await wasBegun(client, workflowId))) throw error;
    return firstView(await readInput(client, workflowId), startTime.toISOString());
  }
}

function queryRun(client: Client, workflowId: string): Promise<RunView> {
  return query(client, () => client.workflow.getHandle(workflowId).query(runQuery));
}

async function query<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, call);
  } catch (error) {
    if (!isDeadline(error)) throw error;
    const message = 'No worker answered for this run; it goes on when one is back';
    throw new RunsError('worker_unavailable', message, { cause: error });
  }
}

/** The view of a run that its server or an operator ended: its own last word is that it was running. */
function endedHard(view: RunView, status: RunStatus, { closeTime }: WorkflowExecutionDescription): RunView {
  if (view.status === status) return view;
  const open = ['running', 'waiting_human'];
  return {
    ...view,
    status,
    tasks: view.tasks.map((task) => (open.includes(task.status) ? { ...task, status: 'cancelled' } : task)),
    approvals: view.approvals.map((approval) =>
      approval.status === 'open' ? { ...approval, status: 'withdrawn' } : approval,
    ),
    ...(closeTime && { endedAt: closeTime.toISOString() }),
  };
}

/** Calls that failed at least once and are tried again: the workflow cannot see them, the server can. */
async function retryingCalls(
  client: Client,
  { raw, workflowId }: WorkflowExecutionDescription,
): Promise<RetryingCall[]> {
  const calls = (raw.pendingActivities ?? []).map(
    async ({ activityId, attempt, lastFailure, nextAttemptScheduleTime }): Promise<RetryingCall[]> => {
      if (!activityId || !lastFailure) return [];
      const next = nextAttemptScheduleTime?.seconds;
      return [
        {
          activityId,
          attempts: Math.max(1, (attempt ?? 1) - 1),
          lastFailure: {
            code: lastFailure.applicationFailureInfo?.type ?? 'Task.WorkerLost',
            message: lastFailure.applicationFailureInfo
              ? await failureMessage(client, workflowId, lastFailure)
              : 'The worker went away',
          },
          ...(next !== undefined && next !== null && { nextTryAt: new Date(Number(next) * 1000).toISOString() }),
        },
      ];
    },
  );
  return (await Promise.all(calls)).flat();
}
