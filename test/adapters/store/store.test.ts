import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { MIGRATIONS } from '../../../src/adapters/store/migrations.js';
import { neededPostgres, startPostgres, type Postgres } from '../../support/postgres.js';
import { startEmbeddedStore, stopped, testStore } from '../../support/store.js';
import { describeBuckets, describeDefinitions, describeTexts, describeTranscripts } from './cases.js';
import { fresh, storeError, withStores } from './support.js';

/** What holds wherever the database is. `url` is known when the tests run. */
function describeStore(url: () => string): void {
  describe('texts', () => describeTexts(url));
  describe('transcripts', () => describeTranscripts(url));
  describe('definitions', () => describeDefinitions(url));
  describe('token buckets', () => describeBuckets(url));
}

/** Two stores migrate an empty database at once; both work then, and each step was made once. */
async function migrateTwice(databaseUrl: string): Promise<void> {
  await withStores(databaseUrl, 2, async (one, other) => {
    await Promise.all([one.migrate(), other.migrate()]);
    const { ref } = await one.putText('t', 'x');
    assert.equal(await other.getText('t', ref), 'x');
  });
  const rows = await sql(databaseUrl, 'SELECT version FROM store_schema ORDER BY version');
  assert.deepEqual(
    rows,
    MIGRATIONS.map((_, at) => ({ version: at + 1 })),
  );
}

/** Runs one statement on a connection of its own. */
async function sql(connectionString: string, statement: string): Promise<object[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('the store on the embedded database', () => {
  let url = '';
  before(async () => {
    url = (await testStore()).databaseUrl;
  });

  describeStore(() => url);

  it('is migrated by two processes at once', async function () {
    this.timeout(120_000);
    const embedded = await startEmbeddedStore();
    try {
      await migrateTwice(embedded.databaseUrl);
    } finally {
      await stopped(embedded.process);
    }
  });
});

describe('the store on Postgres', () => {
  let postgres: Postgres | undefined;
  const url = (database = 'postgres') => {
    const at = new URL((postgres ?? assert.fail('Postgres was not started')).databaseUrl);
    at.pathname = `/${database}`;
    return at.href;
  };

  before(async function () {
    postgres = await startPostgres(neededPostgres(this));
  });
  after(() => postgres?.stop());

  describeStore(url);

  it('is migrated by two processes at once', async () => {
    const database = fresh('migrated');
    await sql(url(), `CREATE DATABASE ${database}`);
    await migrateTwice(url(database));
  });

  it('goes on when its connections are cut, at the next call', () =>
    withStores(url(), 1, async (store) => {
      const tenant = fresh('tenant');
      const { ref } = await store.putText(tenant, 'x');
      await sql(url(), 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
      assert.equal(await store.getText(tenant, ref), 'x');
    }));

  it('refuses a schema that is newer than it knows', async () => {
    const database = fresh('newer');
    await sql(url(), `CREATE DATABASE ${database}`);
    await sql(url(database), 'CREATE TABLE store_schema (version integer NOT NULL)');
    await sql(url(database), 'INSERT INTO store_schema VALUES (1000)');
    await withStores(url(database), 1, async (store) => {
      await assert.rejects(store.putText('t', 'x'), storeError('refused', /version 1000 .* newer/));
    });
  });

  it('says that the database is wrong where there is none of the name', () =>
    withStores(url('nowhere'), 1, async (store) => {
      await assert.rejects(store.putText('t', 'x'), storeError('refused', /3D000.*DATABASE_URL/));
    }));
});

describe('the store where no database is', () => {
  /** A port at which this happens to who connects. */
  async function withPort(silent: boolean, use: (databaseUrl: string) => Promise<void>): Promise<void> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const databaseUrl = `postgres://postgres:secret@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`;
    const sockets = new Set<{ destroy(): unknown }>();
    server.on('connection', (socket) => sockets.add(socket));
    const close = () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    };
    if (!silent) await close();
    try {
      await use(databaseUrl);
    } finally {
      if (silent) await close();
    }
  }

  for (const [where, silent] of Object.entries({ 'nothing listens': false, 'nothing answers': true })) {
    it(`says within eight seconds that it is unavailable: ${where}`, () =>
      withPort(silent, async (databaseUrl) => {
        const from = performance.now();
        await withStores(databaseUrl, 1, async (store) => {
          await assert.rejects(store.putText('t', 'x'), storeError('unavailable', /^(?!.*secret).*DATABASE_URL/));
        });
        assert.ok(performance.now() - from < 8_000);
      }));
  }
});
