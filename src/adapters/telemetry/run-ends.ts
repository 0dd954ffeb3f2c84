import { RUN_CREW, SearchAttribute } from '../../contract/messages.js';
import type { RunStatus } from '../../contract/views.js';
import { endStatusInWords, END_STATUSES, statusInQueries } from '../temporal/execution-status.js';
import { equals } from '../temporal/visibility.js';

/** Counts what a visibility query finds; `groups` by the execution's status where the query groups by it. */
export type CountRuns = (query: string) => Promise<{
  count: number;
  groups: { count: number; groupValues: unknown[] }[];
}>;

/** How much is counted anew each time. Far below the shortest retention of a namespace, which is a day. */
const WINDOW_MS = 3_600_000;

/** How late an end may be listed. */
const LATE_MS = 300_000;

/**
 * How many runs have ended since this was made, by status and however they ended, as Temporal's visibility has it: a run that was
 * terminated or timed out counts, which has no code of its own left that could. A run that continued as new has not ended.
 * The counts only grow: what ended longer ago is counted once and remembered, before Temporal forgets it. Calls at the same time share
 * an answer.
 */
export function countEnds(countRuns: CountRuns, now: () => number = Date.now): () => Promise<Map<RunStatus, number>> {
  let from = now();
  const settled = new Map<RunStatus, number>(END_STATUSES.map((status) => [status, 0]));
  const told = new Map(settled);
  let reading: Promise<Map<RunStatus, number>> | undefined;

  const between = async (start: number, end?: number): Promise<Map<RunStatus, number>> => {
    const closed = [
      `WorkflowType = '${RUN_CREW}'`,
      `CloseTime >= '${new Date(start).toISOString()}'`,
      ...(end === undefined ? [] : [`CloseTime < '${new Date(end).toISOString()}'`]),
    ].join(' AND ');
    const { groups } = await countRuns(`${closed} GROUP BY ExecutionStatus`);
    const found = new Map<RunStatus, number>();
    for (const { count, groupValues } of groups) {
      const status = endStatusInWords(String([groupValues[0]].flat()[0]));
      if (status) found.set(status, count);
    }
    // After the others: one that is stopped in between is told as completed a moment later, not too early.
    const { execution, own = '' } = statusInQueries('stopped');
    const { count: stopped } = await countRuns(
      `${closed} AND ${equals('ExecutionStatus', execution)} AND ${equals(SearchAttribute.status, own)}`,
    );
    return found.set('stopped', stopped).set('completed', Math.max(0, (found.get('completed') ?? 0) - stopped));
  };

  const read = async () => {
    const late = now() - LATE_MS;
    if (late - from >= WINDOW_MS) {
      const over = await between(from, late);
      for (const [status, count] of over) settled.set(status, (settled.get(status) ?? 0) + count);
      from = late;
    }
    const lately = await between(from);
    for (const [status, before] of told)
      told.set(status, Math.max(before, (settled.get(status) ?? 0) + (lately.get(status) ?? 0)));
    return told;
  };

  return () => (reading ??= read().finally(() => (reading = undefined)));
}
