import type { PlainMessage } from '../../contract/wire.js';
import type { StoreCipher } from '../../ports.js';
import { fromBody, toBody, type Body, type Owner } from './body.js';
import type { Database } from './database.js';
import { cacheKey, Lru } from './lru.js';

/** Conversations that are going on stay in memory, each as far as it has come. In bytes. */
const CACHE_BYTES = 64_000_000;

interface Conversation {
  messages: readonly PlainMessage[];
  bytes: number;
}

/**
 * Conversations, each a chain of what was added to the one before. A conversation's digest is that of all its messages. One
 * statement reads a whole chain, and who goes on with a conversation that it has just had reads none.
 */
export class TranscriptTable {
  readonly #database: Database;
  readonly #cipher: StoreCipher;
  readonly #cache = new Lru<Conversation>(CACHE_BYTES);

  constructor(database: Database, cipher: StoreCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async append(tenant: string, parent: string | undefined, messages: readonly PlainMessage[]): Promise<string> {
    const added = JSON.stringify(messages);
    const digest = this.#cipher.digest(tenant, parent ?? '', added);
    const { body, encoding } = toBody(added, this.#owner(tenant, digest, parent));
    await this.#database.query(
      `INSERT INTO transcripts (tenant, digest, parent, body, encoding) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant, digest) DO UPDATE SET touched_at = now()`,
      [tenant, digest, parent ?? null, body, encoding],
    );
    // It stands for the one that it continues, which few go back to: both would hold the same messages, counted once.
    const before = parent === undefined ? { messages: [], bytes: 0 } : this.#cache.take(cacheKey(tenant, parent));
    if (before) {
      const bytes = before.bytes + 2 * added.length;
      const now = { messages: [...before.messages, ...messages], bytes };
      this.#cache.set(cacheKey(tenant, digest), now, bytes);
    }
    return digest;
  }

  async read(tenant: string, digest: string): Promise<PlainMessage[] | undefined> {
    const known = this.#cache.get(cacheKey(tenant, digest));
    if (known) return [...known.messages];
    const rows = await this.#database.query<Body & { digest: string; parent: string | null }>(
      `WITH RECURSIVE chain AS (
         SELECT digest, parent, body, encoding, 0 AS depth FROM transcripts WHERE tenant = $1 AND digest = $2
         UNION ALL
         SELECT t.digest, t.parent, t.body, t.encoding, c.depth + 1
         FROM transcripts t JOIN chain c ON t.digest = c.parent AND t.tenant = $1
       ) SELECT digest, parent, body, encoding FROM chain ORDER BY depth DESC`,
      [tenant, digest],
    );
    // The first row has no parent; where it has one, that is gone, and half a conversation is none.
    if (rows[0]?.parent !== null) return undefined;
    const texts = rows.map((row) => fromBody(row, this.#owner(tenant, row.digest, row.parent ?? undefined)));
    const messages = texts.flatMap((text) => JSON.parse(text) as PlainMessage[]);
    const bytes = 2 * texts.reduce((sum, text) => sum + text.length, 0);
    this.#cache.set(cacheKey(tenant, digest), { messages, bytes }, bytes);
    return [...messages];
  }

  #owner(tenant: string, digest: string, parent: string | undefined): Owner {
    return transcriptOwner(this.#cipher, tenant, digest, parent);
  }
}

/** Whose the body of a part of a conversation is. */
export function transcriptOwner(
  cipher: StoreCipher,
  tenant: string,
  digest: string,
  parent: string | undefined,
): Owner {
  return { cipher, tenant, kind: `transcript:${digest}:${parent ?? ''}` };
}
