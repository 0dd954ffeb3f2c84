/**
 * The store's schema, one step after the other. A step that was shipped is never changed; a new one is added. In code and not in
 * files, so that it is there wherever the code is.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE blobs (
     tenant text NOT NULL,
     digest text NOT NULL,
     body bytea NOT NULL,
     encoding smallint NOT NULL,
     touched_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, digest)
   );
   CREATE TABLE transcripts (
     tenant text NOT NULL,
     digest text NOT NULL,
     parent text,
     body bytea NOT NULL,
     encoding smallint NOT NULL,
     touched_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, digest)
   );
   CREATE TABLE definitions (
     tenant text NOT NULL,
     name text NOT NULL,
     version integer NOT NULL,
     digest text NOT NULL,
     definition text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, name, version),
     UNIQUE (tenant, name, digest)
   );
   CREATE TABLE buckets (
     key text PRIMARY KEY,
     tokens double precision NOT NULL,
     granted boolean NOT NULL,
     refilled_at timestamptz NOT NULL
   );`,
  `CREATE TABLE api_keys (
     id text PRIMARY KEY,
     tenant text NOT NULL,
     name text NOT NULL,
     hash bytea NOT NULL,
     scopes text NOT NULL,
     created_by text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz,
     revoked_at timestamptz,
     last_used_at timestamptz,
     per_minute integer,
     open_runs integer
   );
   CREATE INDEX api_keys_of_tenant ON api_keys (tenant, created_at);`,
  `CREATE TABLE outbox (
     sink text NOT NULL,
     tenant text NOT NULL,
     run_id text NOT NULL,
     seq integer NOT NULL,
     payload text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (sink, tenant, run_id, seq)
   );
   CREATE TABLE outbox_runs (
     sink text NOT NULL,
     tenant text NOT NULL,
     run_id text NOT NULL,
     last_seq integer NOT NULL,
     sent_seq integer NOT NULL DEFAULT 0,
     due_at timestamptz,
     lease text,
     attempts integer NOT NULL DEFAULT 0,
     last_error text,
     touched_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (sink, tenant, run_id)
   );
   CREATE INDEX outbox_runs_due ON outbox_runs (sink, due_at) WHERE due_at IS NOT NULL;`,
  `CREATE TABLE webhook_endpoints (
     tenant text NOT NULL,
     id text NOT NULL,
     url text NOT NULL,
     description text,
     events text[] NOT NULL,
     global boolean NOT NULL,
     enabled boolean NOT NULL,
     disabled_reason text,
     failing_since timestamptz,
     secrets text NOT NULL,
     old_secret_until timestamptz,
     request_digest text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, id)
   );
   CREATE TABLE webhook_deliveries (
     n bigint GENERATED ALWAYS AS IDENTITY,
     tenant text NOT NULL,
     id text NOT NULL,
     endpoint text NOT NULL,
     event_id text NOT NULL,
     event_type text NOT NULL,
     run_id text,
     body text NOT NULL,
     status text NOT NULL,
     tries integer NOT NULL DEFAULT 0,
     attempts text NOT NULL DEFAULT '[]',
     next_at timestamptz NOT NULL DEFAULT now(),
     leased_until timestamptz,
     lease text,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, id),
     FOREIGN KEY (tenant, endpoint) REFERENCES webhook_endpoints (tenant, id) ON DELETE CASCADE
   );
   CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (tenant, endpoint, next_at) WHERE status = 'pending';
   CREATE INDEX webhook_deliveries_log ON webhook_deliveries (tenant, endpoint, n);
   CREATE INDEX webhook_deliveries_old ON webhook_deliveries (updated_at);`,
];
