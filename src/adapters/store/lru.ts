/** Of what a tenant has. No two pairs look alike, whatever characters they are of: nobody finds what is another's. */
export function cacheKey(tenant: string, digest: string): string {
  return JSON.stringify([tenant, digest]);
}

/** Keeps what was used last, up to a number of bytes as its callers count them. */
export class Lru<T> {
  readonly #entries = new Map<string, { value: T; bytes: number }>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Gives what was kept, and keeps it no longer. */
  take(key: string): T | undefined {
    const value = this.#entries.get(key)?.value;
    this.#delete(key);
    return value;
  }

  set(key: string, value: T, bytes: number): void {
    this.#delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
