import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import pg from 'pg';
import { Keyring } from '../../../src/adapters/encryption/keyring.js';
import { createStoreCipher } from '../../../src/adapters/encryption/store-cipher.js';
import { openStore } from '../../../src/adapters/store/index.js';
import { EncryptionError } from '../../../src/contract/encryption-error.js';
import { sayer } from '../../support/coordination.js';
import { ringOf } from '../../support/encryption.js';
import { testStore } from '../../support/store.js';
import { fresh, type OpenStore } from './support.js';

const SHORT = 'a short text';
const LONG = 'a long text '.repeat(1_000);
const message = (content: string) => ({ role: 'user' as const, content });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an encrypted store', () => {
  let databaseUrl = '';
  before(async () => {
    ({ databaseUrl } = await testStore());
  });

  /** Uses a store with these keys, and a memory of its own. */
  async function withKeys<T>(ring: Keyring, use: (store: OpenStore) => Promise<T>): Promise<T> {
    const store = openStore({ databaseUrl, cipher: createStoreCipher(ring), connections: 2 });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  async function sql<R extends object>(text: string, ...values: unknown[]): Promise<R[]> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query<R>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  it('gives everything again, under digests that nobody without the keys can guess', async () => {
    const [tenant, other] = [fresh('tenant'), fresh('tenant')];
    const ring = ringOf('k1');
    const refs = await withKeys(ring, async (store) => {
      const first = await store.appendTranscript(tenant, undefined, [message('hello')]);
      return {
        short: (await store.putText(tenant, SHORT)).ref,
        again: (await store.putText(tenant, SHORT)).ref,
        others: (await store.putText(other, SHORT)).ref,
        long: (await store.putText(tenant, LONG)).ref,
        talk: await store.appendTranscript(tenant, first, [message('goodbye')]),
      };
    });
    assert.equal(refs.short, refs.again);
    assert.equal(new Set([refs.short, refs.others, sha256(SHORT)]).size, 3);
    await withKeys(ring, async (store) => {
      assert.equal(await store.getText(tenant, refs.short), SHORT);
      assert.equal(await store.getText(tenant, refs.long), LONG);
      const talk = await store.readTranscript(tenant, refs.talk);
      assert.deepEqual(
        talk?.map(({ content }) => content),
        ['hello', 'goodbye'],
      );
      assert.equal(await store.getText(other, refs.short), undefined);
    });
    const [{ bytes = 0 } = {}] = await sql<{ bytes: number }>(
      'SELECT length(body) AS bytes FROM blobs WHERE digest = $1',
      refs.long,
    );
    assert.ok(bytes < LONG.length / 4, `compressed before it was encrypted: ${bytes} bytes`);
  });

  it('does not open what was moved to another row, another tenant or another parent', async () => {
    const [tenant, other] = [fresh('tenant'), fresh('tenant')];
    const ring = ringOf('k1');
    const moved = await withKeys(ring, async (store) => ({
      text: (await store.putText(tenant, SHORT)).ref,
      second: (await store.putText(tenant, LONG)).ref,
      talk: await store.appendTranscript(tenant, undefined, [message('hello')]),
    }));
    await sql(
      'UPDATE blobs SET (body, encoding) = (SELECT body, encoding FROM blobs WHERE digest = $1) WHERE digest = $2',
      moved.text,
      moved.second,
    );
    await sql('INSERT INTO blobs SELECT $1, digest, body, encoding FROM blobs WHERE digest = $2', other, moved.text);
    await withKeys(ring, async (store) => {
      const talk = await store.appendTranscript(tenant, moved.talk, [message('goodbye')]);
      await sql('UPDATE transcripts SET parent = NULL WHERE digest = $1', talk);
      for (const [whose, ref] of [
        [other, moved.text],
        [tenant, moved.second],
      ] as const) {
        await assert.rejects(store.getText(whose, ref), { name: 'Encryption.NotAuthentic', reason: 'sealed' });
      }
      await withKeys(ring, (cold) => assert.rejects(cold.readTranscript(tenant, talk), EncryptionError));
    });
  });

  it('reads what lay plain, and what older keys wrote; a new key changes no digest', async () => {
    const tenant = fresh('tenant');
    const plain = await withKeys(Keyring.empty(), async (store) => {
      await store.putDefinition(tenant, { name: 'sayer', digest: sayer.ref.digest, definition: sayer.definition });
      return (await store.putText(tenant, SHORT)).ref;
    });
    assert.equal(plain, sha256(SHORT));
    const old = await withKeys(ringOf('old'), (store) => store.putText(tenant, LONG));
    await withKeys(ringOf('new', 'old'), async (store) => {
      assert.equal(await store.getText(tenant, plain), SHORT);
      assert.equal(await store.getText(tenant, old.ref), LONG);
      assert.deepEqual(await store.putText(tenant, LONG), old);
      const same = { name: 'sayer', digest: sayer.ref.digest, definition: sayer.definition };
      assert.deepEqual(await store.putDefinition(tenant, same), { version: 1, created: false });
    });
    await withKeys(ringOf('new'), (store) =>
      assert.rejects(store.getText(tenant, old.ref), (error: unknown) => {
        assert.ok(error instanceof EncryptionError);
        assert.match(error.message, /the key 'old', which is not configured here; add it to ENCRYPTION_KEYS/);
        return error.problem === 'key_missing' && error.keyId === 'old';
      }),
    );
    await withKeys(Keyring.empty(), (store) => assert.rejects(store.getText(tenant, old.ref), EncryptionError));
  });

  it('keeps definitions sealed, finds the version of one that is stored again, and lists their digests', async () => {
    const tenant = fresh('tenant');
    const kept = (digest: string) => ({ name: 'sayer', digest, definition: sayer.definition });
    const [one, two] = [sha256('one'), sha256('two')];
    await withKeys(ringOf('k1'), async (store) => {
      assert.deepEqual(await store.putDefinition(tenant, kept(one)), { version: 1, created: true });
      assert.deepEqual(await store.putDefinition(tenant, kept(one)), { version: 1, created: false });
    });
    await withKeys(ringOf('k2', 'k1'), async (store) => {
      assert.deepEqual(await store.putDefinition(tenant, kept(one)), { version: 1, created: false });
      assert.deepEqual(await store.putDefinition(tenant, kept(two)), { version: 2, created: true });
      assert.deepEqual(
        (await store.listVersions(tenant, 'sayer')).map(({ digest }) => digest),
        [two, one],
      );
      assert.deepEqual(
        (await store.listDefinitions(tenant)).map(({ definition }) => definition),
        [sayer.definition],
      );
      assert.equal((await store.getDefinition(tenant, 'sayer', 1))?.digest, one);
    });
    const rows = await sql<object>('SELECT * FROM definitions WHERE tenant = $1', tenant);
    // What is looked for is long: three letters are now and then found in what is sealed too.
    assert.match(JSON.stringify(sayer.definition), /expected_output/);
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(`expected_output|${one}|${two}`));
  });

  it('is collected as any other; what a reachable text speaks of is kept, and nothing goes where one cannot be opened', async () => {
    const tenant = fresh('tenant');
    const old = async function* (digests: string[]) {
      yield await Promise.resolve({ tenant, digests });
    };
    const kept = await withKeys(ringOf('k1'), async (store) => {
      const inner = await store.putText(tenant, 'inner');
      const outer = await store.putText(tenant, JSON.stringify({ inner }));
      const dead = await store.putText(tenant, 'dead');
      return { inner: inner.ref, outer: outer.ref, dead: dead.ref };
    });
    await sql(`UPDATE blobs SET touched_at = now() - interval '3 days' WHERE tenant = $1`, tenant);
    const left = async () =>
      (await sql<{ digest: string }>('SELECT digest FROM blobs WHERE tenant = $1', tenant)).map(({ digest }) => digest);
    const options = { graceMs: 86_400_000 };
    await withKeys(ringOf('k2'), (store) =>
      assert.rejects(
        store.collect(old([kept.outer]), options, () => undefined),
        EncryptionError,
      ),
    );
    assert.equal((await left()).length, 3);
    await withKeys(ringOf('k2', 'k1'), (store) => store.collect(old([kept.outer]), options, () => undefined));
    assert.deepEqual((await left()).sort(), [kept.inner, kept.outer].sort());
  });

  it('seals texts of other tables for their tenant and kind', () => {
    const cipher = createStoreCipher(ringOf('k1'));
    const sealed = cipher.seal('acme', 'webhook-secret', 'whsec_tea');
    assert.ok(cipher.isSealed(sealed));
    assert.doesNotMatch(Buffer.from(sealed.slice(5), 'base64').toString('latin1'), /whsec|tea/);
    assert.equal(cipher.open('acme', 'webhook-secret', sealed), 'whsec_tea');
    assert.equal(cipher.open('acme', 'webhook-secret', 'whsec_plain'), 'whsec_plain');
    for (const [tenant, kind] of [
      ['other', 'webhook-secret'],
      ['acme', 'event'],
    ] as const) {
      assert.throws(() => cipher.open(tenant, kind, sealed), { name: 'Encryption.NotAuthentic' });
    }
    const off = createStoreCipher(Keyring.empty());
    assert.equal(off.seal('acme', 'event', 'text'), 'text');
    assert.throws(() => off.open('acme', 'webhook-secret', sealed), { name: 'Encryption.KeyMissing' });
  });
});
