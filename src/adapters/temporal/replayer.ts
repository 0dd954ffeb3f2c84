import { Worker, type ReplayResult, type ReplayWorkerOptions } from '@temporalio/worker';

/**
 * Replays histories on one worker, one after the other. `Worker.runReplayHistory` makes a worker for each, and each of those keeps the
 * source map of its bundle in a memory that is never given back and that all share: after a few hundred the process ends with
 * `RuntimeError: unreachable` (https://github.com/mozilla/source-map/issues/476).
 */
export class Replayer {
  readonly #options: ReplayWorkerOptions;
  #replays: AsyncIterableIterator<ReplayResult, undefined> | undefined;
  #next: { history: object; workflowId: string } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** No worker is made before the first history. */
  constructor(options: ReplayWorkerOptions) {
    this.#options = options;
  }

  /** @throws DeterminismViolationError where the code would have gone another way, ReplayError, and what is wrong with the history itself */
  replay(history: object, workflowId: string): Promise<void> {
    const replayed = this.#last.then(() => this.#replay(history, workflowId));
    this.#last = replayed.catch(() => undefined);
    return replayed;
  }

  async #replay(history: object, workflowId: string): Promise<void> {
    const replays = (this.#replays ??= Worker.runReplayHistories(this.#options, this.#pushed()));
    this.#next = { history, workflowId };
    try {
      const replayed = await replays.next();
      if (replayed.done) throw new Error('The worker that replays was shut down.');
      if (replayed.value.error) throw replayed.value.error;
    } catch (error) {
      // What a broken history leaves in a worker must not be taken for the next one's.
      this.#replays = undefined;
      await replays.return?.().catch(() => undefined);
      throw error;
    }
  }

  /** One history for each time that the worker is asked for a result; it asks for none before. */
  *#pushed(): Generator<{ history: object; workflowId: string }> {
    while (this.#next) yield this.#next;
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    await this.#last;
    await this.#replays?.return?.();
    this.#replays = undefined;
  }
}
