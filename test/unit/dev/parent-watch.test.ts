import assert from 'node:assert/strict';
import { watchParent } from '../../../scripts/lib/parent-watch.mjs';
import { until } from './helpers.js';

describe('the end of the parent', () => {
  const UNDER_NPM = { npm_lifecycle_event: 'start' };

  it('is noticed once in a script of npm, which tells nobody', async () => {
    let parent = 100;
    let told = 0;
    watchParent(() => (told += 1), { env: UNDER_NPM, parentOf: () => parent });
    assert.equal(told, 0);
    parent = 1;
    await until('the watcher to notice', () => told > 0);
    assert.equal(told, 1);
  });

  it('means nothing where a script was started by hand', () => {
    watchParent(() => assert.fail('not watched'), { env: {}, parentOf: () => assert.fail('not asked') });
  });
});
