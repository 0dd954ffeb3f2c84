import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  admitUpdate,
  goSignal,
  runEndedSignal,
  threadQuery,
  type Admission,
  type AdmitInput,
  type ThreadEntry,
  type ThreadInput,
} from '../contract/coordination.js';
import { runHandle, runStates } from './coordination.js';

/** How soon what could not be delivered to a run that is only being started is tried again. */
const RETRY_MS = 1_000;

/** Lets the runs of one thread go one after the other. Ends when there is none left; the next one asked for starts it again. */
export async function runThread(input: ThreadInput): Promise<void> {
  const thread = new Thread(input);
  thread.listen();
  await thread.toEnd();
}

/** The runs of a thread, in order: the ones that have their turn, and those that wait. */
class Thread {
  readonly #input: ThreadInput;
  #entries: ThreadEntry[];
  #changed = false;

  constructor(input: ThreadInput) {
    this.#input = input;
    this.#entries = input.entries ?? [];
  }

  listen(): void {
    setHandler(threadQuery, () => this.#entries, { description: 'The runs of the thread' });
    setHandler(admitUpdate, (run) => this.#admit(run), { description: 'Asks for the turn of a run' });
    setHandler(runEndedSignal, ({ runId }) => this.#remove(runId), { description: 'A run of the thread ended' });
  }

  async toEnd(): Promise<void> {
    for (;;) {
      this.#release();
      await this.#deliver();
      this.#show();
      if (this.#changed) {
        this.#changed = false;
        continue;
      }
      if (this.#entries.length === 0) {
        await condition(allHandlersFinished);
        if (this.#entries.length === 0) return;
        continue;
      }
      const told = await condition(() => this.#changed, this.#checkMs);
      this.#changed = false;
      if (!told) await this.#reconcile();
      if (workflowInfo().continueAsNewSuggested) await this.#goOn();
    }
  }

  /** How long to wait for a word before looking. */
  get #checkMs(): number {
    if (this.#entries.some(({ toGo, toCancel, released }) => toCancel || (toGo && released))) return RETRY_MS;
    const { admissionMs, checkEveryMs } = this.#input;
    return this.#entries.every(({ seen }) => seen) ? checkEveryMs : Math.min(admissionMs, checkEveryMs);
  }

  async #admit({ runId, onBusy }: AdmitInput): Promise<Admission> {
    // Whoever has the turn may have been ended without a word.
    if (this.#busy && !this.#find(runId)) await this.#reconcile();
    const known = this.#find(runId);
    if (known) return this.#answer(known);
    const busyWith = this.#busy?.runId;
    if (busyWith !== undefined && onBusy === 'reject') return { answer: 'rejected', busyWith };
    if (onBusy === 'cancelPrevious') {
      for (const entry of this.#entries)
        if (!entry.cancelled) Object.assign(entry, { cancelled: true, toCancel: true });
    }
    const waits = this.#entries.length > 0;
    const entry: ThreadEntry = {
      runId,
      admittedAt: Date.now(),
      released: !waits,
      toGo: waits,
      toCancel: false,
      cancelled: false,
      seen: false,
    };
    this.#entries.push(entry);
    this.#changed = true;
    return this.#answer(entry);
  }

  /** The run that has its turn; or is next, where it is only about to get it. */
  get #busy(): ThreadEntry | undefined {
    return this.#entries.find(({ released }) => released) ?? this.#entries[0];
  }

  #find(runId: string): ThreadEntry | undefined {
    return this.#entries.find((entry) => entry.runId === runId);
  }

  /** One that waits is told by signal, also where its turn has come meanwhile. */
  #answer(entry: ThreadEntry): Admission {
    if (entry.released && !entry.toGo) return { answer: 'go' };
    const busyWith = this.#busy?.runId;
    return { answer: 'queued', ...(busyWith !== undefined && busyWith !== entry.runId && { busyWith }) };
  }

  #remove(runId: string): void {
    this.#entries = this.#entries.filter((entry) => entry.runId !== runId);
    this.#changed = true;
  }

  /** Gives the next run its turn, where none has it. */
  #release(): void {
    if (this.#entries.some(({ released }) => released)) return;
    const next = this.#entries.find(({ cancelled }) => !cancelled);
    if (next) next.released = true;
  }

  /** Tells runs what they are to be told. One that is only being started is told later. */
  async #deliver(): Promise<void> {
    for (const entry of [...this.#entries]) {
      try {
        if (entry.toCancel) {
          await runHandle(entry.runId).cancel();
          entry.toCancel = false;
        } else if (entry.released && entry.toGo) {
          await runHandle(entry.runId).signal(goSignal);
          entry.toGo = false;
        } else continue;
        entry.seen = true;
      } catch {
        // Not started yet, or ended already: the next look shows which.
      }
    }
  }

  /** Drops runs that ended without a word, and those that were admitted and never started. */
  async #reconcile(): Promise<void> {
    const states = await runStates(this.#entries.map(({ runId }) => runId));
    const now = Date.now();
    for (const entry of [...this.#entries]) {
      const state = states[entry.runId];
      if (state === 'open') entry.seen = true;
      else if (state === 'missing') {
        if (now - entry.admittedAt >= this.#input.admissionMs) this.#remove(entry.runId);
      } else if (state !== undefined) this.#remove(entry.runId);
    }
  }

  async #goOn(): Promise<void> {
    await condition(allHandlersFinished);
    await makeContinueAsNewFunc<typeof runThread>()({ ...this.#input, entries: this.#entries });
  }

  #show(): void {
    setCurrentDetails(this.#entries.map(({ runId, released }) => `- ${released ? '▶' : '○'} ${runId}`).join('\n'));
  }
}
