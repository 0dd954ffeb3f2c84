import { hkdfSync } from 'node:crypto';
import { EncryptionError } from '../../contract/encryption-error.js';

/** Bytes of a key: AES-256. */
const KEY_BYTES = 32;

/** The one way to write that many bytes in base64. */
const KEY_BASE64 = /^[A-Za-z0-9+/]{43}=$/;

const KEY_ID = /^[A-Za-z0-9_.-]{1,64}$/;

/** Derived keys that stay in memory; beyond that they are derived again. */
const MAX_DERIVED = 10_000;

/** The keys cannot be used as they were given. `lines`: what is wrong; none of them repeats what could be a secret. */
export class KeyringError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'KeyringError';
    this.lines = lines;
  }
}

/** What a derived key is for: one that is used for one thing says nothing about another. */
export type KeyUse = 'payload' | 'store' | 'digest';

/**
 * The keys that data at rest is encrypted with, by id. The first one writes, all of them read. Each tenant has keys of its own,
 * derived from them (HKDF-SHA256). Printing it shows no key.
 */
export class Keyring {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #derived = new Map<string, Buffer>();

  private constructor(keys: ReadonlyMap<string, Buffer>) {
    this.#keys = keys;
  }

  /** No keys: nothing is encrypted, and what lies encrypted cannot be opened. */
  static empty(): Keyring {
    return new Keyring(new Map());
  }

  /**
   * Reads `id:base64` entries, separated by commas or line ends; lines may be comments (`#`).
   * @throws KeyringError
   */
  static parse(text: string): Keyring {
    const entries = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.split(','))
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const keys = new Map<string, Buffer>();
    const problems = entries.flatMap((entry, at) => {
      const colon = entry.indexOf(':');
      const id = entry.slice(0, Math.max(0, colon));
      if (!KEY_ID.test(id)) {
        return [`entry ${at + 1} is not id:base64, with an id of letters, digits, '_', '.' and '-'`];
      }
      const base64 = entry.slice(colon + 1);
      if (!KEY_BASE64.test(base64))
        return [`the key '${id}' is not 32 bytes in base64; make one: openssl rand -base64 32`];
      if (keys.has(id)) return [`there are two keys '${id}'`];
      keys.set(id, Buffer.from(base64, 'base64'));
      return [];
    });
    if (entries.length === 0) problems.push('there is no key; expected id:base64');
    if (problems.length > 0) throw new KeyringError(problems);
    return new Keyring(keys);
  }

  /** The id of the key that writes; undefined where nothing is encrypted. */
  get active(): string | undefined {
    return this.#keys.keys().next().value;
  }

  /** All ids, in the order that they were given. */
  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  /** The key that writes alone; as it is where there is none. */
  newest(): Keyring {
    return new Keyring(new Map([...this.#keys].slice(0, 1)));
  }

  /** A tenant's key for one use. @throws EncryptionError where there is no key of this id */
  key(id: string, use: KeyUse, tenant: string): Buffer {
    const master = this.#keys.get(id);
    if (!master) throw EncryptionError.keyMissing(KEY_ID.test(id) ? id : '?');
    const name = JSON.stringify([id, use, tenant]);
    const known = this.#derived.get(name);
    if (known) return known;
    if (this.#derived.size >= MAX_DERIVED) this.#derived.clear();
    const derived = Buffer.from(hkdfSync('sha256', master, '', JSON.stringify(['crew', 1, use, tenant]), KEY_BYTES));
    this.#derived.set(name, derived);
    return derived;
  }
}
