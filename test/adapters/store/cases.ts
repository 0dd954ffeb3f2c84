import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { PlainMessage } from '../../../src/contract/wire.js';
import type { StoredDefinition } from '../../../src/ports.js';
import { eventually } from '../../support/crew-world.js';
import { fresh, withStores } from './support.js';

/** Where the database of a group of tests is; known when they run. */
type Url = () => string;

/** Texts by content. */
export function describeTexts(url: Url): void {
  const texts: Record<string, string> = {
    'nothing at all': '',
    Unicode: 'Grüße, 你好, שלום, 👩‍👩‍👧‍👦, e\u0301',
    'U+0000': 'a\u0000b\u0000',
    'one MB that compresses': 'lorem ipsum '.repeat(90_000),
    'one MB that does not': Array.from({ length: 1_000_000 }, (_, at) =>
      String.fromCharCode(0x4e00 + ((at * 7_919 + (at >> 3) * 104_729) % 20_000)),
    ).join(''),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`come back as they were: ${name}`, () =>
      withStores(url(), 2, async (one, other) => {
        const tenant = fresh('tenant');
        const ref = await one.putText(tenant, text);
        assert.equal(ref.chars, text.length);
        assert.match(ref.ref, /^[0-9a-f]{64}$/);
        // Compared outside of assert, which would print them.
        assert.ok((await one.getText(tenant, ref.ref)) === text);
        assert.ok((await other.getText(tenant, ref.ref)) === text);
      }));
  }

  it('with half of a surrogate pair come back with U+FFFD in its place, for who wrote it too', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const { ref, chars } = await one.putText(tenant, 'a\ud83db');
      assert.equal(chars, 3);
      for (const store of [one, other]) assert.equal(await store.getText(tenant, ref), 'a\ufffdb');
    }));

  it('are the same reference whenever and by whomever they are put', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const refs = await Promise.all([one, other, one, other].map((store) => store.putText(tenant, 'same')));
      assert.deepEqual(refs, Array(4).fill(refs[0]));
      assert.notEqual((await one.putText(tenant, 'Same')).ref, refs[0]?.ref);
    }));

  it("are another tenant's only where it put them itself, also when they were just read", () =>
    withStores(url(), 1, async (store) => {
      const [mine, other] = [fresh('tenant'), fresh('tenant')];
      const { ref } = await store.putText(mine, 'secret');
      assert.equal(await store.getText(mine, ref), 'secret');
      assert.equal(await store.getText(other, ref), undefined);
      await store.putText(other, 'secret');
      assert.equal(await store.getText(other, ref), 'secret');
    }));

  it("are not found through a reference that continues the tenant's name", () =>
    withStores(url(), 1, async (store) => {
      const tenant = fresh('tenant');
      const { ref } = await store.putText(`${tenant}/sub`, 'secret');
      assert.equal(await store.getText(`${tenant}/sub`, ref), 'secret');
      assert.equal(await store.getText(tenant, `sub/${ref}`), undefined);
    }));
}

const message = (at: number): PlainMessage => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: `${at} é\u0000` });

