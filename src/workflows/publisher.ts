import { CancellationScope, condition, log } from '@temporalio/workflow';
import type { RunEvent, RunEventType } from '../contract/events.js';
import type { RunPublish } from '../contract/publishing.js';
import { publishEvents, PUBLISH } from './proxies.js';
import type { RunState } from './run-state.js';

/** What alone is no reason to tell anybody: it goes with what follows. */
const QUIET: ReadonlySet<RunEventType> = new Set([
  'task.started',
  'task.delegated',
  'model.called',
  'model.fell_back',
  'tool.called',
  'message.delivered',
]);

/** So many events are handed over at once, whatever they are: a task of many calls does not keep them all to itself. */
const FULL_BATCH = 50;

/** Largest batch: Temporal refuses payloads over 2 MB. In UTF-16 code units of the events' JSON. */
const MAX_BATCH_CHARS = 300_000;

/**
 * Hands the run's events to the outbox, in batches, one after the other: where a task ends, a person is asked, the run ends.
 * It goes on beside the run, which waits for it only before it ends or continues as new; a cancelled run publishes all the same.
 */
export class Publisher {
  readonly #publish: RunPublish;
  readonly #state: RunState;
  #seq: number;
  /** Somebody waits: nothing is quiet. */
  #hurry = false;

  /** `seq`: the last event that was handed over before the run continued as new. */
  constructor(publish: RunPublish, state: RunState, seq = 0) {
    this.#publish = publish;
    this.#state = state;
    this.#seq = seq;
  }

  /** The last event that is in the outbox. */
  get seq(): number {
    return this.#seq;
  }

  /** True where there are events that are not in the outbox. */
  get behind(): boolean {
    return this.#seq < this.#state.view.lastSeq;
  }

  /** Begins to hand over what comes. */
  start(): void {
    void CancellationScope.nonCancellable(() => this.#handOver());
  }

  /** Resolves when every event so far is in the outbox. Call it where a cancellation does not reach. */
  async caughtUp(): Promise<void> {
    this.#hurry = true;
    await condition(() => !this.behind);
    this.#hurry = false;
  }

  async #handOver(): Promise<never> {
    for (;;) {
      // Looked at when everything that happens at this moment has happened, so that one batch has it all.
      await condition(() => this.#due());
      const events = this.#next();
      const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0];
      const options = { ...PUBLISH, activityId: `publish/${first}`, summary: `events ${first} to ${last}` };
      try {
        await publishEvents.executeWithOptions(options, [{ publish: this.#publish, events }]);
      } catch (error) {
        // Whoever listens to a run does not decide what becomes of it.
        log.error('events were given up', { first, last, reason: error instanceof Error ? error.message : 'unknown' });
      }
      this.#seq = last;
    }
  }

  #due(): boolean {
    if (!this.behind) return false;
    if (this.#hurry) return true;
    const waiting = this.#waiting();
    return waiting.length >= FULL_BATCH || waiting.some(({ type }) => !QUIET.has(type));
  }

  /** The events after the last that was handed over. */
  #waiting(): RunEvent[] {
    const { events } = this.#state.page;
    const from = events.findLastIndex(({ seq }) => seq <= this.#seq) + 1;
    return events.slice(from);
  }

  #next(): RunEvent[] {
    const batch: RunEvent[] = [];
    let chars = 0;
    for (const event of this.#waiting().slice(0, 4 * FULL_BATCH)) {
      chars += JSON.stringify(event).length;
      if (batch.length > 0 && chars > MAX_BATCH_CHARS) break;
      batch.push(event);
    }
    return batch;
  }
}
