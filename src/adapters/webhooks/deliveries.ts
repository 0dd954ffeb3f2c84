import type { DeliveryFilter, DeliveryStatus, WebhookAttempt, WebhookDelivery } from '../../ports.js';
import { milliseconds, type Database } from '../store/database.js';
import type { AtRest } from './at-rest.js';
import { DELIVERY_COLUMNS, deliveryId, deliveryOf, type DeliveryRow, type EndpointRow } from './rows.js';

/** A delivery that somebody holds, to make its next try: as it lies in its row. */
export interface Claimed extends DeliveryRow {
  body: string;
  lease: string;
}

/** An event for an endpoint. */
export interface NewDelivery {
  endpoint: string;
  eventId: string;
  eventType: string;
  runId?: string;
  body: string;
}

/** What came of a try. `nextInMs` with `pending` alone. */
export interface Outcome {
  status: DeliveryStatus;
  attempts: readonly WebhookAttempt[];
  tries: number;
  nextInMs?: number;
}

const FROM_NOW = (value: string) => `now() + ${milliseconds(value)}`;
const DUE = `status = 'pending' AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())`;
const AGAIN = `status = 'pending', tries = 0, next_at = now(), lease = NULL, leased_until = NULL, updated_at = now()`;
/** Endpoints of one round, at most. */
const DUE_ENDPOINTS = 500;

/** Deliveries and their log. All times are the database's. Rejects with `StoreError`. */
export class DeliveryTable {
  readonly #database: Database;
  readonly #rest: AtRest;

  constructor(database: Database, rest: AtRest) {
    this.#database = database;
    this.#rest = rest;
  }

  /** Once for each endpoint and event, however often it is asked. */
  async add(tenant: string, all: readonly NewDelivery[]): Promise<void> {
    if (all.length === 0) return;
    const rows = all.map((one) => ({ ...one, id: deliveryId(tenant, one.endpoint, one.eventId) }));
    await this.#database.query(
      `INSERT INTO webhook_deliveries (tenant, id, endpoint, event_id, event_type, run_id, body, status)
       SELECT $1, x.id, x.endpoint, x.event_id, x.event_type, x.run_id, x.body, 'pending'
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         WITH ORDINALITY AS x (id, endpoint, event_id, event_type, run_id, body, at)
       ORDER BY x.at ON CONFLICT (tenant, id) DO NOTHING`,
      [
        tenant,
        rows.map(({ id }) => id),
        rows.map(({ endpoint }) => endpoint),
        rows.map(({ eventId }) => eventId),
        rows.map(({ eventType }) => eventType),
        rows.map(({ runId }) => runId ?? null),
        rows.map(({ id, body }) => this.#rest.seal(tenant, 'body', id, body)),
      ],
    );
  }

