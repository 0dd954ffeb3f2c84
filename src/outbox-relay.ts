import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClaimedRun, EventSink, Lease, Logger, OutboxSource } from './ports.js';

/** What a relay works with. */
export interface RelayDeps {
  outbox: OutboxSource;
  sink: EventSink;
  logger: Logger;
}

/** How a relay is paced, in milliseconds; other values are for tests. */
export interface RelayPace {
  /** How often it looks, while nobody nudges it. */
  idleMs: number;
  /** How long a run is its own without a sign of life. */
  leaseMs: number;
  /** Longest pause while the sink is away. */
  maxPauseMs: number;
  /** Longest pause of one run whose events are refused. */
  maxRetryMs: number;
  /** How long events are kept that nobody takes. */
  keepMs: number;
}

const PACE: RelayPace = {
  idleMs: 1_000,
  leaseMs: 15_000,
  maxPauseMs: 60_000,
  maxRetryMs: 10 * 60_000,
  keepMs: 14 * 24 * 3_600_000,
};

/** Runs, and events of each, that are taken at once. */
const MOST = { runs: 50, eventsPerRun: 100 };

const FIRST_PAUSE_MS = 1_000;
const COLLECT_EVERY_MS = 3_600_000;

/** A relay at work. */
export interface Relay {
  /** Something was put into the outbox: look at once. */
  nudge(): void;
  /** Finishes what is being sent, and closes the sink. */
  stop(): Promise<void>;
}

/** Begins to send what waits for a sink. Any number of processes may do it for the same sink. */
export function startRelay(deps: RelayDeps, pace: Partial<RelayPace> = {}): Relay {
  const loop = new RelayLoop(deps, { ...PACE, ...pace });
  const running = loop.run();
  return {
    nudge: () => loop.wake(),
    stop: async () => {
      loop.stop();
      await running;
      await deps.sink.close();
    },
  };
}

/**
 * Sends the events of runs, round by round. A sink that takes nothing is told apart from a run whose events it refuses: when a
 * batch of several runs fails, one of them is tried on its own. Where it fails too, the sink is away: that run waits longer than
 * the others, and all of them for a while. Where it does not, each of the others is sent on its own, and the ones that fail wait.
 */
class RelayLoop {
  readonly #deps: RelayDeps;
  readonly #pace: RelayPace;
  #stop = new AbortController();
  #awake = new AbortController();
  /** How often in a row nothing could be sent. */
  #away = 0;
  #collectAt = 0;

  constructor(deps: RelayDeps, pace: RelayPace) {
    this.#deps = deps;
    this.#pace = pace;
  }

  stop(): void {
    this.#stop.abort();
    this.#awake.abort();
  }

  wake(): void {
    // A sink that is away is left alone, whatever comes.
    if (this.#away === 0) this.#awake.abort();
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const waitMs = await this.#round();
      if (this.#stop.signal.aborted) return;
      if (waitMs > 0) await pause(waitMs, undefined, { signal: this.#awake.signal }).catch(() => undefined);
      if (!this.#stop.signal.aborted) this.#awake = new AbortController();
    }
  }

  /** Sends what is due. Gives how long to wait then. */
  async #round(): Promise<number> {
    const { outbox, sink, logger } = this.#deps;
    const lease: Lease = { sink: sink.name, token: randomUUID(), leaseMs: this.#pace.leaseMs };
    try {
      await this.#collect();
      const claimed = await outbox.claim(lease, MOST);
      if (claimed.length === 0) return this.#pace.idleMs;
      const renewing = setInterval(() => void outbox.renew(lease, claimed).catch(() => undefined), lease.leaseMs / 3);
      const up = await this.#send(lease, claimed).finally(() => clearInterval(renewing));
      this.#away = up ? 0 : this.#away + 1;
      return up ? 0 : backoff(FIRST_PAUSE_MS, this.#away, this.#pace.maxPauseMs);
    } catch (error) {
      // The store: what was claimed is due again when its lease is over.
      logger.warn({ err: error, sink: sink.name }, 'outbox not readable');
      return this.#pace.idleMs;
    }
  }

  /** True where the sink took anything. */
  async #send(lease: Lease, claimed: readonly ClaimedRun[]): Promise<boolean> {
    const { outbox } = this.#deps;
    const fresh = claimed.filter(({ attempts }) => attempts === 0);
    const again = claimed.filter(({ attempts }) => attempts > 0);
    let up = false;
    let alone = again;
    if (fresh.length > 1) {
      if ((await this.#try(fresh)) === undefined) {
        await outbox.sent(lease, fresh);
        up = true;
      } else alone = [...fresh, ...again];
    } else alone = claimed.slice();
    for (const [at, run] of alone.entries()) {
      if (this.#stop.signal.aborted) {
        await outbox.release(lease, alone.slice(at));
        return true;
      }
      const error = await this.#try([run]);
      if (error === undefined) {
        await outbox.sent(lease, [run]);
        up = true;
        continue;
      }
      await this.#failed(lease, run, error);
      if (up) continue;
      await outbox.release(lease, alone.slice(at + 1));
      return false;
    }
    return up;
  }

  /** Sends the events of runs. Gives what was wrong. */
  async #try(runs: readonly ClaimedRun[]): Promise<Error | undefined> {
    const events = runs.flatMap((run) => run.events);
    if (events.length === 0) return undefined;
    try {
      await this.#deps.sink.send(events);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #failed(lease: Lease, run: ClaimedRun, error: Error): Promise<void> {
    const { outbox, sink, logger } = this.#deps;
    const { tenant, runId, attempts } = run;
    logger.warn({ err: error, sink: sink.name, tenant, runId, attempts: attempts + 1 }, 'run events not taken');
    await outbox.failed(lease, run, backoff(FIRST_PAUSE_MS, attempts + 1, this.#pace.maxRetryMs), error.message);
  }

  async #collect(): Promise<void> {
    if (performance.now() < this.#collectAt) return;
    const { outbox, sink, logger } = this.#deps;
    const lost = await outbox.collect(sink.name, this.#pace.keepMs);
    if (lost > 0) logger.error({ sink: sink.name, events: lost }, 'run events given up that were never taken');
    this.#collectAt = performance.now() + COLLECT_EVERY_MS;
  }
}

/** Doubles with each try, up to `max`; between half and all of it, so that several do not come at once. */
function backoff(first: number, tries: number, max: number): number {
  const whole = Math.min(max, first * 2 ** Math.min(tries - 1, 30));
  return whole / 2 + (Math.random() * whole) / 2;
}
