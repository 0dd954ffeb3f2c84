import type { Payload } from '@temporalio/common';
import { tenantOf } from '../../contract/ids.js';
import { RUN_BATCH } from '../../contract/coordination.js';
import { RUN_CREW } from '../../contract/messages.js';
import type { Reachable } from '../../ports.js';
import type { TemporalClient } from './connection.js';
import { decoded } from './payloads.js';

/** Deep enough for every event; histories are trees, but a bound costs nothing. */
const MAX_DEPTH = 20;

/**
 * The digests that each retained run speaks of, open or closed, each part of one that continued as new by itself. A history
 * that goes meanwhile is passed over: its retention is over. One that cannot be opened throws: what it speaks of is not known. `among`: a condition more, in Temporal's query language.
 */
export async function* reachableDigests(client: TemporalClient, among?: string): AsyncGenerator<Reachable> {
  const query = `WorkflowType IN ('${RUN_CREW}', '${RUN_BATCH}')${among === undefined ? '' : ` AND ${among}`}`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const history = await client.workflow
      .getHandle(workflowId, runId)
      .fetchHistory()
      .catch(() => undefined);
    if (!history) continue;
    yield { tenant: tenantOf(workflowId), digests: await digestsIn(client, workflowId, history) };
  }
}

/** All digests in a history's payloads, opened: they are bytes of JSON, and every digest in them counts, whatever it is called. */
async function digestsIn(client: TemporalClient, workflowId: string, history: object): Promise<string[]> {
  const payloads: Payload[] = [];
  collectPayloads(history, payloads, 0);
  const digests = new Set<string>();
  for (const { data } of await decoded(client, workflowId, payloads)) {
    for (const digest of Buffer.from(data ?? [])
      .toString('latin1')
      .match(/\b[0-9a-f]{64}\b/g) ?? [])
      digests.add(digest);
  }
  return [...digests];
}

function collectPayloads(value: unknown, payloads: Payload[], depth: number): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || depth > MAX_DEPTH) return;
  const { data, metadata } = value as Payload;
  if (data instanceof Uint8Array && metadata?.['encoding'] instanceof Uint8Array) payloads.push({ data, metadata });
  else for (const inner of Object.values(value)) collectPayloads(inner, payloads, depth + 1);
}
