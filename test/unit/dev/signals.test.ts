import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { listenForStop } from '../../../src/dev/signals.js';

describe('the wish to stop', () => {
  it('is heard once when the terminal and npm both pass Ctrl-C on', () => {
    const source = new EventEmitter();
    let again = 0;
    const stop = listenForStop(
      () => (again += 1),
      source,
      () => 5_000,
    );
    source.emit('SIGINT');
    source.emit('SIGINT');
    assert.equal(stop.reason, 'SIGINT');
    assert.equal(again, 0);
  });

  it('is heard again when Ctrl-C comes a second time', () => {
    const source = new EventEmitter();
    let again = 0;
    let now = 5_000;
    listenForStop(
      () => (again += 1),
      source,
      () => now,
    );
    source.emit('SIGINT');
    now += 2_000;
    source.emit('SIGINT');
    assert.equal(again, 1);
  });

  it('is also a parent that was gone before anybody listened', () => {
    const orphan = Object.assign(new EventEmitter(), { connected: false });
    assert.ok(listenForStop(() => assert.fail('once is enough'), orphan).aborted);
  });

  for (const event of ['SIGTERM', 'SIGHUP', 'disconnect']) {
    it(`is also ${event}`, () => {
      const source = new EventEmitter();
      const stop = listenForStop(() => assert.fail('once is enough'), source);
      source.emit(event);
      assert.ok(stop.aborted);
    });
  }
});
