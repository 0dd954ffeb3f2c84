/** A read that takes longer is not waited for: what is slow or away must not make the next one slower. */
const PATIENCE_MS = 100;

interface Read<T> {
  done: Promise<T>;
  /** The read of those who came after this one had begun. */
  next?: Promise<T>;
}

/**
 * The same read, wanted by many at the same time, is made once: those who come while it is at work share the next one. So whoever asks
 * gets what was read after they asked, and nothing is kept. What is read is shared: nobody may change it.
 */
export class SharedReads<T> {
  readonly #reads = new Map<string, Read<T>>();

  /** `key` says all that the answer depends on. Rejects as `read` does, for all who share it. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    const atWork = this.#reads.get(key);
    if (!atWork) return this.#begin(key, read);
    return (atWork.next ??= settled(atWork.done).then(() => this.#begin(key, read)));
  }

  #begin(key: string, read: () => Promise<T>): Promise<T> {
    const mine: Read<T> = { done: read() };
    this.#reads.set(key, mine);
    const leave = () => {
      if (mine.next === undefined && this.#reads.get(key) === mine) this.#reads.delete(key);
    };
    mine.done.then(leave, leave);
    return mine.done;
  }
}

/** Resolves when it is over, whatever becomes of it, or when it takes too long. */
async function settled(done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
  await Promise.race([done.then(nothing, nothing), tooLong]);
  clearTimeout(timer);
}

const nothing = () => undefined;
