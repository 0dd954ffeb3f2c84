import type { Database } from './database.js';

/** When the bucket was looked at: one time for the whole statement, and never back, though another came first meanwhile. */
const NOW = 'GREATEST(b.refilled_at, statement_timestamp())';

/** What is in a bucket now: what was left, and what has come since, up to a minute's worth. `$2`: tokens a minute. */
const AVAILABLE = `LEAST($2::double precision,
  b.tokens + EXTRACT(EPOCH FROM ${NOW} - b.refilled_at) * $2::double precision / 60)`;

/** Tokens a minute, shared by everyone on this database. Its clock counts, and one statement takes. */
export class BucketTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A request for more than a minute's worth is granted when the bucket is full, and leaves a debt. */
  async take(
    key: string,
    tokens: number,
    perMinute: number,
  ): Promise<{ granted: true } | { granted: false; waitMs: number }> {
    const [row] = await this.#database.query<{ granted: boolean; tokens: number }>(
      `INSERT INTO buckets AS b (key, tokens, granted, refilled_at)
       VALUES ($1, $2::double precision - $3::double precision, true, statement_timestamp())
       ON CONFLICT (key) DO UPDATE SET
         granted = ${AVAILABLE} >= LEAST($2::double precision, $3::double precision),
         tokens = CASE WHEN ${AVAILABLE} >= LEAST($2::double precision, $3::double precision)
                       THEN ${AVAILABLE} - $3::double precision ELSE ${AVAILABLE} END,
         refilled_at = ${NOW}
       RETURNING granted, tokens`,
      [key, perMinute, tokens],
    );
    if (row?.granted !== false) return { granted: true };
    const missing = Math.min(tokens, perMinute) - row.tokens;
    return { granted: false, waitMs: Math.max(1, Math.ceil((missing / perMinute) * 60_000)) };
  }

  /** `difference`: what was used beyond what was taken; negative gives back. */
  async settle(key: string, difference: number, perMinute: number): Promise<void> {
    await this.#database.query(
      `UPDATE buckets AS b SET tokens = LEAST($2::double precision, ${AVAILABLE} - $3::double precision),
         refilled_at = ${NOW} WHERE key = $1`,
      [key, perMinute, difference],
    );
  }
}
