import type { Scope } from '../../contract/identity.js';
import { StoreError } from '../../contract/store-error.js';
import type { ApiKey, CallerLimits } from '../../ports.js';
import type { Database } from './database.js';

interface Row {
  id: string;
  tenant: string;
  name: string;
  hash: Buffer;
  scopes: string;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  per_minute: number | null;
  open_runs: number | null;
}

const COLUMNS =
  'id, tenant, name, hash, scopes, created_by, created_at, expires_at, revoked_at, last_used_at, per_minute, open_runs';

/** A key as it is kept: with the SHA-256 of its secret, from which it cannot be made again. */
export type KeptKey = ApiKey & { hash: Buffer };

/** API keys by id. Every method throws `StoreError`. */
export class ApiKeyTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Repeatable: the same id with the same hash is there once. */
  async insert(key: Omit<KeptKey, 'createdAt' | 'revokedAt' | 'lastUsedAt'>): Promise<KeptKey> {
    const { id, tenant, name, hash, scopes, createdBy, expiresAt, limits } = key;
    const [row] = await this.#database.query<Row>(
      `INSERT INTO api_keys (id, tenant, name, hash, scopes, created_by, expires_at, per_minute, open_runs)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE api_keys.hash = excluded.hash RETURNING ${COLUMNS}`,
      [
        id,
        tenant,
        name,
        hash,
        scopes.join(' '),
        createdBy,
        expiresAt ?? null,
        limits.perMinute ?? null,
        limits.openRuns ?? null,
      ],
    );
    // An id that was there already: try again, and it is another.
    if (!row) throw new StoreError('unavailable', 'The id of the key is taken; try again');
    return read(row);
  }

  async find(id: string): Promise<KeptKey | undefined> {
    const [row] = await this.#database.query<Row>(`SELECT ${COLUMNS} FROM api_keys WHERE id = $1`, [id]);
    return row && read(row);
  }

  async list(tenant: string): Promise<KeptKey[]> {
    const rows = await this.#database.query<Row>(
      `SELECT ${COLUMNS} FROM api_keys WHERE tenant = $1 ORDER BY created_at DESC, id LIMIT 1000`,
      [tenant],
    );
    return rows.map(read);
  }

  async revoke(tenant: string, id: string): Promise<KeptKey | undefined> {
    const [row] = await this.#database.query<Row>(
      `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE tenant = $1 AND id = $2 RETURNING ${COLUMNS}`,
      [tenant, id],
    );
    return row && read(row);
  }

  /** Notes that a key was used: once a minute. */
  async used(id: string): Promise<void> {
    await this.#database.query(
      `UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }
}

function read(row: Row): KeptKey {
  const limits: CallerLimits = {
    ...(row.per_minute !== null && { perMinute: row.per_minute }),
    ...(row.open_runs !== null && { openRuns: row.open_runs }),
  };
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    hash: row.hash,
    scopes: row.scopes.split(' ') as Scope[],
    limits,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
    ...(row.revoked_at && { revokedAt: row.revoked_at.toISOString() }),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at.toISOString() }),
  };
}
