import {
  ApplicationFailure,
  WorkflowFailedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { tenantOf } from '../../contract/ids.js';
import type { ClosingRecord, RunClosing, RunFailureDetails, RunMemo, RunOutcome } from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import type { BlobRef } from '../../contract/wire.js';
import type { Store } from '../../ports.js';
import { cacheKey, Lru } from '../store/lru.js';

/** Records that were read last stay in memory, in bytes of their JSON: who waits for a run reads it more than once. */
const KEPT_BYTES = 8_000_000;

/**
 * Closing records of runs that ended. What an execution ended with never changes, so it is read once; that the run is there, and which
 * execution is its last, is for who asks to know at that moment.
 */
export class Closings {
  readonly #client: Client;
  readonly #store: Store;
  readonly #kept = new Lru<string>(KEPT_BYTES);

  constructor(client: Client, store: Store) {
    this.#client = client;
    this.#store = store;
  }

  /** Absent where the run was ended hard, or by an older version. @throws RunsError `record_lost` */
  async of(execution: WorkflowExecutionDescription): Promise<RunClosing | undefined> {
    const { status, memo, workflowId } = execution;
    const inResult = status.name === 'COMPLETED' || status.name === 'FAILED';
    const record = inResult ? await this.#ofResult(execution) : (memo as RunMemo | undefined)?.closing;
    return record && 'ref' in record ? storedJson(this.#store, tenantOf(workflowId), record) : record;
  }

  async #ofResult({ workflowId, runId }: WorkflowExecutionDescription): Promise<ClosingRecord | undefined> {
    // A workflow id names its tenant. As text: nobody can change what another one reads.
    const key = cacheKey(workflowId, runId);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return JSON.parse(kept) as ClosingRecord;
    const record = await resultRecord(this.#client, workflowId, runId);
    if (record === undefined) return undefined;
    const text = JSON.stringify(record);
    this.#kept.set(key, text, 2 * text.length);
    return record;
  }
}

async function resultRecord(client: Client, workflowId: string, runId: string): Promise<ClosingRecord | undefined> {
  try {
    const outcome = (await client.workflow.getHandle(workflowId, runId).result()) as RunOutcome;
    return outcome.closing;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    return cause instanceof ApplicationFailure ? (cause.details as RunFailureDetails | undefined)?.[0] : undefined;
  }
}

/** What a run keeps in the store. @throws RunsError `record_lost` */
export async function storedJson<T>(store: Store, tenant: string, { ref }: BlobRef): Promise<T> {
  const text = await store.getText(tenant, ref);
  if (text === undefined) throw new RunsError('record_lost', 'The store does not have the record of this run any more');
  return JSON.parse(text) as T;
}
