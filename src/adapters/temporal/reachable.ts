import { tenantOf } from '../../contract/ids.js';
import { RUN_BATCH } from '../../contract/coordination.js';
import { RUN_CREW } from '../../contract/messages.js';
import type { Reachable } from '../../ports.js';
import type { TemporalClient } from './connection.js';

/** Deep enough for every event; histories are trees, but a bound costs nothing. */
const MAX_DEPTH = 20;

/**
 * The digests that each retained run speaks of, open or closed, each part of one that continued as new by itself. A history
 * that goes meanwhile is passed over: its retention is over. `among`: a condition more, in Temporal's query language.
 */
export async function* reachableDigests(client: TemporalClient, among?: string): AsyncGenerator<Reachable> {
  const query = `WorkflowType IN ('${RUN_CREW}', '${RUN_BATCH}')${among === undefined ? '' : ` AND ${among}`}`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const history = await client.workflow
      .getHandle(workflowId, runId)
      .fetchHistory()
      .catch(() => undefined);
    if (!history) continue;
    const digests = new Set<string>();
    scan(history, digests, 0);
    yield { tenant: tenantOf(workflowId), digests: [...digests] };
  }
}

/** Payloads are bytes of JSON: every digest in them counts, whatever it is called. */
function scan(value: unknown, digests: Set<string>, depth: number): void {
  if (value instanceof Uint8Array) {
    for (const digest of Buffer.from(value)
      .toString('latin1')
      .match(/\b[0-9a-f]{64}\b/g) ?? [])
      digests.add(digest);
  } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    for (const inner of Object.values(value)) scan(inner, digests, depth + 1);
  }
}
