import { batchRunId, type BatchView } from '../contract/coordination.js';
import { RunsError } from '../contract/runs-error.js';
import type { CrewRuns, Store } from '../ports.js';
import { jsonOf, outputText } from './hydrate.js';

/** Runs that are read ahead of the line that is being sent. */
const AHEAD = 4;

/** Statuses of items that there is no more to say of than that. */
const NOT_ENDED = ['queued', 'skipped', 'running'];

/** The results of a batch, a JSON text a line and an item, in order. Read as they are sent. */
export async function* resultLines(
  deps: { runs: CrewRuns; store: Store },
  tenant: string,
  batch: BatchView,
): AsyncGenerator<string> {
  const reading: Promise<object>[] = [];
  const read = (index: number) => {
    const line = lineOf(deps, tenant, batch, index);
    // It is awaited when its turn comes; until then it is nobody's failure.
    line.catch(() => undefined);
    reading.push(line);
  };
  for (let index = 0; index < Math.min(AHEAD, batch.total); index++) read(index);
  for (let index = 0; index < batch.total; index++) {
    if (index + AHEAD < batch.total) read(index + AHEAD);
    yield `${JSON.stringify(await reading.shift())}\n`;
  }
}

async function lineOf(
  { runs, store }: { runs: CrewRuns; store: Store },
  tenant: string,
  batch: BatchView,
  index: number,
) {
  const status = batch.statuses[index] ?? 'queued';
  const error = batch.errors[index];
  if (error) return { index, status, error };
  const runId = batchRunId(batch.batchId, index);
  if (NOT_ENDED.includes(status)) return { index, ...(status === 'running' && { runId }), status };
  try {
    const { view } = await runs.get(tenant, runId);
    const { result } = view;
    const output = result && (await outputText(store, tenant, result));
    const json = jsonOf(output, result?.format);
    return {
      index,
      runId,
      status: view.status,
      ...(output !== undefined && { output }),
      ...(json !== undefined && { json }),
      ...(view.error && { error: view.error }),
    };
  } catch (failed) {
    // The answer has begun: what cannot be read is said in its line.
    const code = failed instanceof RunsError ? failed.reason : 'unreadable';
    const message = failed instanceof RunsError ? failed.message : 'The run cannot be read';
    return { index, runId, status, error: { code, message } };
  }
}
