import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { linkedSignal } from '../../../src/contract/linked-signal.js';

describe('linked signals', () => {
  it('fire with the first of their sources, for its reason', () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const { signal } = linkedSignal([one.signal, two.signal]);
    assert.equal(signal.aborted, false);
    const why = new Error('why');
    two.abort(why);
    one.abort(new Error('too late'));
    assert.equal(signal.reason, why);
  });

  it('have fired where a source had before', () => {
    const { signal } = linkedSignal([new AbortController().signal, AbortSignal.abort('gone')]);
    assert.equal(signal.reason, 'gone');
  });

  it('fire when their time is over, however long that was meant to be', async () => {
    const late = new Error('late');
    const short = linkedSignal([], { ms: 1, late: () => late });
    // Longer than a timer of Node.js can be, which would fire at once.
    const long = linkedSignal([], { ms: Number.MAX_SAFE_INTEGER });
    await once(short.signal, 'abort');
    assert.equal(short.signal.reason, late);
    assert.equal(long.signal.aborted, false);
    long.release();
  });

  it('leave their sources, and run out no more, once the work is over', async () => {
    const source = new AbortController();
    const { signal, release } = linkedSignal([source.signal], { ms: 1 });
    assert.equal(getEventListeners(source.signal, 'abort').length, 1);
    release();
    assert.equal(getEventListeners(source.signal, 'abort').length, 0);
    source.abort();
    const later = linkedSignal([], { ms: 5 });
    await once(later.signal, 'abort');
    assert.equal(signal.aborted, false);
  });
});
