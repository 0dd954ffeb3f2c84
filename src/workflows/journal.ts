import { condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { failure } from './failure.js';
import { failureView } from './failure-view.js';
import type { FailureType } from '../contract/failures.js';

/** What a step gave, or how it failed. */
type Entry = { value: unknown } | { failed: { code: FailureType; message: string } };

/** What a run that continues as new knows of the tasks that are going on. */
export type JournalEntries = Record<string, Entry>;

/**
 * What the steps of unfinished tasks gave, so that a run can continue as new in the middle of them: the code of a task runs
 * again from its beginning, and each step that was done gives again what it gave, at no cost. Kept small: a block that
 * ends leaves one entry, and a task that ends leaves none.
 */
export class Journal {
  readonly entries: JournalEntries;
  #inFlight = 0;
  #draining = false;

  constructor(entries: JournalEntries = {}) {
    this.entries = entries;
  }

  /** The beginning of a place in the run, for example a task. Names below it must be unique. */
  scope(place: string): Scope {
    return new Scope(this, place);
  }

  /** Resolves when Temporal has suggested to continue as new, and nothing is in flight any more. */
  async drained(): Promise<void> {
    await condition(() => this.#draining && this.#inFlight === 0);
  }

  get(id: string): Entry | undefined {
    return Object.hasOwn(this.entries, id) ? this.entries[id] : undefined;
  }

  set(id: string, entry: Entry): void {
    this.entries[id] = entry;
  }

  /** Forgets what is below a place, but not the place itself. */
  forget(place: string): void {
    for (const id of Object.keys(this.entries)) if (id.startsWith(`${place}/`)) delete this.entries[id];
  }

  /** Does work that Temporal does for us; once the run drains, nothing new is begun, and the caller waits for ever. */
  async inFlight<T>(work: () => Promise<T>): Promise<T> {
    if (workflowInfo().continueAsNewSuggested) this.#draining = true;
    if (this.#draining) return new Promise<T>(() => undefined);
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
    }
  }
}

/** A place in the run, whose steps are remembered until it is forgotten. */
export class Scope {
  readonly place: string;
  readonly #journal: Journal;

  constructor(journal: Journal, place: string) {
    this.#journal = journal;
    this.place = place;
  }

  /** A place below this one. */
  at(name: string): Scope {
    return new Scope(this.#journal, `${this.place}/${name}`);
  }

  /** True where the step was done before the run continued as new. */
  has(name: string): boolean {
    return this.#journal.get(this.#id(name)) !== undefined;
  }

  /**
   * Work that is done once: an activity. What changes the run's state belongs into it, so that it happens once too.
   * @throws ApplicationFailure of one of our types, the same again after continue-as-new; CancelledFailure
   */
  step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#remembered(name, () => this.#journal.inFlight(work));
  }

  /** Several steps that are one when they are done: what is below the block's place is then forgotten. */
  async block<T>(name: string, work: (scope: Scope) => Promise<T>): Promise<T> {
    const value = await this.#remembered(name, () => work(this.at(name)));
    this.#journal.forget(this.#id(name));
    return value;
  }

  /** A change of state, made once. */
  once<T>(name: string, change: () => T): T {
    const entry = this.#journal.get(this.#id(name));
    if (entry && 'value' in entry) return entry.value as T;
    const value = change();
    this.#journal.set(this.#id(name), done(value));
    return value;
  }

  /** Where a loop stands. What its earlier rounds left at this place is forgotten. */
  checkpoint(name: string, value: unknown): void {
    this.#journal.forget(this.place);
    this.#journal.set(this.#id(name), done(structuredCopy(value)));
  }

  /** What the last checkpoint said. */
  resume<T>(name: string): T | undefined {
    const entry = this.#journal.get(this.#id(name));
    return entry && 'value' in entry ? structuredCopy(entry.value as T) : undefined;
  }

  /** Forgets everything at this place. */
  forget(): void {
    this.#journal.forget(this.place);
  }

  async #remembered<T>(name: string, work: () => Promise<T>): Promise<T> {
    const id = this.#id(name);
    const entry = this.#journal.get(id);
    if (entry && 'failed' in entry) throw failure(entry.failed.code, entry.failed.message);
    if (entry) return entry.value as T;
    try {
      const value = await work();
      this.#journal.set(id, done(value));
      return value;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { code, message } = failureView(error);
      this.#journal.set(id, { failed: { code: code, message } });
      throw error;
    }
  }

  #id(name: string): string {
    return `${this.place}/${name}`;
  }
}

/** Nothing is kept as null: an absent value would not survive JSON. */
function done(value: unknown): Entry {
  return { value: value ?? null };
}

/** A copy of a value that JSON can say, as a carry has it: it does not change with the value. */
export function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