  /** Enabled endpoints that something is due for, in no order. */
  async dueEndpoints(): Promise<EndpointRow[]> {
    return this.#database.query(
      `SELECT * FROM webhook_endpoints e WHERE enabled AND EXISTS (
         SELECT 1 FROM webhook_deliveries d WHERE d.tenant = e.tenant AND d.endpoint = e.id AND ${DUE})
       ORDER BY random() LIMIT ${DUE_ENDPOINTS}`,
      [],
    );
  }

  /** Takes up to `count` due deliveries of an endpoint for `leaseMs`. What is not finished by then is anybody's again. */
  async claim(endpoint: EndpointRow, count: number, lease: string, leaseMs: number): Promise<Claimed[]> {
    const rows = await this.#database.query<Claimed>(
      // Materialized: a plan may run a subquery several times, and would take so many each time.
      `WITH due AS MATERIALIZED (
         SELECT id AS due_id FROM webhook_deliveries WHERE tenant = $1 AND endpoint = $2 AND ${DUE}
         ORDER BY next_at, n LIMIT $3 FOR UPDATE SKIP LOCKED)
       UPDATE webhook_deliveries SET lease = $4, leased_until = ${FROM_NOW('$5')}
       FROM due WHERE tenant = $1 AND id = due_id
       RETURNING ${DELIVERY_COLUMNS}, body, lease`,
      [endpoint.tenant, endpoint.id, count, lease, leaseMs],
    );
    return rows.sort((one, other) => Number(BigInt(one.n) - BigInt(other.n)));
  }

  /** Writes what came of a try; false where the lease had run out and another has it. */
  async finish(claimed: Claimed, { status, attempts, tries, nextInMs }: Outcome): Promise<boolean> {
    const kept = this.#rest.seal(claimed.tenant, 'attempts', claimed.id, JSON.stringify(attempts));
    const done = await this.#database.query<{ id: string }>(
      `UPDATE webhook_deliveries SET status = $4, attempts = $5, tries = $6, next_at = ${FROM_NOW('$7')},
         lease = NULL, leased_until = NULL, updated_at = now()
       WHERE tenant = $1 AND id = $2 AND lease = $3 RETURNING id`,
      [claimed.tenant, claimed.id, claimed.lease, status, kept, tries, nextInMs ?? 0],
    );
    return done.length > 0;
  }

  /** A page of the log, newest first. `before`: the `n` of the last row of the page before. */
  async list(tenant: string, endpoint: string, filter: DeliveryFilter, before: string | undefined) {
    const rows = await this.#database.query<DeliveryRow>(
      `SELECT ${DELIVERY_COLUMNS} FROM webhook_deliveries
       WHERE tenant = $1 AND endpoint = $2 AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR run_id = $4)
         AND ($5::bigint IS NULL OR n < $5) ORDER BY n DESC LIMIT $6`,
      [tenant, endpoint, filter.status ?? null, filter.runId ?? null, before ?? null, filter.limit + 1],
    );
    const page = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? page.at(-1)?.n : undefined;
    return {
      deliveries: page.map((row) => deliveryOf(this.#rest, row)),
      ...(last !== undefined && { nextCursor: last }),
    };
  }

  async get(tenant: string, endpoint: string, id: string): Promise<(WebhookDelivery & { body: string }) | undefined> {
    const [row] = await this.#database.query<DeliveryRow & { body: string }>(
      `SELECT ${DELIVERY_COLUMNS}, body FROM webhook_deliveries WHERE tenant = $1 AND endpoint = $2 AND id = $3`,
      [tenant, endpoint, id],
    );
    return row && { ...deliveryOf(this.#rest, row), body: this.#rest.open(tenant, 'body', id, row.body) };
  }

  async replay(tenant: string, endpoint: string, id: string): Promise<WebhookDelivery | undefined> {
    const [row] = await this.#database.query<DeliveryRow>(
      `UPDATE webhook_deliveries SET ${AGAIN} WHERE tenant = $1 AND endpoint = $2 AND id = $3
       RETURNING ${DELIVERY_COLUMNS}`,
      [tenant, endpoint, id],
    );
    return row && deliveryOf(this.#rest, row);
  }

  async replayFailed(tenant: string, endpoint: string, since: string): Promise<number> {
    const rows = await this.#database.query(
      `UPDATE webhook_deliveries SET ${AGAIN}
       WHERE tenant = $1 AND endpoint = $2 AND status = 'failed' AND created_at >= $3::timestamptz RETURNING id`,
      [tenant, endpoint, since],
    );
    return rows.length;
  }

  /** Removes what nothing has happened to for so long. What waits at an enabled endpoint stays. */
  async prune(retentionMs: number): Promise<number> {
    const rows = await this.#database.query(
      `DELETE FROM webhook_deliveries d
       WHERE updated_at < now() - ${milliseconds('$1')}
         AND (status <> 'pending' OR NOT EXISTS (
           SELECT 1 FROM webhook_endpoints e WHERE e.tenant = d.tenant AND e.id = d.endpoint AND e.enabled))
       RETURNING id`,
      [retentionMs],
    );
    return rows.length;
  }
}
