import assert from 'node:assert/strict';
import { SharedReads } from '../../../src/adapters/shared-reads.js';

/** Reads that end when they are told to; each gives its number. */
function slowReads() {
  const begun: { end(): void; fail(): void }[] = [];
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const number = begun.length + 1;
      begun.push({ end: () => resolve(number), fail: () => reject(new Error(`read ${number} failed`)) });
    });
  return { begun, read };
}

/** Lets everything happen that waits for nothing. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('shared reads', () => {
  it('are one for all who came while another one was at work, and never one that had begun', async () => {
    const { begun, read } = slowReads();
    const reads = new SharedReads<number>();
    const first = reads.get('a', read);
    const later = [reads.get('a', read), reads.get('a', read), reads.get('a', read)];
    await turn();
    assert.equal(begun.length, 1);
    begun[0]?.end();
    assert.equal(await first, 1);
    await turn();
    assert.equal(begun.length, 2);
    const third = reads.get('a', read);
    begun[1]?.end();
    assert.deepEqual(await Promise.all(later), [2, 2, 2]);
    await turn();
    begun[2]?.end();
    assert.equal(await third, 3);
  });

  it('keep nothing', async () => {
    const { begun, read } = slowReads();
    const reads = new SharedReads<number>();
    for (const number of [1, 2]) {
      const one = reads.get('a', read);
      begun[number - 1]?.end();
      assert.equal(await one, number);
    }
  });

  it('are apart by key', async () => {
    const { begun, read } = slowReads();
    const reads = new SharedReads<number>();
    const both = [reads.get('a', read), reads.get('b', read)];
    assert.equal(begun.length, 2);
    for (const one of begun) one.end();
    assert.deepEqual(await Promise.all(both), [1, 2]);
  });

  it('fail for those who share them, and not for who comes next', async () => {
    const { begun, read } = slowReads();
    const reads = new SharedReads<number>();
    const [first, second] = [reads.get('a', read), reads.get('a', read)];
    begun[0]?.fail();
    await assert.rejects(first, /read 1 failed/);
    await turn();
    begun[1]?.end();
    assert.equal(await second, 2);
  });

  it('do not wait for one that takes long', async () => {
    const { begun, read } = slowReads();
    const reads = new SharedReads<number>();
    const stuck = reads.get('a', read);
    const next = reads.get('a', () => Promise.resolve(7));
    assert.equal(await next, 7);
    begun[0]?.end();
    assert.equal(await stuck, 1);
  });
});
