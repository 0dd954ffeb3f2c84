import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startRelay, type Relay, type RelayPace } from '../../../src/outbox-relay.js';
import { eventually } from '../../support/crew-world.js';
import { memoryLogger } from '../../support/logger.js';
import { neededPostgres, startPostgres, type Postgres } from '../../support/postgres.js';
import { memorySink, outgoing, upTo, type MemorySink } from '../../support/sink.js';
import { stopped, testStore } from '../../support/store.js';
import { fresh, withStores, type OpenStore } from '../store/support.js';

const RELAY = fileURLToPath(new URL('relay-process.ts', import.meta.url));
/** Nothing of these relays is taken over: they hold what they have for longer than a machine stands still. */
const FAST: Partial<RelayPace> = { idleMs: 20, leaseMs: 30_000, maxPauseMs: 50, maxRetryMs: 50 };

/** A lease that no relay of a test has. */
const lease = (leaseMs = 60_000) => ({ sink: 'kafka' as const, token: fresh('lease'), leaseMs });

/** An empty outbox for each test: a relay takes what any tenant has. And a tenant, as what was sent is remembered. */
function describeOutbox(database: () => Promise<string>): void {
  let tenant: string;
  beforeEach(() => (tenant = fresh('tenant')));
  const inOutbox = async (use: (store: OpenStore, other: OpenStore, url: string) => Promise<void>) => {
    const url = await database();
    await withStores(url, 2, (store, other) => use(store, other, url));
  };
  const relaying = async (relays: Relay[], use: () => Promise<void>) => {
    try {
      await use();
    } finally {
      await Promise.all(relays.map((relay) => relay.stop()));
    }
  };
  const relayOf = (store: OpenStore, sink: MemorySink, pace = FAST) =>
    startRelay({ outbox: store.outbox, sink, logger: memoryLogger() }, pace);
  const has = (sink: MemorySink, runId: string, to: number) =>
    eventually(`${runId} to ${to}`, () => Promise.resolve(sink.seqs(runId).includes(to)));

  it('gives each sink what it has not taken, in order, once', () =>
    inOutbox(async ({ outbox }) => {
      await outbox.put(['kafka', 'webhooks'], outgoing(tenant, 'one', 1, 3));
      await outbox.put(['kafka', 'webhooks'], outgoing(tenant, 'one', 2, 5));
      const [kafka, webhooks] = [lease(), { ...lease(), sink: 'webhooks' as const }];
      const [claimed] = await outbox.claim(kafka, { runs: 10, eventsPerRun: 4 });
      assert.ok(claimed);
      assert.deepEqual(claimed.events, outgoing(tenant, 'one', 1, 4));
      assert.deepEqual(await outbox.claim(lease(), { runs: 10, eventsPerRun: 4 }), [], 'nobody else has it meanwhile');
      await outbox.sent(kafka, [claimed]);
      const [rest] = await outbox.claim(kafka, { runs: 10, eventsPerRun: 4 });
      assert.deepEqual(rest?.events, outgoing(tenant, 'one', 5, 5));
      await outbox.sent(kafka, [rest]);
      await outbox.put(['kafka'], outgoing(tenant, 'one', 1, 5));
      assert.deepEqual(await outbox.claim(kafka, { runs: 10, eventsPerRun: 4 }), [], 'a late repetition is not sent');
      const [other] = await outbox.claim(webhooks, { runs: 10, eventsPerRun: 10 });
      assert.deepEqual(other?.events, outgoing(tenant, 'one', 1, 5));
    }));

  it('gives back what a relay had that is gone, and takes its word for nothing else', () =>
    inOutbox(async ({ outbox }) => {
      await outbox.put(['kafka'], outgoing(tenant, 'one', 1, 1));
      const gone = lease(50);
      const most = { runs: 10, eventsPerRun: 10 };
      const had = await outbox.claim(gone, most);
      const now = lease();
      const [got] = await eventually('the lease to be over', async () => {
        const claimed = await outbox.claim(now, most);
        return claimed.length > 0 && claimed;
      });
      assert.deepEqual(got?.events, had[0]?.events);
      await outbox.release(gone, had);
      await outbox.failed(gone, had[0] ?? assert.fail(), 0, 'late');
      assert.deepEqual(await outbox.claim(gone, most), [], 'it is the other one that has the run');
    }));

  it('keeps what was put while it was being sent', () =>
    inOutbox(async ({ outbox }, other) => {
      // Puts and relays race for the same row: what is put last must not be taken for sent.
      const sink = memorySink();
      await relaying([startRelay({ outbox, sink, logger: memoryLogger() }, { ...FAST, idleMs: 1 })], async () => {
        for (let seq = 1; seq <= 100; seq++) await other.outbox.put(['kafka'], outgoing(tenant, 'one', seq, seq));
        await has(sink, 'one', 100);
      });
      assert.deepEqual(sink.seqs('one'), upTo(100));
    }));

  it('sends the events of many runs by two relays, those of each run in order and none twice', () =>
    inOutbox(async (store, other) => {
      const [one, two] = [memorySink(), memorySink()];
      const runs = Array.from({ length: 40 }, (_, at) => `run-${at}`);
      await relaying([relayOf(store, one), relayOf(other, two)], async () => {
        for (let from = 1; from <= 40; from += 10)
          await Promise.all(runs.map((runId) => store.outbox.put(['kafka'], outgoing(tenant, runId, from, from + 9))));
        for (const runId of runs)
          await eventually(runId, () => Promise.resolve(one.seqs(runId).includes(40) || two.seqs(runId).includes(40)));
      });
      for (const runId of runs) {
        assert.deepEqual(
          one.seqs(runId),
          [...one.seqs(runId)].sort((a, b) => a - b),
        );
        assert.deepEqual(
          [...one.seqs(runId), ...two.seqs(runId)].sort((a, b) => a - b),
          upTo(40),
        );
      }
    }));

  it('waits for a sink that is away, holding back no other sink', () =>
    inOutbox(async (store) => {
      const [kafka, webhooks] = [memorySink(), memorySink('webhooks')];
      kafka.away = true;
      await relaying([relayOf(store, kafka), relayOf(store, webhooks)], async () => {
        const runs = Array.from({ length: 20 }, (_, at) => `run-${at}`);
        for (const runId of runs) await store.outbox.put(['kafka', 'webhooks'], outgoing(tenant, runId, 1, 3));
        await has(webhooks, 'run-19', 3);
        await eventually('some tries', () => Promise.resolve(kafka.calls > 3));
        assert.equal(kafka.taken.length, 0);
        kafka.away = false;
        for (const runId of runs) await has(kafka, runId, 3);
        for (const runId of runs) assert.deepEqual(kafka.seqs(runId), [1, 2, 3]);
      });
    }));

  it('sends what there is beside a run whose events are refused', () =>
    inOutbox(async (store) => {
      const sink = memorySink();
      sink.refused.add('bad');
      for (const runId of ['bad', 'a', 'b', 'c']) await store.outbox.put(['kafka'], outgoing(tenant, runId, 1, 2));
      await relaying([relayOf(store, sink)], async () => {
        for (const runId of ['a', 'b', 'c']) await has(sink, runId, 2);
        await store.outbox.put(['kafka'], outgoing(tenant, 'd', 1, 2));
        await has(sink, 'd', 2);
        assert.deepEqual(sink.seqs('bad'), []);
        // Mended: it comes, in order.
        sink.refused.clear();
        await has(sink, 'bad', 2);
        assert.deepEqual(sink.seqs('bad'), [1, 2]);
      });
    }));

  it('gives up what nobody took for long, and forgets runs that are through', () =>
    inOutbox(async ({ outbox }) => {
      await outbox.put(['kafka'], outgoing(tenant, 'one', 1, 3));
      assert.equal(await outbox.collect('kafka', 60_000), 0);
      assert.equal(await outbox.collect('webhooks', 0), 0);
      assert.equal(await outbox.collect('kafka', 0), 3);
      const mine = lease();
      const claimed = await outbox.claim(mine, { runs: 10, eventsPerRun: 10 });
      assert.deepEqual(claimed[0]?.events, []);
      await outbox.sent(mine, claimed);
      await outbox.put(['kafka'], outgoing(tenant, 'one', 4, 4));
      const [next] = await outbox.claim(mine, { runs: 10, eventsPerRun: 10 });
      assert.deepEqual(next?.events, outgoing(tenant, 'one', 4, 4));
    }));

  it('loses nothing when a relay is killed in the middle', () =>
    inOutbox(async (store, _other, url) => {
      const runs = Array.from({ length: 30 }, (_, at) => `run-${at}`);
      for (const runId of runs) await store.outbox.put(['kafka'], outgoing(tenant, runId, 1, 5));
      const seen = new Map<string, number[]>();
      const child = fork(RELAY, [url], { execArgv: ['--import', 'tsx'] });
      const some = new Promise<void>((resolve) => {
        child.on('message', ({ runId, seq }: { runId: string; seq: number }) => {
          seen.set(runId, [...(seen.get(runId) ?? []), seq]);
          if (seen.size > 3) resolve();
        });
      });
      await some;
      await stopped(child, 'SIGKILL');
      const sink = memorySink();
      await relaying([relayOf(store, sink)], async () => {
        await eventually('the rest', async () => {
          const left = await store.outbox.claim(lease(1), { runs: 1, eventsPerRun: 1 });
          return (
            left.length === 0 &&
            runs.every((runId) => new Set([...(seen.get(runId) ?? []), ...sink.seqs(runId)]).size === 5)
          );
        });
      });
      // Each channel is in order; together there is no gap.
      for (const runId of runs) {
        const first = seen.get(runId) ?? [];
        const second = sink.seqs(runId);
        assert.deepEqual(first, upTo(first.length));
        assert.ok((second[0] ?? 6) <= first.length + 1, `${runId}: ${first.join()} then ${second.join()}`);
      }
    }));
}

describe('the outbox', function () {
  this.timeout(120_000);
  describe('on PGlite', () => {
    const { url } = perDatabase(async () => (await testStore()).databaseUrl);
    describeOutbox(url);
  });

  describe('on Postgres', () => {
    let postgres: Postgres | undefined;
    before(async function () {
      postgres = await startPostgres(neededPostgres(this));
    });
    after(() => postgres?.stop());
    const { url } = perDatabase(() => Promise.resolve(postgres?.databaseUrl ?? ''));
    describeOutbox(url);
  });
});

/** The same database, with an empty outbox for each test. */
function perDatabase(base: () => Promise<string>) {
  return {
    url: async () => {
      const databaseUrl = await base();
      await withStores(databaseUrl, 1, (store) => store.migrate());
      // What a test before holds a lease of too: it would be due again in the middle of this one.
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        await client.query('DELETE FROM outbox');
        await client.query('DELETE FROM outbox_runs');
      } finally {
        await client.end();
      }
      return databaseUrl;
    },
  };
}
