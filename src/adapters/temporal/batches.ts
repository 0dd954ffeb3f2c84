import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  batchQuery,
  batchWorkflowId,
  cancelBatchSignal,
  RUN_BATCH,
  type BatchInput,
  type BatchView,
} from '../../contract/coordination.js';
import { fairnessOf } from '../../contract/identity.js';
import { SearchAttribute } from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import type { CrewRef } from '../../contract/views.js';
import { keyword } from '../../contract/waiting.js';
import type { BatchRow, CrewBatches, StartBatch } from '../../ports.js';
import type { runBatch } from '../../workflows/index.js';
import { bounded, queried } from './bounded.js';
import type { TemporalClient } from './connection.js';
import { endStatus } from './execution-status.js';
import { keywords } from './keywords.js';
import { iso } from './list.js';
import { equals, listPage } from './visibility.js';

/** How often a batch looks for runs that ended without a word. */
const CHECK_EVERY_MS = 2 * 60_000;

const NOT_FOUND = { reason: 'batch_not_found', message: 'There is no batch with this id' } as const;

/** Memo fields of a batch. */
interface BatchMemo {
  crew: CrewRef;
  total: number;
  label?: string;
  requestDigest?: string;
}

/** The `CrewBatches` port on a Temporal client. `checkEveryMs`: another than two minutes, for tests. */
export function createCrewBatches(
  client: TemporalClient,
  taskQueue: string,
  checkEveryMs = CHECK_EVERY_MS,
): CrewBatches {
  return {
    start: (batch) => bounded(client, () => start(client, taskQueue, checkEveryMs, batch)),
    get: (tenant, batchId) => read(client, batchWorkflowId(tenant, batchId)),
    list: (filter) => bounded(client, () => list(client, filter)),
    cancel: async (tenant, batchId) => {
      const handle = client.workflow.getHandle(batchWorkflowId(tenant, batchId));
      const { status } = await bounded(client, () => handle.describe(), NOT_FOUND);
      if (endStatus(status.code)) throw new RunsError('run_closed', 'The batch has ended');
      await bounded(client, () => handle.signal(cancelBatchSignal), NOT_FOUND);
    },
  };
}

async function start(client: Client, taskQueue: string, checkEveryMs: number, batch: StartBatch) {
  const { tenant, batchId, crew, plan, total, maxConcurrent, label, requestDigest } = batch;
  const workflowId = batchWorkflowId(tenant, batchId);
  const labelled = label !== undefined && { label };
  const input: BatchInput = { batchId, crew, plan, total, maxConcurrent, checkEveryMs, ...labelled };
  const memo: BatchMemo = { crew, total, ...labelled, ...(requestDigest !== undefined && { requestDigest }) };
  try {
    await client.workflow.start<typeof runBatch>(RUN_BATCH, {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      memo: { ...memo },
      typedSearchAttributes: keywords({
        [SearchAttribute.crew]: crew.name,
        [SearchAttribute.tenant]: tenant,
        [SearchAttribute.status]: 'running',
        [SearchAttribute.label]: label === undefined ? undefined : keyword(label),
      }),
      ...fairnessOf(tenant),
      staticSummary: `${crew.name} × ${total}`,
    });
    return { created: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const existing = await client.workflow.getHandle(workflowId).describe();
    const digest = (existing.memo as Partial<BatchMemo> | undefined)?.requestDigest;
    return { created: false, ...(digest !== undefined && { requestDigest: digest }) };
  }
}

/** An open batch by query, a closed one from its result. */
async function read(client: Client, workflowId: string): Promise<BatchView> {
  const handle = client.workflow.getHandle(workflowId);
  const description = await bounded(client, () => handle.describe(), NOT_FOUND);
  const status = endStatus(description.status.code);
  if (status === 'completed') return bounded(client, () => handle.result() as Promise<BatchView>, NOT_FOUND);
  const view = await queried(client, () => handle.query(batchQuery));
  const { closeTime } = description;
  // Ended hard: what it had started is not its own any more.
  return status ? { ...view, status: 'cancelled', ...(closeTime && { endedAt: closeTime.toISOString() }) } : view;
}

async function list(client: TemporalClient, filter: { tenant: string; limit: number; cursor?: string }) {
  const query = `WorkflowType = '${RUN_BATCH}' AND ${equals(SearchAttribute.tenant, filter.tenant)}`;
  const { executions, decode, nextCursor } = await listPage(client, query, filter);
  const rows = executions.flatMap((info): BatchRow[] => {
    const fields = Object.entries(info.memo?.fields ?? {}).map(([key, value]) => [key, decode(value)]);
    const { crew, total, label } = Object.fromEntries(fields) as Partial<BatchMemo>;
    const workflowId = info.execution?.workflowId ?? '';
    if (!crew || total === undefined) return [];
    const own = info.searchAttributes?.indexedFields?.[SearchAttribute.status];
    const endedAt = iso(info.closeTime);
    return [
      {
        batchId: workflowId.slice(workflowId.lastIndexOf('/') + 1),
        crew,
        total,
        status: rowStatus(info.status, own && decode(own)),
        startedAt: iso(info.startTime) ?? '',
        ...(label !== undefined && { label }),
        ...(endedAt !== undefined && { endedAt }),
      },
    ];
  });
  return { rows, ...(nextCursor !== undefined && { nextCursor }) };
}

function rowStatus(execution: number | null | undefined, own: unknown): BatchView['status'] {
  const ended = endStatus(execution);
  if (!ended) return 'running';
  const word = Array.isArray(own) ? (own[0] as unknown) : own;
  return ended === 'completed' && word !== 'cancelled' ? 'completed' : 'cancelled';
}
