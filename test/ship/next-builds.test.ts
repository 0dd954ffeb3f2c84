import assert from 'node:assert/strict';
import { nextBuilds } from '../../scripts/next-builds.mjs';

const kept = (...args: Parameters<typeof nextBuilds>) =>
  nextBuilds(...args).worker.previousBuilds.map(({ buildId }) => buildId);

describe('the builds of the next upgrade', () => {
  const values = {
    image: { tag: '3', digest: '' },
    worker: { versioning: { buildId: '' }, previousBuilds: [{ buildId: '2', replicas: 4 }, { buildId: '1' }] },
  };

  it('are the current one and those that have open runs; drained ones go', () => {
    const builds = [
      { id: '3', state: 'current' },
      { id: '2', state: 'draining' },
      { id: '1', state: 'drained' },
    ];
    assert.deepEqual(nextBuilds(values, builds, '4'), {
      worker: {
        previousBuilds: [
          { buildId: '3', tag: '3', digest: '' },
          { buildId: '2', replicas: 4 },
        ],
      },
    });
  });

  it('stay all where Temporal could not be asked, or does not know', () => {
    assert.deepEqual(kept(values, [], '4'), ['3', '2', '1']);
    assert.deepEqual(kept(values, [{ id: '2', state: 'unknown' }], '4'), ['3', '2', '1']);
  });

  it('go back as they came: an earlier build that becomes current again is not named twice', () => {
    assert.deepEqual(kept(values, [], '2'), ['3', '1']);
    assert.deepEqual(kept(values, [], '3'), ['2', '1']);
  });

  it('a first installation has none', () => {
    assert.deepEqual(kept({}, [], '1'), []);
  });
});
