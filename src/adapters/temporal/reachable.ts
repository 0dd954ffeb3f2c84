import { tenantOf } from '../../contract/ids.js';
import { RUN_BATCH } from '../../contract/coordination.js';
import { RUN_CREW } from '../../contract/messages.js';
import type { Reachable } from '../../ports.js';
import type { TemporalClient } from './connection.js';
import { decoded, payloadsIn } from './payloads.js';

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
  const digests = new Set<string>();
  for (const { data } of await decoded(client, workflowId, payloadsIn(history))) {
    for (const digest of Buffer.from(data ?? [])
      .toString('latin1')
      .match(/\b[0-9a-f]{64}\b/g) ?? [])
      digests.add(digest);
  }
  return [...digests];
}