/** Conversations as chains. */
export function describeTranscripts(url: Url): void {
  it('of 100 additions are read whole by who was not there', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const added = Array.from({ length: 100 }, (_, at) => [message(2 * at), message(2 * at + 1)]);
      let digest: string | undefined;
      for (const messages of added) digest = await one.appendTranscript(tenant, digest, messages);
      assert.ok(digest);
      assert.deepEqual(await other.readTranscript(tenant, digest), added.flat());
      assert.deepEqual(await one.readTranscript(tenant, digest), added.flat());
    }));

  it('go on from where another process left them, and branch', () =>
    withStores(url(), 3, async (one, other, reader) => {
      const tenant = fresh('tenant');
      const first = await one.appendTranscript(tenant, undefined, [message(0)]);
      const left = await other.appendTranscript(tenant, first, [message(1)]);
      const right = await one.appendTranscript(tenant, first, [message(3)]);
      assert.deepEqual(await reader.readTranscript(tenant, left), [message(0), message(1)]);
      assert.deepEqual(await reader.readTranscript(tenant, right), [message(0), message(3)]);
      assert.deepEqual(await reader.readTranscript(tenant, first), [message(0)]);
    }));

  it('have the same digest for the same messages after the same ones', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const first = await one.appendTranscript(tenant, undefined, [message(0)]);
      const twice = [one, other].map((store) => store.appendTranscript(tenant, first, [message(1)]));
      const [mine, theirs] = await Promise.all(twice);
      assert.equal(mine, theirs);
      assert.notEqual(await one.appendTranscript(tenant, undefined, [message(1)]), mine);
    }));

  it('are not there for an unknown digest, nor for another tenant', () =>
    withStores(url(), 1, async (store) => {
      const digest = await store.appendTranscript(fresh('tenant'), undefined, [message(0)]);
      assert.equal(await store.readTranscript(fresh('tenant'), digest), undefined);
      assert.equal(await store.readTranscript(fresh('tenant'), 'f'.repeat(64)), undefined);
    }));

  it('are not there where what they continue is gone', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const first = await one.appendTranscript(tenant, 'f'.repeat(64), [message(0)]);
      const second = await one.appendTranscript(tenant, first, [message(1)]);
      for (const store of [one, other]) assert.equal(await store.readTranscript(tenant, second), undefined);
    }));

  it('are not changed by who got them', () =>
    withStores(url(), 1, async (store) => {
      const tenant = fresh('tenant');
      const digest = await store.appendTranscript(tenant, undefined, [message(0)]);
      (await store.readTranscript(tenant, digest))?.push(message(1));
      assert.deepEqual(await store.readTranscript(tenant, digest), [message(0)]);
    }));
}

/** A definition that this text tells from others. */
const crew = (name: string, digest: string): StoredDefinition => ({
  name,
  digest,
  definition: { schemaVersion: 1, name, description: digest } as unknown as StoredDefinition['definition'],
});

/** Definitions and their versions. */
export function describeDefinitions(url: Url): void {
  it('count their versions, and are the same version when put again', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      for (const [at, digest] of ['a', 'b', 'c'].entries()) {
        assert.deepEqual(await one.putDefinition(tenant, crew('x', digest)), { version: at + 1, created: true });
      }
      assert.deepEqual(await other.putDefinition(tenant, crew('x', 'a')), { version: 1, created: false });
      assert.deepEqual(await other.putDefinition(tenant, crew('y', 'a')), { version: 1, created: true });
      const { createdAt, ...first } = (await other.getDefinition(tenant, 'x', 1)) ?? assert.fail('no version 1');
      assert.deepEqual(first, { ...crew('x', 'a'), version: 1 });
      assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 600_000, createdAt);
      assert.equal((await other.getDefinition(tenant, 'x'))?.digest, 'c');
      const listed = (await other.listDefinitions(tenant)).map(({ name, version }) => [name, version]);
      assert.deepEqual(listed, [
        ['x', 3],
        ['y', 1],
      ]);
      const versions = (await other.listVersions(tenant, 'x')).map(({ version, digest }) => [version, digest]);
      assert.deepEqual(versions, [
        [3, 'c'],
        [2, 'b'],
        [1, 'a'],
      ]);
    }));

  it('are not there under another name, version or tenant', () =>
    withStores(url(), 1, async (store) => {
      const tenant = fresh('tenant');
      await store.putDefinition(tenant, crew('x', 'a'));
      assert.equal(await store.getDefinition(tenant, 'z'), undefined);
      assert.equal(await store.getDefinition(tenant, 'x', 2), undefined);
      assert.equal(await store.getDefinition(fresh('tenant'), 'x'), undefined);
      assert.deepEqual(await store.listDefinitions(fresh('tenant')), []);
      assert.deepEqual(await store.listVersions(tenant, 'z'), []);
    }));

  it('that ten put at once from two processes are versions 1 to 10, without a gap', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const digests = Array.from({ length: 10 }, (_, at) => `digest ${at}`);
      const put = await Promise.all(
        digests.map((digest, at) => (at % 2 === 0 ? one : other).putDefinition(tenant, crew('x', digest))),
      );
      const versions = put.map(({ version }) => version).sort((a, b) => a - b);
      assert.deepEqual(versions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      assert.ok(put.every(({ created }) => created));
      for (const [at, { version }] of put.entries()) {
        assert.equal((await one.getDefinition(tenant, 'x', version))?.digest, digests[at]);
      }
    }));

  it('that two processes put at once as one and the same are one version', () =>
    withStores(url(), 2, async (one, other) => {
      const tenant = fresh('tenant');
      const put = await Promise.all(
        Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? one : other).putDefinition(tenant, crew('x', 'a'))),
      );
      assert.ok(put.every(({ version }) => version === 1));
      assert.equal(put.filter(({ created }) => created).length, 1);
    }));
}

