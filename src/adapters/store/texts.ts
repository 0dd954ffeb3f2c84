import type { BlobRef } from '../../contract/wire.js';
import type { StoreCipher } from '../../ports.js';
import { fromBody, toBody, type Body, type Owner } from './body.js';
import type { Database } from './database.js';
import { cacheKey, Lru } from './lru.js';

/** Texts that were read or written last stay in memory: a turn's tools are asked for at each of its calls. In bytes. */
const CACHE_BYTES = 16_000_000;

/** Texts by content. */
export class TextTable {
  readonly #database: Database;
  readonly #cipher: StoreCipher;
  readonly #cache = new Lru<string>(CACHE_BYTES);

  constructor(database: Database, cipher: StoreCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async put(tenant: string, text: string): Promise<BlobRef> {
    const ref = this.#cipher.digest(tenant, text);
    const { body, encoding } = toBody(text, textOwner(this.#cipher, tenant, ref));
    // Put again it counts as new: what is collected was not wanted for a day.
    await this.#database.query(
      `INSERT INTO blobs (tenant, digest, body, encoding) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant, digest) DO UPDATE SET touched_at = now()
       WHERE blobs.touched_at < now() - interval '1 minute'`,
      [tenant, ref, body, encoding],
    );
    return { ref, chars: text.length };
  }

  async get(tenant: string, ref: string): Promise<string | undefined> {
    const key = cacheKey(tenant, ref);
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const [row] = await this.#database.query<Body>(
      'SELECT body, encoding FROM blobs WHERE tenant = $1 AND digest = $2',
      [tenant, ref],
    );
    if (!row) return undefined;
    const text = fromBody(row, textOwner(this.#cipher, tenant, ref));
    this.#cache.set(key, text, 2 * text.length);
    return text;
  }
}

/** Whose the body of a text is. */
export function textOwner(cipher: StoreCipher, tenant: string, digest: string): Owner {
  return { cipher, tenant, kind: `text:${digest}` };
}
