import assert from 'node:assert/strict';
import { needed } from '../support/needed.js';
import { chaos } from './chaos.js';
import { missingForChaos } from './world.js';

describe('chaos', function () {
  this.timeout(900_000);

  before(function () {
    const missing = missingForChaos();
    if (missing !== undefined) needed(this, undefined, missing);
  });

  it('whatever breaks: no run is lost or wrong, no finished call is paid again, each event is heard once', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9));
    const result = await chaos({ seed, runs: 18, forMs: 60_000, gapMs: 2_000, settleMs: 120_000 });
    for (const line of result.without) console.log(`      left out: ${line}`);
    assert.deepEqual(result.problems, [], `with CHAOS_SEED=${seed}; logs are in ${result.logs}`);
  });
});
