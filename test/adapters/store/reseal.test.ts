import assert from 'node:assert/strict';
import pg from 'pg';
import { Keyring } from '../../../src/adapters/encryption/keyring.js';
import { createStoreCipher } from '../../../src/adapters/encryption/store-cipher.js';
import { openReseal, PLAIN, type TableResealed } from '../../../src/adapters/reseal/index.js';
import { openStore } from '../../../src/adapters/store/index.js';
import { webhookKind } from '../../../src/adapters/webhooks/at-rest.js';
import { openWebhooks } from '../../../src/adapters/webhooks/index.js';
import { sayer } from '../../support/coordination.js';
import { eventually } from '../../support/crew-world.js';
import { ringOf } from '../../support/encryption.js';
import { neededPostgres, startPostgres, type Postgres } from '../../support/postgres.js';
import { startEmbeddedStore, stopped } from '../../support/store.js';
import { eventOf } from '../../support/webhooks.js';

const TENANT = 'acme';
const LONG = 'a long text '.repeat(1_000);
const message = (content: string) => ({ role: 'user' as const, content });
const lease = { sink: 'webhooks' as const, token: 't', leaseMs: 1 };
const crew = { name: 'sayer', digest: sayer.ref.digest, definition: sayer.definition };
const spec = { url: 'https://example.com/hook', description: 'tea', events: ['*'], global: true, enabled: true };

/** A store and its webhooks, with these keys and a memory of their own. */
async function withKeys<T>(
  databaseUrl: string,
  ring: Keyring,
  use: (parts: { store: ReturnType<typeof openStore>; webhooks: ReturnType<typeof openWebhooks> }) => Promise<T>,
): Promise<T> {
  const cipher = createStoreCipher(ring);
  const store = openStore({ databaseUrl, cipher, connections: 2 });
  const webhooks = openWebhooks({ databaseUrl, allowPrivate: false, cipher });
  try {
    return await use({ store, webhooks });
  } finally {
    await webhooks.close();
    await store.close();
  }
}

/** Puts something into every table that is sealed. */
function fill(databaseUrl: string, ring: Keyring, word: string) {
  return withKeys(databaseUrl, ring, async ({ store, webhooks }) => {
    const first = await store.appendTranscript(TENANT, undefined, [message(`hello ${word}`)]);
    const refs = {
      short: (await store.putText(TENANT, word)).ref,
      long: (await store.putText(TENANT, LONG + word)).ref,
      talk: await store.appendTranscript(TENANT, first, [message('goodbye')]),
    };
    await store.putDefinition(TENANT, { ...crew, name: word });
    const { secret } = await webhooks.create(TENANT, word, spec, `request ${word}`);
    await webhooks.sink.send([eventOf(TENANT, 1)]);
    const event = eventOf(TENANT, 1);
    await store.outbox.put(['webhooks'], [{ ...event, event: { ...event.event, id: `${word}:1`, runId: word } }]);
    return { ...refs, secret };
  });
}

/** Reads back what `fill` put there, with these keys alone. */
function readBack(databaseUrl: string, ring: Keyring, word: string, put: Awaited<ReturnType<typeof fill>>) {
  return withKeys(databaseUrl, ring, async ({ store, webhooks }) => {
    assert.equal(await store.getText(TENANT, put.short), word);
    assert.equal(await store.getText(TENANT, put.long), LONG + word);
    const talk = await store.readTranscript(TENANT, put.talk);
    assert.deepEqual(talk, [message(`hello ${word}`), message('goodbye')]);
    assert.deepEqual((await store.getDefinition(TENANT, word))?.definition, sayer.definition);
    // The same definition is the same version, though its digest is made with another key now.
    assert.deepEqual(await store.putDefinition(TENANT, { ...crew, name: word }), { version: 1, created: false });
    const again = await webhooks.create(TENANT, word, spec, 'another');
    assert.deepEqual([again.created, again.secret, again.requestDigest], [false, put.secret, `request ${word}`]);
    const { url, description } = again.endpoint;
    assert.deepEqual([url, description], [spec.url, spec.description]);
    const { deliveries } = await webhooks.deliveries(TENANT, word, { limit: 10 });
    const one = await webhooks.delivery(TENANT, word, deliveries[0]?.id ?? '');
    assert.match(one?.body ?? '', /"runId":"r"/);
    const claimed = await store.outbox.claim(lease, { runs: 10, eventsPerRun: 10 });
    assert.deepEqual(
      claimed.find(({ runId }) => runId === word)?.events.map(({ event }) => event.id),
      [`${word}:1`],
    );
    await store.outbox.release(lease, claimed);
  });
}

