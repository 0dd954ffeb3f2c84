import { EncryptionError } from '../../contract/encryption-error.js';
import type { Keyring } from '../encryption/keyring.js';
import { createStoreCipher, keyIdOf } from '../encryption/store-cipher.js';
import { Database } from '../store/database.js';
import { isStale, SEALED_TABLES, type Resealing, type Row, type SealedTable } from './tables.js';

/** Rows whose beginnings are looked at in one statement. */
const PAGE = 500;

/** Rows, and about how many bytes, that are in memory to be sealed again. */
const MOST_ROWS = 100;
const MOST_BYTES = 8_000_000;

/** Statements at the same time. */
const CONNECTIONS = 4;

/** What was found in a table. */
export interface TableKeys {
  table: string;
  rows: number;
  /** Rows by the id of the key that something in them is sealed with; `PLAIN` where something lies plain. */
  byKey: Map<string, number>;
}

/** What was done in a table. */
export interface TableResealed {
  table: string;
  /** Rows that are sealed with the first key now and were not before. */
  sealed: number;
  /** Rows that could not be opened, by the problem: they stay as they are. */
  unreadable: Map<string, number>;
}

/** The name of no key, in `TableKeys`: none that a ring takes. */
export const PLAIN = '';

/** Seals the rows of a store again. */
export interface Reseal {
  /**
   * Seals with the ring's first key what is sealed with another one; with `plain` also what lies plain. References stay, for what is
   * found by its digest keeps it. Safe beside parts that are up, and to be repeated or broken off. Rejects with `StoreError`.
   */
  run(options: { plain: boolean }, onTable: (done: TableResealed) => void): Promise<void>;
  /** Counts, and changes nothing. */
  census(): Promise<TableKeys[]>;
  close(): Promise<void>;
}

/** Opens the store at an address to seal it again. Nothing is connected before the first call. `ring`: has a key. */
export function openReseal(databaseUrl: string, ring: Keyring): Reseal {
  const database = new Database(databaseUrl, CONNECTIONS);
  return {
    run: async ({ plain }, onTable) => {
      const resealing: Resealing = {
        reader: createStoreCipher(ring),
        writer: createStoreCipher(ring.newest()),
        keyId: ring.active ?? '',
        plain,
      };
      for (const table of SEALED_TABLES) onTable(await resealTable(database, table, resealing));
    },
    census: async () => {
      const found: TableKeys[] = [];
      for (const table of SEALED_TABLES) found.push(await keysIn(database, table));
      return found;
    },
    close: () => database.close(),
  };
}

async function keysIn(database: Database, table: SealedTable): Promise<TableKeys> {
  const byKey = new Map<string, number>();
  let rows = 0;
  for await (const heads of pages(database, table)) {
    rows += heads.length;
    for (const head of heads) for (const key of keysOf(table, head)) byKey.set(key, (byKey.get(key) ?? 0) + 1);
  }
  return { table: table.name, rows, byKey };
}

async function resealTable(database: Database, table: SealedTable, resealing: Resealing): Promise<TableResealed> {
  const unreadable = new Map<string, number>();
  let sealed = 0;
  for await (const heads of pages(database, table)) {
    const stale = heads.filter((head) => table.whole || isToDo(table, head, resealing));
    for (const chunk of chunks(stale)) {
      const done = (await wholeRows(database, table, chunk)).map(async (row) => {
        try {
          const changed = table.again(row, resealing);
          const written = await write(database, table, row, changed);
          // A digest alone that is made anew is no row that was sealed.
          if (written && Object.keys(changed).some((column) => column in table.heads)) sealed += 1;
        } catch (error) {
          if (!(error instanceof EncryptionError)) throw error;
          unreadable.set(error.message, (unreadable.get(error.message) ?? 0) + 1);
        }
      });
      await Promise.all(done);
    }
  }
  return { table: table.name, sealed, unreadable };
}

/** The keys of what a row holds, each once. */
function keysOf({ heads }: SealedTable, head: Row): Set<string> {
  const begun = Object.keys(heads).map((column) => head[column] as string | Uint8Array | null);
  return new Set(begun.flatMap((one) => (one === null ? [] : [keyIdOf(one) ?? PLAIN])));
}

function isToDo(table: SealedTable, head: Row, resealing: Resealing): boolean {
  return [...keysOf(table, head)].some((key) => isStale(key === PLAIN ? undefined : key, resealing));
}

/** A table's rows in the order of its key, as key, size and beginnings. What is put in behind the page that is read is not seen. */
async function* pages(database: Database, { name, key, heads, size }: SealedTable): AsyncGenerator<Row[]> {
  const names = Object.keys(key);
  const begun = Object.entries(heads).map(([column, head]) => `${head} AS ${column}`);
  const places = Object.values(key).map((type, at) => `$${at + 1}::${type}`);
  let after: unknown[] = Object.values(key).map((type) => (type === 'text' ? '' : -1));
  for (;;) {
    const rows = await database.query<Row>(
      `SELECT ${[...names, `${size} AS bytes_`, ...begun].join(', ')} FROM ${name}
       WHERE (${names.join(', ')}) > (${places.join(', ')}) ORDER BY ${names.join(', ')} LIMIT ${PAGE}`,
      after,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = names.map((column) => last[column]);
  }
}

/** Rows in lots that fit into memory. */
function* chunks(rows: readonly Row[]): Generator<Row[]> {
  let chunk: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    chunk.push(row);
    bytes += Number(row['bytes_']);
    if (chunk.length < MOST_ROWS && bytes < MOST_BYTES) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

function wholeRows(database: Database, { name, key, columns }: SealedTable, of: readonly Row[]): Promise<Row[]> {
  const names = Object.keys(key);
  const lists = Object.values(key).map((type, at) => `$${at + 1}::${type}[]`);
  return database.query<Row>(
    `SELECT ${[...names, ...columns].map((column) => `t.${column}`).join(', ')} FROM ${name} AS t
     JOIN unnest(${lists.join(', ')}) AS k (${names.join(', ')}) USING (${names.join(', ')})`,
    names.map((column) => of.map((row) => row[column])),
  );
}

/** Writes what changes of a row; false where it is gone, or was written by somebody else meanwhile. */
async function write(database: Database, table: SealedTable, row: Row, changed: Row): Promise<boolean> {
  const columns = Object.keys(changed);
  if (columns.length === 0) return false;
  const values: unknown[] = [];
  const value = (one: unknown) => `$${values.push(one)}`;
  const set = columns.map((column) => {
    const to = value(changed[column]);
    return `${column} = ${table.set?.[column]?.(to) ?? to}`;
  });
  const where = Object.keys(table.key).map((column) => `t.${column} = ${value(row[column])}`);
  if (table.changing) for (const column of columns) where.push(`t.${column} = ${value(row[column])}`);
  const [key = ''] = Object.keys(table.key);
  const done = await database.query(
    `UPDATE ${table.name} AS t SET ${set.join(', ')} WHERE ${where.join(' AND ')} RETURNING t.${key}`,
    values,
  );
  return done.length > 0;
}
