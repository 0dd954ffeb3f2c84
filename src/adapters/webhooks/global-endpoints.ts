import { setTimeout as sleep } from 'node:timers/promises';
import { SharedReads } from '../shared-reads.js';

/** How long an answer of the store counts, from before it was asked. */
const COUNTS_MS = 250;
/** After so long no process goes by what it was told before, whoever's timer is late. */
const SETTLED_MS = 350;
/** Tenants whose answers are kept. */
const MAX_TENANTS = 1_000;

/**
 * Whether a tenant has an endpoint that hears of every run. Each start of a run depends on it, so an answer of the store counts for a
 * moment. Nobody is missed by that: whoever makes or enables such an endpoint is answered when that moment is over for every process.
 */
export class GlobalEndpoints {
  readonly #ask: (tenant: string) => Promise<boolean>;
  readonly #now: () => number;
  readonly #reads = new SharedReads<boolean>();
  readonly #answers = new Map<string, { has: boolean; at: number }>();

  constructor(ask: (tenant: string) => Promise<boolean>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Rejects with `StoreError`. */
  async has(tenant: string): Promise<boolean> {
    const known = this.#answers.get(tenant);
    if (known && this.#now() - known.at < COUNTS_MS) return known.has;
    return this.#reads.get(tenant, () => this.#read(tenant));
  }

  /** Resolves when no process goes by what was true before. */
  async settled(): Promise<void> {
    await sleep(SETTLED_MS);
  }

  async #read(tenant: string): Promise<boolean> {
    const at = this.#now();
    const has = await this.#ask(tenant);
    this.#answers.delete(tenant);
    this.#answers.set(tenant, { has, at });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_TENANTS && oldest !== undefined) this.#answers.delete(oldest);
    return has;
  }
}