async function resealed(databaseUrl: string, ring: Keyring, plain = false) {
  const reseal = openReseal(databaseUrl, ring);
  const done: TableResealed[] = [];
  try {
    await reseal.run({ plain }, (table) => done.push(table));
    const census = await reseal.census();
    return {
      sealed: Object.fromEntries(done.map(({ table, sealed }) => [table, sealed])),
      unreadable: done.flatMap(({ unreadable }) => [...unreadable]),
      keys: [...new Set(census.flatMap(({ byKey }) => [...byKey.keys()]))].sort(),
      rows: Object.fromEntries(census.map(({ table, rows }) => [table, rows])),
    };
  } finally {
    await reseal.close();
  }
}

function isBytes(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}

/** Every row of every table as text, but when it was written. */
async function everything(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const names = ['blobs', 'transcripts', 'definitions', 'outbox', 'webhook_endpoints', 'webhook_deliveries'];
    const tables = [];
    for (const name of names) tables.push((await client.query<object>(`SELECT * FROM ${name} ORDER BY 1, 2, 3`)).rows);
    return JSON.stringify(tables, (_, value: unknown) =>
      isBytes(value) ? Buffer.from(value.data).toString('latin1') : value,
    );
  } finally {
    await client.end();
  }
}

const EACH = { blobs: 2, transcripts: 2, definitions: 1, outbox: 1, webhook_endpoints: 1, webhook_deliveries: 1 };

/** What holds on every database; each test has an empty one. */
function describeReseal(fresh: () => Promise<string>): void {
  it('seals every row with the first key, so that all is read without the others', async () => {
    const url = await fresh();
    const put = await fill(url, ringOf('old'), 'tea');
    const both = ringOf('new', 'old');
    const first = await resealed(url, both);
    assert.deepEqual(first, { sealed: EACH, unreadable: [], keys: ['new'], rows: EACH });
    const after = await everything(url);
    assert.deepEqual(
      (await resealed(url, both)).sealed,
      Object.fromEntries(Object.keys(EACH).map((name) => [name, 0])),
    );
    assert.equal(await everything(url), after, 'the second time nothing is written');
    await readBack(url, ringOf('new'), 'tea', put);
    // With both keys new texts have the digests of the old one still: they are kept once.
    await withKeys(url, both, async ({ store }) => {
      assert.equal((await store.putText(TENANT, LONG + 'tea')).ref, put.long);
    });
  });

  it('leaves plain rows alone, or seals them too where it is told to', async () => {
    const url = await fresh();
    const put = await fill(url, Keyring.empty(), 'tea');
    const ring = ringOf('new');
    const before = await everything(url);
    const left = await resealed(url, ring);
    assert.deepEqual([left.sealed['blobs'], left.keys], [0, [PLAIN]]);
    assert.equal(await everything(url), before);
    assert.deepEqual(await resealed(url, ring, true), { sealed: EACH, unreadable: [], keys: ['new'], rows: EACH });
    assert.doesNotMatch(await everything(url), /example\.com|whsec_|a long text|goodbye|expected_output/);
    await readBack(url, ring, 'tea', put);
  });

  it('leaves what it cannot open as it is, counts it, and goes on', async () => {
    const url = await fresh();
    const lost = await fill(url, ringOf('lost'), 'coffee');
    const put = await fill(url, ringOf('old'), 'tea');
    const { sealed, unreadable, keys } = await resealed(url, ringOf('new', 'old'));
    assert.deepEqual(sealed, EACH);
    assert.deepEqual(keys, ['lost', 'new']);
    assert.ok(unreadable.every(([why]) => /the key 'lost', which is not configured here/.test(why)));
    assert.equal(unreadable.length, 6);
    await readBack(url, ringOf('new', 'lost'), 'tea', put);
    assert.deepEqual((await resealed(url, ringOf('new', 'lost'))).keys, ['new']);
    await readBack(url, ringOf('new'), 'coffee', lost);
  });

  it('misses nothing over many pages', async () => {
    const url = await fresh();
    const texts = Array.from({ length: 1_203 }, (_, at) => `text ${at}`);
    const refs = await withKeys(url, ringOf('old'), async ({ store }) => {
      const put: string[] = [];
      for (const text of texts) put.push((await store.putText(TENANT, text)).ref);
      return put;
    });
    const { sealed, keys } = await resealed(url, ringOf('new', 'old'));
    assert.deepEqual([sealed['blobs'], keys], [texts.length, ['new']]);
    await withKeys(url, ringOf('new'), async ({ store }) => {
      for (const [at, ref] of refs.entries()) assert.equal(await store.getText(TENANT, ref), texts[at]);
    });
  });
}

