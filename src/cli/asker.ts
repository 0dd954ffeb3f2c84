import { ServiceError } from '../client/index.js';
import { askDecision } from './ask.js';
import type { Call } from './call.js';
import type { LiveView } from './view.js';

/** Asks for the approvals of a run that is being watched, one after the other, as they are opened. */
export class Asker {
  readonly #call: Call;
  readonly #runId: string;
  readonly #view: LiveView;
  readonly #interrupt: () => void;
  readonly #open = new Map<string, AbortController>();
  #tail: Promise<void> = Promise.resolve();

  constructor(call: Call, runId: string, view: LiveView, interrupt: () => void) {
    this.#call = call;
    this.#runId = runId;
    this.#view = view;
    this.#interrupt = interrupt;
  }

  /** To be asked, once. */
  add(approvalId: string): void {
    if (this.#open.has(approvalId)) return;
    const closed = new AbortController();
    this.#open.set(approvalId, closed);
    this.#tail = this.#tail
      .then(() => this.#ask(approvalId, closed.signal))
      .catch((error: unknown) => this.#tell(error));
  }

  /** Decided elsewhere, or withdrawn: not asked any more. */
  close(approvalId: string): void {
    this.#open.get(approvalId)?.abort();
  }

  /** Asks nothing any more. Resolves when the terminal is free. */
  async end(): Promise<void> {
    for (const closed of this.#open.values()) closed.abort();
    await this.#tail;
  }

  async #ask(approvalId: string, closed: AbortSignal): Promise<void> {
    while (!closed.aborted) {
      const { approvals } = await this.#call.client.runs.get(this.#runId, { signal: closed });
      const approval = approvals.find(({ id, status }) => id === approvalId && status === 'open');
      if (!approval) return;
      this.#view.hold();
      try {
        const answer = await askDecision(this.#call, approval, closed);
        if (answer === 'interrupted') return this.#interrupt();
        if (answer === 'later')
          return this.#view.line(`Left open: crew approve ${this.#runId} ${approvalId}, or from anywhere else`);
        if (answer === undefined) return;
        await this.#call.client.approvals.decide(this.#runId, approvalId, answer);
        return;
      } catch (error) {
        // What does not fit is asked again, with why.
        this.#tell(error);
        if (!(error instanceof ServiceError) || error.status !== 422) return;
      } finally {
        this.#view.release();
      }
    }
  }

  #tell(error: unknown): void {
    if ((error as { name?: string }).name === 'AbortError') return;
    this.#view.line(this.#call.errColours.yellow(error instanceof Error ? error.message : 'It could not be decided'));
  }
}
