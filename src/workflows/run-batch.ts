import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  batchQuery,
  batchRunId,
  cancelBatchSignal,
  runEndedSignal,
  type BatchInput,
  type BatchView,
  type RunEnded,
} from '../contract/coordination.js';
import { SearchAttribute } from '../contract/messages.js';
import { runHandle, runStates, startBatchRun } from './coordination.js';
import { failureView } from './failure-view.js';

const STATUS = defineSearchAttributeKey(SearchAttribute.status, 'KEYWORD');

/**
 * Runs one crew with many inputs, some at the same time. Ends when every item has; its result is its last view, so that
 * nothing of it needs a worker. Cancelling the workflow is the same as cancelling the batch.
 */
export async function runBatch(input: BatchInput): Promise<BatchView> {
  const batch = new Batch(input);
  batch.listen();
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() => batch.cancel());
  return CancellationScope.nonCancellable(() => batch.toEnd());
}

/** The state of a batch, and the loop that works it off. */
class Batch {
  readonly #input: BatchInput;
  readonly #view: BatchView;
  /** Starts that were asked for and not answered yet. */
  #starting = 0;
  /** Something happened that the loop has not looked at. */
  #changed = false;
  /** Whether a cancellation is to be passed on. */
  #toCancel: boolean;

  constructor(input: BatchInput) {
    const { batchId, crew, total, maxConcurrent, label, carry } = input;
    this.#input = input;
    this.#toCancel = false;
    this.#view = {
      batchId,
      crew,
      ...(label !== undefined && { label }),
      status: carry?.cancelled ? 'cancelling' : 'running',
      total,
      maxConcurrent,
      statuses: carry?.statuses ?? Array.from({ length: total }, () => 'queued' as const),
      errors: carry?.errors ?? {},
      startedAt: carry?.startedAt ?? new Date().toISOString(),
    };
  }

  listen(): void {
    setHandler(batchQuery, () => this.#view, { description: 'The state of the batch' });
    setHandler(runEndedSignal, (ended) => this.#ended(ended), { description: 'A run of the batch ended' });
    setHandler(cancelBatchSignal, () => this.cancel(), { description: 'Starts no more and cancels what is open' });
  }

  /** Starts no more, and has what is open cancelled. */
  cancel(): void {
    if (this.#view.status !== 'running') return;
    this.#view.status = 'cancelling';
    this.#view.statuses.forEach((status, at) => {
      if (status === 'queued') this.#view.statuses[at] = 'skipped';
    });
    this.#toCancel = true;
    this.#changed = true;
  }

  async toEnd(): Promise<BatchView> {
    while (this.#open.length > 0 || this.#next !== undefined) {
      if (this.#toCancel) await this.#cancelOpen();
      this.#fill();
      this.#show();
      if (this.#changed) {
        this.#changed = false;
        continue;
      }
      const told = await condition(() => this.#changed, this.#input.checkEveryMs);
      this.#changed = false;
      if (!told) await this.#reconcile();
      if (workflowInfo().continueAsNewSuggested) await this.#goOn();
    }
    return this.#finished();
  }

  get #open(): number[] {
    return this.#view.statuses.flatMap((status, at) => (status === 'running' ? [at] : []));
  }

  get #next(): number | undefined {
    const at = this.#view.statuses.indexOf('queued');
    return at < 0 ? undefined : at;
  }

  /** Starts as many runs as may be open. */
  #fill(): void {
    for (let free = this.#input.maxConcurrent - this.#open.length; free > 0; free--) {
      const next = this.#next;
      if (next === undefined) return;
      this.#view.statuses[next] = 'running';
      void this.#start(next);
    }
  }

  async #start(index: number): Promise<void> {
    const { batchId, plan } = this.#input;
    const runId = batchRunId(batchId, index);
    this.#starting++;
    try {
      await startBatchRun.executeWithOptions({ activityId: `start/${index}`, summary: `item ${index}` }, [
        { plan, index, runId, coordinator: { workflowId: workflowInfo().workflowId } },
      ]);
      if (this.#view.status === 'cancelling') await cancelRun(runId);
    } catch (error) {
      this.#view.statuses[index] = 'failed';
      this.#view.errors[index] = failureView(error);
    }
    this.#starting--;
    this.#changed = true;
  }

  #ended(ended: RunEnded): void {
    const at = this.#open.find((index) => batchRunId(this.#input.batchId, index) === ended.runId);
    if (at === undefined) return;
    this.#view.statuses[at] = ended.status;
    this.#changed = true;
  }

  async #cancelOpen(): Promise<void> {
    this.#toCancel = false;
    await Promise.all(this.#open.map((index) => cancelRun(batchRunId(this.#input.batchId, index))));
  }

  /** Looks for runs that ended without a word: terminated, or cut off from here. */
  async #reconcile(): Promise<void> {
    const { batchId } = this.#input;
    const open = this.#open;
    const states = await runStates(open.map((index) => batchRunId(batchId, index)));
    for (const index of open) {
      const state = states[batchRunId(batchId, index)];
      if (state === undefined || state === 'open' || this.#view.statuses[index] !== 'running') continue;
      // Not there: not started yet, or deleted.
      if (state !== 'missing') this.#view.statuses[index] = state;
      else if (this.#starting === 0) this.#view.statuses[index] = 'terminated';
    }
    if (this.#view.status === 'cancelling') this.#toCancel = true;
  }

  async #goOn(): Promise<void> {
    await condition(() => this.#starting === 0 && allHandlersFinished());
    const { statuses, errors, status, startedAt } = this.#view;
    const carry = { statuses, errors, cancelled: status === 'cancelling', startedAt };
    await makeContinueAsNewFunc<typeof runBatch>()({ ...this.#input, carry });
  }

  #finished(): BatchView {
    this.#view.status = this.#view.status === 'cancelling' ? 'cancelled' : 'completed';
    this.#view.endedAt = new Date().toISOString();
    upsertSearchAttributes([{ key: STATUS, value: this.#view.status }]);
    this.#show();
    return this.#view;
  }

  #show(): void {
    const counts = new Map<string, number>();
    for (const status of this.#view.statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    setCurrentDetails([...counts].map(([status, count]) => `- ${status}: ${count}`).join('\n'));
  }
}

async function cancelRun(runId: string): Promise<void> {
  // One that has ended cannot be cancelled, and need not.
  await runHandle(runId)
    .cancel()
    .catch(() => undefined);
}