/** Changes the secrets of the endpoint `one` in a transaction that is open while `meanwhile` begins, until it waits for the row. */
async function changing(databaseUrl: string, secrets: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`UPDATE webhook_endpoints SET secrets = $1 WHERE id = 'one'`, [secrets]);
    const begun = meanwhile();
    await eventually('somebody to wait for the row', async () => {
      const { rows } = await client.query('SELECT 1 FROM pg_locks WHERE NOT granted');
      return rows.length > 0;
    });
    await client.query('COMMIT');
    await begun;
  } finally {
    await client.end();
  }
}

describe('sealing a store again', function () {
  this.timeout(60_000);

  describe('on the embedded database', () => {
    let embedded: Awaited<ReturnType<typeof startEmbeddedStore>>;
    beforeEach(async () => {
      embedded = await startEmbeddedStore();
    });
    afterEach(() => stopped(embedded.process));
    describeReseal(() => Promise.resolve(embedded.databaseUrl));
  });

  describe('on Postgres', () => {
    let postgres: Postgres;
    let count = 0;
    before(async function () {
      postgres = await startPostgres(neededPostgres(this));
    });
    after(() => postgres?.stop());
    const fresh = async () => {
      const client = new pg.Client({ connectionString: postgres.databaseUrl });
      await client.connect();
      const name = `fresh_${count++}`;
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return Object.assign(new URL(postgres.databaseUrl), { pathname: `/${name}` }).href;
    };
    describeReseal(fresh);

    it('takes nothing back that a part which is up writes between its reading and its writing', async () => {
      const url = await fresh();
      const [old, both] = [ringOf('old'), ringOf('new', 'old')];
      await withKeys(url, old, ({ webhooks }) => webhooks.create(TENANT, 'one', spec, 'request'));
      const secrets = JSON.stringify([{ secret: 'whsec_shown' }]);
      // A part that is late with its keys writes under the old one still: the next time it is sealed again.
      const kept = createStoreCipher(old).seal(TENANT, webhookKind('secrets', 'one'), secrets);
      await changing(url, kept, () => resealed(url, both));
      const secret = () =>
        withKeys(url, both, async ({ webhooks }) => (await webhooks.create(TENANT, 'one', spec, '')).secret);
      assert.equal(await secret(), 'whsec_shown');
      const again = await resealed(url, both);
      assert.deepEqual([again.sealed['webhook_endpoints'], again.keys], [1, ['new']]);
      assert.equal(await secret(), 'whsec_shown');
    });
  });
});
