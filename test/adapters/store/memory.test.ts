import assert from 'node:assert/strict';
import pg from 'pg';
import type { PlainMessage } from '../../../src/contract/wire.js';
import { testStore } from '../../support/store.js';
import { fresh, withStores, type OpenStore } from './support.js';

describe('conversations in memory', () => {
  let url = '';
  before(async () => {
    url = (await testStore()).databaseUrl;
  });

  /** Adds as many messages of so many characters, one after the other. */
  async function converse(store: OpenStore, tenant: string, count: number, chars: number): Promise<string> {
    let digest: string | undefined;
    for (let at = 0; at < count; at++) {
      const message: PlainMessage = { role: 'user', content: String(at).padEnd(chars, '.') };
      digest = await store.appendTranscript(tenant, digest, [message]);
    }
    return digest ?? assert.fail('nothing was added');
  }

  /** Takes a tenant's conversations out of the database: what is read then was in memory. */
  async function forget(tenant: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('DELETE FROM transcripts WHERE tenant = $1', [tenant]);
    await client.end();
  }

  it('are gone on with without a read, however long', () =>
    withStores(url, 1, async (store) => {
      const tenant = fresh('tenant');
      const digest = await converse(store, tenant, 100, 8_000);
      await forget(tenant);
      assert.equal((await store.readTranscript(tenant, digest))?.length, 100);
    }));

  it('count with all that they hold, not with what was added last', () =>
    withStores(url, 1, async (store) => {
      const tenant = fresh('tenant');
      // 40 million characters, of two bytes, are beyond the bound; the last addition alone is far below it.
      const digest = await converse(store, tenant, 40, 1_000_000);
      await forget(tenant);
      assert.equal(await store.readTranscript(tenant, digest), undefined);
    }));
});
