import pg from 'pg';
import { StoreError } from '../../contract/store-error.js';
import { MIGRATIONS } from './migrations.js';

/** How long a connection may take. Reaching a database that is there takes milliseconds. */
const CONNECT_TIMEOUT_MS = 4_000;

/** A statement that failed later than this is not run once more: somebody is waiting for an answer. */
const RETRY_WITHIN_MS = 2_000;

/** Longest that one statement may take; ours are short. */
const STATEMENT_TIMEOUT_MS = 20_000;

/** Any number: processes that migrate this store at the same time wait for each other by it. */
const MIGRATION_LOCK = 7_402_611;

/** A parameter of a statement, in milliseconds, as SQL's interval. */
export const milliseconds = (parameter: string) => `${parameter}::double precision * interval '1 millisecond'`;

/** A Postgres database: connections that come back, and errors in the port's words. */
export class Database {
  readonly #pool: pg.Pool;
  #migrated: Promise<void> | undefined;

  /** `connections`: at most, at the same time. Nothing is connected before the first query. */
  constructor(databaseUrl: string, connections: number) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that is lost is made again at the next query; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  /**
   * Runs one statement, on a migrated schema. Where the connection was lost it is run once more, on another: ours may all be
   * repeated, and a restart leaves connections behind that do not know of it.
   * @throws StoreError
   */
  async query<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    await this.migrate();
    const started = performance.now();
    try {
      return await this.#once<R>(text, values);
    } catch (error) {
      if (!isLost(error) || performance.now() - started > RETRY_WITHIN_MS) throw storeError(error);
    }
    try {
      return await this.#once<R>(text, values);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Brings the schema up to date; at the first query by itself. Safe when several processes do it at once. @throws StoreError */
  async migrate(): Promise<void> {
    this.#migrated ??= this.#runMigrations();
    try {
      await this.#migrated;
    } catch (error) {
      this.#migrated = undefined;
      throw storeError(error);
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #once<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    const { rows } = await this.#pool.query<R>(text, values);
    return rows;
  }

  async #runMigrations(): Promise<void> {
    const client = await this.#pool.connect();
    let failed = false;
    const onError = () => (failed = true);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await client.query('CREATE TABLE IF NOT EXISTS store_schema (version integer NOT NULL)');
      const { rows } = await client.query<{ version: number | null }>(
        'SELECT max(version) AS version FROM store_schema',
      );
      const from = rows[0]?.version ?? 0;
      if (from > MIGRATIONS.length) {
        throw new StoreError(
          'refused',
          `The database has version ${from} of the schema, newer than this service knows; deploy a newer one`,
        );
      }
      for (const [at, step] of MIGRATIONS.entries()) {
        if (at < from) continue;
        await client.query(step);
        await client.query('INSERT INTO store_schema (version) VALUES ($1)', [at + 1]);
      }
      await client.query('COMMIT');
    } catch (error) {
      // A connection that failed is not used again: after a timeout it may still be inside this transaction, and what is
      // written there later is acknowledged and never committed.
      failed = true;
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(failed);
    }
  }
}

/** SQLSTATE classes and codes that say that the database is not there now. Source: PostgreSQL, Appendix A. */
const AWAY = /^(08|53|57P|58|25006|40)/;

/** Puts whatever the driver threw into the port's words. */
function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !AWAY.test(code)) {
    const hint = /^28|^3D/.test(code) ? '; check the user, password and database of DATABASE_URL' : '';
    return new StoreError('refused', `The store refused the request (${code})${hint}`, { cause: error });
  }
  return new StoreError('unavailable', 'The store cannot be reached; try again soon (DATABASE_URL)', { cause: error });
}

function isLost(error: unknown): boolean {
  return storeError(error).reason === 'unavailable';
}
