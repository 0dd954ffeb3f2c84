import { workflowIdOf } from '../../contract/ids.js';
import { RUN_CREW, SearchAttribute } from '../../contract/messages.js';
import type { Caller, RunLimits } from '../../ports.js';
import { bounded } from './bounded.js';
import type { TemporalClient } from './connection.js';
import { callerWord } from './keywords.js';
import { equals } from './visibility.js';

/** How long a run that was started here may not be listed yet: until then it is counted from memory. */
const LISTED_AFTER_MS = 1_500;

/** Conditions that one query takes; more starts within `LISTED_AFTER_MS` are counted twice. */
const MAX_APART = 100;

/**
 * The `RunLimits` port: open runs of a caller, counted by visibility, which is a moment behind. Starts of this gateway are counted at
 * once, and one after the other; several gateways may together start as many more as each lets through in that moment.
 * `openRuns`: of callers that have no limit of their own; 0: none.
 */
export function createRunLimits(client: TemporalClient, openRuns: number, now: () => number = Date.now): RunLimits {
  const callers = new Map<string, { recent: Map<string, number>; turn: Promise<unknown> }>();

  const take = async ({ tenant, id = '' }: Caller, runId: string, most: number, recent: Map<string, number>) => {
    for (const [known, at] of recent) if (now() - at > LISTED_AFTER_MS) recent.delete(known);
    const apart = [...recent.keys()].slice(-MAX_APART).map((known) => workflowIdOf(tenant, known));
    const query = [
      `WorkflowType = '${RUN_CREW}'`,
      `ExecutionStatus = 'Running'`,
      equals(SearchAttribute.tenant, tenant),
      equals(SearchAttribute.caller, callerWord(id)),
      ...apart.map((workflowId) => `WorkflowId != '${workflowId}'`),
    ].join(' AND ');
    const { count } = await bounded(client, () => client.workflow.count(query));
    if (count + recent.size >= most) return undefined;
    recent.set(runId, now());
    return { release: () => void recent.delete(runId) };
  };

  return {
    take: async (caller, runId) => {
      const most = caller.limits?.openRuns ?? openRuns;
      if (caller.id === undefined || most === 0) return FREE;
      const key = `${caller.tenant}/${caller.id}`;
      const state = callers.get(key) ?? { recent: new Map<string, number>(), turn: Promise.resolve() };
      callers.set(key, state);
      const mine = state.turn.then(() => take(caller, runId, most, state.recent));
      const settled = mine.catch(() => undefined);
      state.turn = settled;
      // The last one to leave forgets the caller, once nothing of it is recent.
      void settled.then(() => {
        if (state.turn === settled && state.recent.size === 0) callers.delete(key);
      });
      return mine;
    },
  };
}

const FREE = { release: () => undefined };