/** Token buckets. */
export function describeBuckets(url: Url): void {
  it('give what a minute has, to two processes together', () =>
    withStores(url(), 2, async (one, other) => {
      const key = fresh('bucket');
      const from = performance.now();
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).takeTokens(key, 10, 100)),
      );
      const refilled = ((performance.now() - from) / 60_000) * 100;
      const granted = taken.filter((take) => take.granted).length;
      assert.ok(granted >= 10 && granted <= 10 + Math.floor(refilled / 10), `${granted} were granted`);
      for (const take of taken) {
        // At most until ten tokens have come, which takes six seconds.
        if (!take.granted) assert.ok(take.waitMs > 0 && take.waitMs <= 6_000, `wait ${take.waitMs} ms`);
      }
    }));

  it('say how long to wait such that the wait is enough', () =>
    withStores(url(), 1, async (store) => {
      // Fifty tokens come in half a second: where the store took longer over the two, there was nothing to wait for.
      const { key, waitMs } = await eventually('two calls within half a second', async () => {
        const bucket = fresh('bucket');
        const from = performance.now();
        assert.deepEqual(await store.takeTokens(bucket, 6_000, 6_000), { granted: true });
        const second = await store.takeTokens(bucket, 50, 6_000);
        if (!second.granted) return { key: bucket, waitMs: second.waitMs };
        assert.ok(performance.now() - from > 490, 'granted at once, though all were taken');
        return undefined;
      });
      assert.ok(waitMs > 0 && waitMs <= 500, `${waitMs} ms`);
      await pause(waitMs);
      assert.deepEqual(await store.takeTokens(key, 50, 6_000), { granted: true });
    }));

  it('take back what was not used, and count what was used beyond', () =>
    withStores(url(), 2, async (one, other) => {
      const key = fresh('bucket');
      // What comes by itself is little: 60 tokens take 36 seconds.
      const take = async (tokens: number) => (await other.takeTokens(key, tokens, 100)).granted;
      assert.equal(await take(100), true);
      assert.equal(await take(60), false);
      await one.settleTokens(key, -60, 100);
      assert.equal(await take(60), true);
      await one.settleTokens(key, 500, 100);
      const refused = await other.takeTokens(key, 10, 100);
      assert.ok(!refused.granted && refused.waitMs > 250_000, JSON.stringify(refused));
    }));

  it('hold a minute at most, however much is given back', () =>
    withStores(url(), 1, async (store) => {
      const key = fresh('bucket');
      await store.takeTokens(key, 10, 100);
      await store.settleTokens(key, -10_000, 100);
      assert.equal((await store.takeTokens(key, 100, 100)).granted, true);
      assert.equal((await store.takeTokens(key, 50, 100)).granted, false);
    }));

  it('grant more than a minute has when they are full, and are in debt then', () =>
    withStores(url(), 1, async (store) => {
      const key = fresh('bucket');
      assert.equal((await store.takeTokens(key, 250, 100)).granted, true);
      const refused = await store.takeTokens(key, 10, 100);
      assert.ok(!refused.granted && refused.waitMs > 80_000 && refused.waitMs <= 96_000, JSON.stringify(refused));
    }));

  it('are apart by key', () =>
    withStores(url(), 1, async (store) => {
      await store.takeTokens(fresh('bucket'), 100, 100);
      assert.equal((await store.takeTokens(fresh('bucket'), 100, 100)).granted, true);
    }));
}
