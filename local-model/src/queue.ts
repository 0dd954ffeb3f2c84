/** A slot on loan. `release` must be called once, whatever happened; further calls do nothing. */
export interface Lease<Slot> {
  slot: Slot;
  release(): void;
}

/** Thrown where as many requests wait as may wait. */
export class QueueFullError extends Error {
  constructor(waiting: number) {
    super(`${waiting} requests are waiting already`);
    this.name = 'QueueFullError';
  }
}

/** Lends a fixed number of slots, first come, first served, to a bounded number of waiters. */
export class SlotQueue<Slot> {
  readonly #free: Slot[];
  readonly #maxWaiting: number;
  readonly #waiting = new Set<(slot: Slot) => void>();

  constructor(slots: readonly Slot[], maxWaiting: number) {
    this.#free = [...slots];
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Takes a slot as soon as it is this caller's turn.
   * @throws QueueFullError at once when too many wait; the signal's reason when it aborts first.
   */
  async acquire(signal: AbortSignal): Promise<Lease<Slot>> {
    signal.throwIfAborted();
    const slot = this.#free.pop();
    if (slot !== undefined) return this.#lease(slot);
    if (this.#waiting.size >= this.#maxWaiting) throw new QueueFullError(this.#waiting.size);
    return this.#lease(await this.#turn(signal));
  }

  #turn(signal: AbortSignal): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(take);
        reject(signal.reason as Error);
      };
      const take = (slot: Slot) => {
        signal.removeEventListener('abort', leave);
        resolve(slot);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(take);
    });
  }

  #lease(slot: Slot): Lease<Slot> {
    let open = true;
    return {
      slot,
      release: () => {
        if (!open) return;
        open = false;
        this.#pass(slot);
      },
    };
  }

  /** A set keeps the order in which waiters came. */
  #pass(slot: Slot): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free.push(slot);
      return;
    }
    this.#waiting.delete(next);
    next(slot);
  }
}
