import type { ClaimedRun, Lease, Outbox, OutboxSource, OutgoingEvent, SinkName, StoreCipher } from '../../ports.js';
import { milliseconds, type Database } from './database.js';

/** How long it is known what was sent of a run that is through: a batch that comes once more meanwhile is not sent again. */
const REMEMBERED = "interval '1 day'";

/** Longest error that is kept. */
const MAX_ERROR_CHARS = 500;

/** What the cipher knows rows by. */
export const OUTBOX_KIND = 'outbox';

/** The runs of a statement: `$2` tenants, `$3` run ids, with the sink as `$1`. */
const SAME_RUN = 'r.sink = $1 AND r.tenant = c.tenant AND r.run_id = c.run_id';
const CLAIMS = 'unnest($2::text[], $3::text[]) AS c (tenant, run_id)';

/**
 * Both ends of the outbox. `outbox` has an event for each sink that has not taken it. `outbox_runs` says for each run and sink how
 * far it is: when something is due (`due_at`; none: it is through), and up to where it was sent, which is what makes a late `put` of
 * the same events harmless. Who claims a run moves `due_at` on by the lease, so that a relay that dies gives back what it had.
 * Every method is one statement, or two that may stand alone: no transaction is open between them, and no session has a state.
 */
export class OutboxTable implements Outbox, OutboxSource {
  readonly #database: Database;
  readonly #cipher: StoreCipher;

  constructor(database: Database, cipher: StoreCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  async put(sinks: readonly SinkName[], events: readonly OutgoingEvent[]): Promise<void> {
    for (const [runId, own] of byRun(events)) {
      // The row of the run is written first: its lock makes a `sent` of the same run come before or after, not in between.
      await this.#database.query(
        `WITH run AS (
           INSERT INTO outbox_runs AS r (sink, tenant, run_id, last_seq, due_at)
           SELECT sink, $2, $3, $4, now() FROM unnest($1::text[]) AS sink
           ON CONFLICT (sink, tenant, run_id) DO UPDATE SET
             last_seq = GREATEST(r.last_seq, excluded.last_seq),
             due_at = CASE WHEN excluded.last_seq > r.sent_seq THEN COALESCE(r.due_at, now()) ELSE r.due_at END,
             touched_at = now()
           RETURNING r.sink, r.sent_seq)
         INSERT INTO outbox (sink, tenant, run_id, seq, payload)
         SELECT run.sink, $2, $3, e.seq, e.payload FROM run, unnest($5::integer[], $6::text[]) AS e (seq, payload)
         WHERE e.seq > run.sent_seq
         ON CONFLICT DO NOTHING`,
        [
          [...sinks].sort(),
          own[0]?.tenant ?? '',
          runId,
          Math.max(...own.map(({ event }) => event.seq)),
          own.map(({ event }) => event.seq),
          own.map((event) => this.#cipher.seal(event.tenant, OUTBOX_KIND, JSON.stringify(event))),
        ],
      );
    }
  }

  async claim({ sink, token, leaseMs }: Lease, most: { runs: number; eventsPerRun: number }): Promise<ClaimedRun[]> {
    const runs = await this.#database.query<{ tenant: string; run_id: string; attempts: number; last_seq: number }>(
      `WITH due AS (
         SELECT tenant, run_id FROM outbox_runs WHERE sink = $1 AND due_at <= now()
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       UPDATE outbox_runs AS r SET due_at = now() + ${milliseconds('$3')}, lease = $4
       FROM due AS c WHERE ${SAME_RUN}
       RETURNING r.tenant, r.run_id, r.attempts, r.last_seq`,
      [sink, most.runs, leaseMs, token],
    );
    if (runs.length === 0) return [];
    const rows = await this.#database.query<{ tenant: string; run_id: string; payload: string }>(
      `SELECT c.tenant, c.run_id, e.payload FROM ${CLAIMS}, LATERAL (
         SELECT seq, payload FROM outbox AS r WHERE ${SAME_RUN} ORDER BY seq LIMIT $4) AS e
       ORDER BY c.tenant, c.run_id, e.seq`,
      [sink, runs.map(({ tenant }) => tenant), runs.map(({ run_id: runId }) => runId), most.eventsPerRun],
    );
    return runs.map(({ tenant, run_id: runId, attempts, last_seq: lastSeq }) => ({
      tenant,
      runId,
      attempts,
      lastSeq,
      events: rows
        .filter((row) => row.tenant === tenant && row.run_id === runId)
        .map(({ payload }) => JSON.parse(this.#cipher.open(tenant, OUTBOX_KIND, payload)) as OutgoingEvent),
    }));
  }

  async renew(lease: Lease, runs: readonly ClaimedRun[]): Promise<void> {
    await this.#ofMine(lease, runs, `due_at = now() + ${milliseconds('$5')}`, lease.leaseMs);
  }

  async release(lease: Lease, runs: readonly ClaimedRun[]): Promise<void> {
    await this.#ofMine(lease, runs, 'due_at = now(), lease = NULL');
  }

  async failed(lease: Lease, run: ClaimedRun, retryAfterMs: number, error: string): Promise<void> {
    const set = `attempts = attempts + 1, lease = NULL, due_at = now() + ${milliseconds('$5')}, last_error = $6`;
    await this.#ofMine(lease, [run], set, retryAfterMs, error.slice(0, MAX_ERROR_CHARS));
  }

  async sent({ sink, token }: Lease, runs: readonly ClaimedRun[]): Promise<void> {
    // That they were sent is true whoever has the run by now. What is left is said by the run's own columns: another table might
    // not show what was put while this statement waited for the row.
    await this.#database.query(
      `WITH c AS (SELECT * FROM unnest($2::text[], $3::text[], $4::integer[]) AS c (tenant, run_id, seq)),
       run AS (
         UPDATE outbox_runs AS r SET
           sent_seq = GREATEST(r.sent_seq, c.seq), attempts = 0, last_error = NULL, touched_at = now(),
           due_at = CASE WHEN r.last_seq <= GREATEST(r.sent_seq, c.seq) THEN NULL
                         WHEN r.lease = $5 THEN now() ELSE r.due_at END,
           lease = CASE WHEN r.lease = $5 THEN NULL ELSE r.lease END
         FROM c WHERE ${SAME_RUN} RETURNING 1)
       DELETE FROM outbox AS r USING c WHERE ${SAME_RUN} AND r.seq <= c.seq`,
      [
        sink,
        runs.map(({ tenant }) => tenant),
        runs.map(({ runId }) => runId),
        runs.map(({ events, lastSeq }) => events.at(-1)?.event.seq ?? lastSeq),
        token,
      ],
    );
  }

