import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { RunState } from '../../contract/coordination.js';
import { workflowIdOf } from '../../contract/ids.js';
import { SearchAttribute } from '../../contract/messages.js';
import type { ReadRunStates } from '../../ports.js';
import { bounded } from './bounded.js';
import { endStatus } from './execution-status.js';

/** Descriptions that are asked for at the same time. */
const AT_ONCE = 8;

/** What runs stand at, from their descriptions: no worker is needed, and nothing is stale. */
export function runStatesOf(client: Client): ReadRunStates {
  return async (tenant, runIds) => {
    const states: Record<string, RunState> = {};
    for (let from = 0; from < runIds.length; from += AT_ONCE) {
      const some = runIds.slice(from, from + AT_ONCE);
      const read = await Promise.all(some.map((runId) => bounded(client, () => stateOf(client, tenant, runId))));
      read.forEach((state, at) => (states[some[at] ?? ''] = state));
    }
    return states;
  };
}

async function stateOf(client: Client, tenant: string, runId: string): Promise<RunState> {
  try {
    const description = await client.workflow.getHandle(workflowIdOf(tenant, runId)).describe();
    const ended = endStatus(description.status.code);
    if (ended !== 'completed') return ended ?? 'open';
    const { indexedFields } = description.raw.workflowExecutionInfo?.searchAttributes ?? {};
    const own = indexedFields?.[SearchAttribute.status];
    const word: unknown = own && client.options.loadedDataConverter.payloadConverter.fromPayload(own);
    return word === 'stopped' ? 'stopped' : 'completed';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    throw error;
  }
}
