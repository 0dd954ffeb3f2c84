import { setTimeout as pause } from 'node:timers/promises';
import type { RunEvent } from '../../contract/events.js';
import { RunsError } from '../../contract/runs-error.js';
import type { RunStatus } from '../../contract/views.js';
import type { RunRecord, WatchItem } from '../../ports.js';
import { isFinal, type Ring } from './bell.js';
import { EventLog } from './event-log.js';

/** Where a watched run is read. */
export interface RunSource {
  /** Rings when there may be news. */
  bell(signal: AbortSignal): AsyncIterable<Ring>;
  events(after: number): Promise<RunEvent[]>;
  record(): Promise<RunRecord>;
}

/** How far a reader may fall behind what came while it read. */
export interface ReaderLimits {
  events: number;
  chars: number;
}

/** One who reads. */
interface Reader {
  /** The last event that it has. Never goes back. */
  seq: number;
  /** What was there when it came is no fault of its own. */
  joinedAt?: number;
  gone: boolean;
}

/** How long to wait before a read that failed is tried again. */
const RETRY_MS = 500;
const ENDED_HARD: readonly RunStatus[] = ['terminated', 'timed_out'];

/**
 * One run, watched once for all who read it: when the bell rings its news are read into one log, and each reader goes
 * along it at its own pace. Lives as long as it has readers.
 */
export class WatchedRun {
  readonly #source: RunSource;
  readonly #limits: ReaderLimits;
  readonly #readers = new Set<Reader>();
  readonly #stop = new AbortController();
  /** For the readers: there is something new. */
  readonly #news = new Pulse();
  /** For ourselves: there is something to be read. */
  readonly #work = new Pulse();
  readonly #log: EventLog;
  #loaded = false;
  #rung = true;
  #closed: RunStatus | undefined;
  #end: RunStatus | undefined;
  #failure: (RunsError & { reason: 'run_not_found' | 'record_lost' }) | undefined;
  #record: { run: RunRecord; at: number } | undefined;
  #recordWanted = false;

  constructor(source: RunSource, limits: ReaderLimits, after: number) {
    this.#source = source;
    this.#limits = limits;
    this.#log = new EventLog(after);
    void this.#listen();
    void this.#follow();
  }

  /** Nobody reads it any more: it has stopped. */
  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  join(after: number): Reader {
    const reader: Reader = { seq: after, gone: false };
    this.#readers.add(reader);
    this.#work.ring();
    return reader;
  }

  leave(reader: Reader): void {
    reader.gone = true;
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#stop.abort();
    this.#work.ring();
    this.#news.ring();
  }

  /**
   * Waits until all events of a run that has ended are known. True: the reader has them all. False also where the time is over.
   * @throws RunsError where they can never be
   */
  async hasAll(reader: Reader, withinMs: number): Promise<boolean> {
    const over = Date.now() + withinMs;
    while (!reader.gone && Date.now() < over) {
      if (this.#failure) throw this.#failure;
      if (this.#end && this.#covers(reader)) return this.#log.next(reader.seq) === undefined;
      await Promise.race([this.#news.next(), pause(over - Date.now(), undefined, { ref: false })]);
    }
    return false;
  }

  /** What a reader gets, to its end. */
  async *read(reader: Reader): AsyncGenerator<WatchItem> {
    const run = await this.#snapshot(reader);
    if (run) yield { type: 'snapshot', run };
    while (!reader.gone) {
      const item = this.#next(reader);
      if (item) yield item;
      else await this.#news.next();
      if (item && item.type !== 'event') return;
    }
  }

  /** What the reader gets next; undefined where that is still to come. */
  #next(reader: Reader): WatchItem | undefined {
    if (this.#failure) return { type: 'dropped', reason: this.#failure.reason, message: this.#failure.message };
    if (!this.#covers(reader)) return undefined;
    if (this.#lags(reader)) return SLOW;
    const event = this.#log.next(reader.seq);
    if (!event) return this.#end && { type: 'end', status: this.#end };
    reader.seq = event.seq;
    return { type: 'event', event };
  }

  #covers(reader: Reader): boolean {
    if (!this.#loaded || this.#log.base > reader.seq) return false;
    reader.joinedAt ??= Math.max(reader.seq, this.#log.last);
    return true;
  }

  #lags({ seq, joinedAt }: Reader): boolean {
    if (joinedAt === undefined) return false;
    const behind = this.#log.after(Math.max(seq, joinedAt));
    return behind.events > this.#limits.events || behind.chars > this.#limits.chars;
  }

  /** The run as it stands, the same for all who come while it stands so. Undefined: nobody can tell (any more). */
  async #snapshot(reader: Reader): Promise<RunRecord | undefined> {
    while (!reader.gone && !this.#failure) {
      if (this.#end) return this.#record?.run;
      if (this.#loaded && this.#record?.at === this.#log.last) return this.#record.run;
      this.#recordWanted = true;
      this.#work.ring();
      await this.#news.next();
    }
    return undefined;
  }

  async #listen(): Promise<void> {
    try {
      for await (const { closed } of this.#source.bell(this.#stop.signal)) {
        this.#closed = closed;
        this.#rung = true;
        this.#work.ring();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #follow(): Promise<void> {
    while (!this.isOver && !this.#failure) {
      // Taken before it is looked whether there is work: what comes in between must not be slept through.
      const work = this.#work.next();
      try {
        if (await this.#readNews()) this.#news.ring();
        else await work;
      } catch (error) {
        if (this.#fail(error)) return;
        await pause(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** Reads what is asked for; false where nothing is. */
  async #readNews(): Promise<boolean> {
    const lowest = Math.min(this.#log.base, ...[...this.#readers].map(({ seq }) => seq));
    if (this.#rung || lowest < this.#log.base) {
      await this.#readEvents(lowest < this.#log.base ? lowest : this.#log.last);
      return true;
    }
    if (!this.#recordWanted) return false;
    await this.#readRecord();
    return true;
  }

  async #readEvents(from: number): Promise<void> {
    const closed = this.#closed;
    this.#rung = false;
    try {
      const events = await this.#orNone(closed, () => this.#source.events(from));
      this.#log.add(from, events ?? []);
      this.#loaded = true;
      if (!closed || this.#end) return;
      const run = events && (await this.#orNone(closed, () => this.#source.record()));
      this.#record = run && { run, at: this.#log.last };
      this.#end = run?.view.status ?? closed;
    } catch (error) {
      this.#rung = true;
      throw error;
    }
  }

  async #readRecord(): Promise<void> {
    const at = this.#log.last;
    this.#record = { run: await this.#source.record(), at };
    this.#recordWanted = false;
  }

  /** A run that was ended hard left no record: without a worker it cannot be read, and its readers need not wait for one. */
  async #orNone<T>(closed: RunStatus | undefined, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      const noWorker = error instanceof RunsError && error.reason === 'worker_unavailable';
      if (noWorker && closed && ENDED_HARD.includes(closed)) return undefined;
      throw error;
    }
  }

  #fail(error: unknown): boolean {
    if (!isFinal(error)) return false;
    this.#failure = error;
    this.#news.ring();
    return true;
  }
}

const SLOW: WatchItem = {
  type: 'dropped',
  reason: 'slow',
  message: 'Too far behind: read on from the last event that came',
};

/** Wakes all who wait. */
class Pulse {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