  async collect(sink: SinkName, keepMs: number): Promise<number> {
    const lost = await this.#database.query(
      `DELETE FROM outbox WHERE sink = $1 AND created_at < now() - ${milliseconds('$2')} RETURNING seq`,
      [sink, keepMs],
    );
    await this.#database.query(
      `DELETE FROM outbox_runs WHERE sink = $1 AND due_at IS NULL AND touched_at < now() - ${REMEMBERED}`,
      [sink],
    );
    return lost.length;
  }

  /** Changes the rows of runs that are still claimed by this lease. */
  async #ofMine({ sink, token }: Lease, runs: readonly ClaimedRun[], set: string, ...values: unknown[]): Promise<void> {
    await this.#database.query(`UPDATE outbox_runs AS r SET ${set} FROM ${CLAIMS} WHERE ${SAME_RUN} AND r.lease = $4`, [
      sink,
      runs.map(({ tenant }) => tenant),
      runs.map(({ runId }) => runId),
      token,
      ...values,
    ]);
  }
}

/** Events by their run, in the order that they came. */
function byRun(events: readonly OutgoingEvent[]): Map<string, OutgoingEvent[]> {
  const runs = new Map<string, OutgoingEvent[]>();
  for (const outgoing of events) {
    const { runId } = outgoing.event;
    runs.set(runId, [...(runs.get(runId) ?? []), outgoing]);
  }
  return runs;
}
