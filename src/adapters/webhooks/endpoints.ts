import type { WebhookChanges, WebhookEndpoint, Webhooks, WebhookSpec } from '../../ports.js';
import { milliseconds, type Database } from '../store/database.js';
import type { AtRest } from './at-rest.js';
import { GlobalEndpoints } from './global-endpoints.js';
import { endpointOf, keptSecrets, secretsOf, type EndpointRow } from './rows.js';
import { newSecret, rotated } from './secrets.js';

/** How often another process may rotate at the same moment. */
const TRIES = 10;

/** The endpoints, by tenant. Rejects with `StoreError`. */
export class EndpointTable {
  readonly #database: Database;
  readonly #rest: AtRest;
  readonly #globals = new GlobalEndpoints((tenant) => this.#hasGlobal(tenant));

  constructor(database: Database, rest: AtRest) {
    this.#database = database;
    this.#rest = rest;
  }

  async create(tenant: string, id: string, spec: WebhookSpec, requestDigest: string): ReturnType<Webhooks['create']> {
    const [made] = await this.#database.query<EndpointRow>(
      `INSERT INTO webhook_endpoints (tenant, id, url, description, events, global, enabled, secrets, request_digest)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING *`,
      [
        tenant,
        id,
        this.#rest.seal(tenant, 'url', id, spec.url),
        this.#described(tenant, id, spec.description),
        spec.events,
        spec.global,
        spec.enabled,
        keptSecrets(this.#rest, tenant, id, [{ secret: newSecret() }]),
        this.#rest.seal(tenant, 'request', id, requestDigest),
      ],
    );
    const row = made ?? (await this.row(tenant, id));
    // Made, and removed by somebody else in between: it is as if it had been removed a moment later.
    if (!row) return this.create(tenant, id, spec, requestDigest);
    if (row.enabled && row.global) await this.#globals.settled();
    return {
      created: made !== undefined,
      endpoint: endpointOf(this.#rest, row),
      secret: secretsOf(this.#rest, row)[0]?.secret ?? '',
      requestDigest: this.#rest.open(tenant, 'request', id, row.request_digest),
    };
  }

  async row(tenant: string, id: string): Promise<EndpointRow | undefined> {
    const [row] = await this.#database.query<EndpointRow>(
      'SELECT * FROM webhook_endpoints WHERE tenant = $1 AND id = $2',
      [tenant, id],
    );
    return row;
  }

  async get(tenant: string, id: string): Promise<WebhookEndpoint | undefined> {
    const row = await this.row(tenant, id);
    return row && endpointOf(this.#rest, row);
  }

  async list(tenant: string): Promise<WebhookEndpoint[]> {
    const rows = await this.#database.query<EndpointRow>(
      'SELECT * FROM webhook_endpoints WHERE tenant = $1 ORDER BY created_at, id',
      [tenant],
    );
    return rows.map((row) => endpointOf(this.#rest, row));
  }

  async update(tenant: string, id: string, changes: WebhookChanges): Promise<WebhookEndpoint | undefined> {
    const { url, description, events, global, enabled } = changes;
    const [row] = await this.#database.query<EndpointRow>(
      `UPDATE webhook_endpoints SET
         url = coalesce($3, url), description = CASE WHEN $4::boolean THEN $5 ELSE description END,
         events = coalesce($6::text[], events), global = coalesce($7::boolean, global),
         enabled = coalesce($8::boolean, enabled),
         disabled_reason = CASE WHEN $8::boolean IS NULL THEN disabled_reason END,
         failing_since = CASE WHEN $8::boolean THEN NULL ELSE failing_since END, updated_at = now()
       WHERE tenant = $1 AND id = $2 RETURNING *`,
      [
        tenant,
        id,
        url === undefined ? null : this.#rest.seal(tenant, 'url', id, url),
        description !== undefined,
        this.#described(tenant, id, description),
        events ?? null,
        global ?? null,
        enabled ?? null,
      ],
    );
    if (row?.enabled && row.global && (global ?? enabled)) await this.#globals.settled();
    return row && endpointOf(this.#rest, row);
  }

  async remove(tenant: string, id: string): Promise<boolean> {
    const gone = await this.#database.query<{ id: string }>(
      'DELETE FROM webhook_endpoints WHERE tenant = $1 AND id = $2 RETURNING id',
      [tenant, id],
    );
    return gone.length > 0;
  }

  async rotate(tenant: string, id: string, overlapMs: number) {
    for (let tried = 0; tried < TRIES; tried++) {
      const row = await this.row(tenant, id);
      if (!row) return undefined;
      const now = Date.now();
      const secret = newSecret();
      const until = new Date(now + overlapMs);
      const secrets = keptSecrets(
        this.#rest,
        tenant,
        id,
        rotated(secretsOf(this.#rest, row), secret, now, until.getTime()),
      );
      // Who rotated in between has shown somebody a secret that must not be lost.
      const [done] = await this.#database.query(
        `UPDATE webhook_endpoints SET secrets = $3, old_secret_until = $4, updated_at = now()
         WHERE tenant = $1 AND id = $2 AND (secrets = $5 OR secrets = $3) RETURNING id`,
        [tenant, id, secrets, until, row.secrets],
      );
      if (done) return { secret, oldSecretUntil: until.toISOString() };
    }
    return undefined;
  }

  #described(tenant: string, id: string, description: string | null | undefined): string | null {
    return typeof description === 'string' ? this.#rest.seal(tenant, 'description', id, description) : null;
  }

  /** Those that new events may be for. */
  async enabled(tenant: string): Promise<EndpointRow[]> {
    return this.#database.query('SELECT * FROM webhook_endpoints WHERE tenant = $1 AND enabled', [tenant]);
  }

  async unknown(tenant: string, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.query<{ id: string }>(
      'SELECT id FROM webhook_endpoints WHERE tenant = $1 AND id = ANY($2)',
      [tenant, ids],
    );
    const known = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }

  hasGlobal(tenant: string): Promise<boolean> {
    return this.#globals.has(tenant);
  }

  async #hasGlobal(tenant: string): Promise<boolean> {
    const [row] = await this.#database.query(
      'SELECT id FROM webhook_endpoints WHERE tenant = $1 AND enabled AND global LIMIT 1',
      [tenant],
    );
    return row !== undefined;
  }

  /** An endpoint took something: it is not failing. */
  async succeeded(tenant: string, id: string): Promise<void> {
    await this.#database.query(
      'UPDATE webhook_endpoints SET failing_since = NULL WHERE tenant = $1 AND id = $2 AND failing_since IS NOT NULL',
      [tenant, id],
    );
  }

  async failed(tenant: string, id: string): Promise<void> {
    await this.#database.query(
      'UPDATE webhook_endpoints SET failing_since = now() WHERE tenant = $1 AND id = $2 AND failing_since IS NULL',
      [tenant, id],
    );
  }

  /** Switches an endpoint off; with `failingForMs` only where nothing has succeeded for so long. False: it was not done. */
  async disable(tenant: string, id: string, reason: string, failingForMs = 0): Promise<boolean> {
    const done = await this.#database.query<{ id: string }>(
      `UPDATE webhook_endpoints SET enabled = false, disabled_reason = $3, updated_at = now()
       WHERE tenant = $1 AND id = $2 AND enabled
         AND ($4::double precision = 0 OR failing_since < now() - ${milliseconds('$4')})
       RETURNING id`,
      [tenant, id, reason, failingForMs],
    );
    return done.length > 0;
  }
}
