import type { RunEvent } from '../../contract/events.js';

/** The events of a run with no gap between them, from any `seq` on. It only grows: at its end, or by what is before. */
export class EventLog {
  #base: number;
  #events: RunEvent[] = [];
  /** Characters of the events up to each one, that one included. */
  #chars: number[] = [];

  /** Begins with the event after `base`. */
  constructor(base: number) {
    this.#base = base;
  }

  /** The `seq` before the first event. */
  get base(): number {
    return this.#base;
  }

  /** The `seq` of the last event. */
  get last(): number {
    return this.#base + this.#events.length;
  }

  /** The event after this `seq`, where it is known. */
  next(seq: number): RunEvent | undefined {
    return this.#events[seq - this.#base];
  }

  /** How many events, and characters of them, come after this `seq`. */
  after(seq: number): { events: number; chars: number } {
    const all = this.#chars.at(-1) ?? 0;
    const before = this.#chars[seq - this.#base - 1] ?? 0;
    const events = Math.max(0, this.last - seq);
    return { events, chars: events === 0 ? 0 : all - before };
  }

  /** Takes all events after `from` as they were read just now. What is known already stays as it is. */
  add(from: number, events: readonly RunEvent[]): void {
    if (from < this.#base) this.#begin(from, events);
    for (const event of events) if (event.seq === this.last + 1) this.#push(event);
  }

  #begin(from: number, events: readonly RunEvent[]): void {
    const known = this.#events;
    const before = events.filter(({ seq }) => known.length === 0 || seq <= this.#base);
    this.#base = from;
    this.#events = [];
    this.#chars = [];
    for (const event of [...before, ...known]) if (event.seq === this.last + 1) this.#push(event);
  }

  #push(event: RunEvent): void {
    this.#chars.push((this.#chars.at(-1) ?? 0) + JSON.stringify(event).length);
    this.#events.push(event);
  }
}
