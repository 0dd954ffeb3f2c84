import type { Collected } from '../../contract/messages.js';
import type { Reachable, StoreCipher } from '../../ports.js';
import { fromBody, type Body } from './body.js';
import type { Database } from './database.js';
import { textOwner } from './texts.js';

const DIGEST = /\b[0-9a-f]{64}\b/g;

/** Rows of one statement. */
const BATCH = 500;

/** Where rows are, and what opens them. */
interface Kept {
  database: Database;
  cipher: StoreCipher;
}

/** What is kept in the two tables. */
type Table = 'blobs' | 'transcripts';

/** All digests in a text: whatever speaks of another text does so by its digest. */
export function digestsIn(text: string): string[] {
  return text.match(DIGEST) ?? [];
}

/**
 * Marks what is reachable, then sweeps. Reachable is what a retained history speaks of, what such a text speaks of itself (a
 * page of events of the page before it, a carry of its outputs), and a conversation's beginning. Safe beside runs that are
 * going on: what they write, or write again, is younger than the grace, and each row's time is looked at once more when it
 * is removed. Keeps all marks in memory, about 150 bytes each.
 * Where something that is reachable cannot be opened, nothing is removed. @throws EncryptionError
 */
export async function collect(
  kept: Kept,
  reachable: AsyncIterable<Reachable>,
  { graceMs, dryRun = false }: { graceMs: number; dryRun?: boolean },
  onStep: () => void,
): Promise<Collected> {
  const before = new Date(Date.now() - graceMs);
  const marks = new Map<string, Set<string>>();
  let runs = 0;
  for await (const { tenant, digests } of reachable) {
    runs += 1;
    onStep();
    await mark(kept, marks, tenant, digests, onStep);
  }
  const { database } = kept;
  let spared = 0;
  let removed = 0;
  for (const table of ['blobs', 'transcripts'] as const) {
    for await (const rows of oldRows(database, table, before)) {
      onStep();
      const dead = rows.filter(({ tenant, digest }) => marks.get(tenant)?.has(digest) !== true);
      spared += rows.length - dead.length;
      removed += dryRun ? dead.length : await remove(database, table, dead, before);
    }
  }
  return { runs, kept: spared, removed };
}

async function mark(
  { database, cipher }: Kept,
  marks: Map<string, Set<string>>,
  tenant: string,
  roots: readonly string[],
  onStep: () => void,
): Promise<void> {
  const marked = marks.get(tenant) ?? new Set<string>();
  marks.set(tenant, marked);
  const left = roots.filter((digest) => !marked.has(digest));
  while (left.length > 0) {
    const batch = [...new Set(left.splice(-BATCH))].filter((digest) => !marked.has(digest));
    for (const digest of batch) marked.add(digest);
    if (batch.length === 0) continue;
    onStep();
    const texts = await database.query<Body & { digest: string }>(
      'SELECT digest, body, encoding FROM blobs WHERE tenant = $1 AND digest = ANY($2)',
      [tenant, batch],
    );
    const chains = await database.query<{ parent: string | null }>(
      'SELECT parent FROM transcripts WHERE tenant = $1 AND digest = ANY($2)',
      [tenant, batch],
    );
    left.push(
      ...texts.flatMap((row) => digestsIn(fromBody(row, textOwner(cipher, tenant, row.digest)))),
      ...chains.flatMap(({ parent }) => parent ?? []),
    );
  }
}

interface Key {
  tenant: string;
  digest: string;
}

async function* oldRows(database: Database, table: Table, before: Date): AsyncGenerator<Key[]> {
  let after: Key = { tenant: '', digest: '' };
  for (;;) {
    const rows = await database.query<Key>(
      `SELECT tenant, digest FROM ${table} WHERE (tenant, digest) > ($1, $2) AND touched_at < $3
       ORDER BY tenant, digest LIMIT ${BATCH}`,
      [after.tenant, after.digest, before],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last;
  }
}

async function remove(database: Database, table: Table, keys: readonly Key[], before: Date): Promise<number> {
  let removed = 0;
  for (const tenant of new Set(keys.map((key) => key.tenant))) {
    const digests = keys.filter((key) => key.tenant === tenant).map(({ digest }) => digest);
    const rows = await database.query(
      `DELETE FROM ${table} WHERE tenant = $1 AND digest = ANY($2) AND touched_at < $3 RETURNING digest`,
      [tenant, digests, before],
    );
    removed += rows.length;
  }
  return removed;
}
