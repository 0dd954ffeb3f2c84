import { readFileSync, statSync } from 'node:fs';
import type { SecretEntry } from './config-schema.js';
import { MIN_SECRET_CHARS, writingsOf } from './redact.js';

const MAX_FILE_BYTES = 65_536;
/** Values of one secret that are taken out of texts: what was rotated away may still come back. */
const MAX_REMEMBERED = 5;

/** Reads a variable; undefined where it is not set, or set to nothing. */
type Variables = (name: string) => string | undefined;

/** The value of one secret: of a file as it is now, so that it can be rotated under a running worker. */
export class SecretValue {
  readonly #from: SecretEntry['from'];
  readonly #variable: Variables;
  /** Newest first, each with the ways in which it may be written. */
  #seen: { value: string; writings: string[] }[] = [];
  #file: { mtimeMs: number; value: string } | undefined;

  constructor(from: SecretEntry['from'], variable: Variables) {
    this.#from = from;
    this.#variable = variable;
  }

  /** What is wrong with it, without the value. Undefined: it can be used. */
  problem(): string | undefined {
    const where = 'env' in this.#from ? `The variable ${this.#from.env}` : `The file ${this.#from.file}`;
    const value = this.read();
    if (value === undefined) return `${where} ${'env' in this.#from ? 'is not set' : 'cannot be read, or is empty'}`;
    if (value.length < MIN_SECRET_CHARS) return `${where} has fewer than ${MIN_SECRET_CHARS} characters`;
    return undefined;
  }

  /** Undefined: it is not there. */
  read(): string | undefined {
    const value = 'env' in this.#from ? this.#variable(this.#from.env) : this.#ofFile(this.#from.file);
    if (value !== undefined && this.#seen[0]?.value !== value) {
      this.#seen = [{ value, writings: writingsOf(value) }, ...this.#seen].slice(0, MAX_REMEMBERED);
    }
    return value;
  }

  /** Every way in which values that were read may be written. */
  writings(): string[] {
    return this.#seen.flatMap(({ writings }) => writings);
  }

  #ofFile(file: string): string | undefined {
    try {
      const { mtimeMs, size } = statSync(file);
      if (size > MAX_FILE_BYTES) return undefined;
      if (this.#file?.mtimeMs !== mtimeMs) {
        // An editor's line break at the end is no part of it.
        this.#file = { mtimeMs, value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
      }
      return this.#file.value === '' ? undefined : this.#file.value;
    } catch {
      return undefined;
    }
  }
}
