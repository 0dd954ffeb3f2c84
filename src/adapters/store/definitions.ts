import { StoreError } from '../../contract/store-error.js';
import type { CrewDefinition } from '../../crew/types.js';
import type { StoreCipher, StoredDefinition, StoredVersion } from '../../ports.js';
import { SharedReads } from '../shared-reads.js';
import type { Database } from './database.js';

/** A definition as the table has it. */
export interface DefinitionRow {
  name: string;
  version: number;
  digest: string;
  definition: string;
  created_at: Date;
}

type Stored = StoredDefinition & StoredVersion;

/** How often another process may be first with a version number. */
const TRIES = 20;

/** Definitions by name and version; a version never changes. Encrypted, the digest lies with the definition, and the column has a keyed one. */
export class DefinitionTable {
  readonly #database: Database;
  readonly #cipher: StoreCipher;
  readonly #lists = new SharedReads<Stored[]>();

  constructor(database: Database, cipher: StoreCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async put(
    tenant: string,
    { name, digest, definition }: StoredDefinition,
  ): Promise<{ version: number; created: boolean }> {
    const kept = this.#toKept(tenant, { name, digest, definition });
    for (let tried = 0; tried < TRIES; tried++) {
      const known = await this.#versionOf(tenant, name, digest);
      if (known !== undefined) return { version: known, created: false };
      // Two at once count to the same number: one of them finds it taken, and counts again.
      const [row] = await this.#database.query<{ version: number }>(
        `INSERT INTO definitions (tenant, name, version, digest, definition)
         SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4 FROM definitions WHERE tenant = $1 AND name = $2
         ON CONFLICT DO NOTHING RETURNING version`,
        [tenant, name, kept.digest, kept.definition],
      );
      if (row) return { version: row.version, created: true };
    }
    throw new StoreError('unavailable', 'Too many versions of this definition are being stored at once; try again');
  }

  async get(tenant: string, name: string, version?: number): Promise<Stored | undefined> {
    const which = version === undefined ? '' : 'AND version = $3';
    const [row] = await this.#database.query<DefinitionRow>(
      `SELECT name, version, digest, definition, created_at FROM definitions
       WHERE tenant = $1 AND name = $2 ${which} ORDER BY version DESC LIMIT 1`,
      version === undefined ? [tenant, name] : [tenant, name, version],
    );
    return row && this.#read(tenant, row);
  }

  list(tenant: string): Promise<Stored[]> {
    return this.#lists.get(tenant, () => this.#list(tenant));
  }

  async #list(tenant: string): Promise<Stored[]> {
    const rows = await this.#database.query<DefinitionRow>(
      `SELECT DISTINCT ON (name) name, version, digest, definition, created_at FROM definitions
       WHERE tenant = $1 ORDER BY name, version DESC`,
      [tenant],
    );
    return rows.map((row) => this.#read(tenant, row));
  }

  async versions(tenant: string, name: string): Promise<(StoredVersion & { digest: string })[]> {
    const rows = await this.#database.query<DefinitionRow>(
      'SELECT name, version, digest, definition, created_at FROM definitions WHERE tenant = $1 AND name = $2 ORDER BY version DESC',
      [tenant, name],
    );
    return rows.map((row) => {
      const { version, digest, createdAt } = this.#read(tenant, row);
      return { version, digest, createdAt };
    });
  }

  async #versionOf(tenant: string, name: string, digest: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ version: number }>(
      'SELECT version FROM definitions WHERE tenant = $1 AND name = $2 AND digest = ANY($3) ORDER BY version LIMIT 1',
      [tenant, name, [digest, ...this.#cipher.digests(tenant, 'definition', name, digest)]],
    );
    return row?.version;
  }

  #toKept(tenant: string, definition: StoredDefinition): KeptDefinition {
    return keptDefinition(this.#cipher, tenant, definition);
  }

  #read(tenant: string, row: DefinitionRow): Stored {
    const { name, version, created_at } = row;
    return { name, version, ...readDefinition(this.#cipher, tenant, row), createdAt: created_at.toISOString() };
  }
}

/** What of a definition's row is sealed, or made with a key. */
export type KeptDefinition = Pick<DefinitionRow, 'digest' | 'definition'>;

/** A definition as it is kept. */
export function keptDefinition(
  cipher: StoreCipher,
  tenant: string,
  { name, digest, definition }: StoredDefinition,
): KeptDefinition {
  const plain = JSON.stringify(definition);
  const sealed = cipher.seal(tenant, kindOf(name), JSON.stringify({ digest, definition }));
  if (!cipher.isSealed(sealed)) return { digest, definition: plain };
  return { digest: cipher.digest(tenant, 'definition', name, digest), definition: sealed };
}

/** The opposite. @throws EncryptionError */
export function readDefinition(
  cipher: StoreCipher,
  tenant: string,
  { name, digest, definition }: KeptDefinition & Pick<DefinitionRow, 'name'>,
): Pick<StoredDefinition, 'digest' | 'definition'> {
  const text = cipher.open(tenant, kindOf(name), definition);
  return cipher.isSealed(definition)
    ? (JSON.parse(text) as Pick<StoredDefinition, 'digest' | 'definition'>)
    : { digest, definition: JSON.parse(text) as CrewDefinition };
}

function kindOf(name: string): string {
  return `definition:${name}`;
}
