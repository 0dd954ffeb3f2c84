import { StoreError } from '../../contract/store-error.js';
import type { CrewDefinition } from '../../crew/types.js';
import type { StoredDefinition, StoredVersion } from '../../ports.js';
import type { Database } from './database.js';

interface Row {
  name: string;
  version: number;
  digest: string;
  definition: string;
  created_at: Date;
}

/** How often another process may be first with a version number. */
const TRIES = 20;

/** Definitions by name and version; a version never changes. */
export class DefinitionTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(
    tenant: string,
    { name, digest, definition }: StoredDefinition,
  ): Promise<{ version: number; created: boolean }> {
    for (let tried = 0; tried < TRIES; tried++) {
      const known = await this.#versionOf(tenant, name, digest);
      if (known !== undefined) return { version: known, created: false };
      // Two at once count to the same number: one of them finds it taken, and counts again.
      const [row] = await this.#database.query<{ version: number }>(
        `INSERT INTO definitions (tenant, name, version, digest, definition)
         SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4 FROM definitions WHERE tenant = $1 AND name = $2
         ON CONFLICT DO NOTHING RETURNING version`,
        [tenant, name, digest, JSON.stringify(definition)],
      );
      if (row) return { version: row.version, created: true };
    }
    throw new StoreError('unavailable', 'Too many versions of this definition are being stored at once; try again');
  }

  async get(tenant: string, name: string, version?: number): Promise<(StoredDefinition & StoredVersion) | undefined> {
    const which = version === undefined ? '' : 'AND version = $3';
    const [row] = await this.#database.query<Row>(
      `SELECT name, version, digest, definition, created_at FROM definitions
       WHERE tenant = $1 AND name = $2 ${which} ORDER BY version DESC LIMIT 1`,
      version === undefined ? [tenant, name] : [tenant, name, version],
    );
    return row && read(row);
  }

  async list(tenant: string): Promise<(StoredDefinition & StoredVersion)[]> {
    const rows = await this.#database.query<Row>(
      `SELECT DISTINCT ON (name) name, version, digest, definition, created_at FROM definitions
       WHERE tenant = $1 ORDER BY name, version DESC`,
      [tenant],
    );
    return rows.map(read);
  }

  async versions(tenant: string, name: string): Promise<(StoredVersion & { digest: string })[]> {
    const rows = await this.#database.query<Row>(
      'SELECT version, digest, created_at FROM definitions WHERE tenant = $1 AND name = $2 ORDER BY version DESC',
      [tenant, name],
    );
    return rows.map(({ version, digest, created_at }) => ({ version, digest, createdAt: created_at.toISOString() }));
  }

  async #versionOf(tenant: string, name: string, digest: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ version: number }>(
      'SELECT version FROM definitions WHERE tenant = $1 AND name = $2 AND digest = $3',
      [tenant, name, digest],
    );
    return row?.version;
  }
}

function read({ name, version, digest, definition, created_at }: Row): StoredDefinition & StoredVersion {
  return {
    name,
    version,
    digest,
    definition: JSON.parse(definition) as CrewDefinition,
    createdAt: created_at.toISOString(),
  };
}
