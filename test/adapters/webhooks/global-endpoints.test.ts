import assert from 'node:assert/strict';
import { openWebhooks } from '../../../src/adapters/webhooks/index.js';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { testStore } from '../../support/store.js';

describe('webhooks for all runs', function () {
  this.timeout(30_000);

  it('are known to every process once whoever made or enabled one was answered', async () => {
    const { databaseUrl } = await testStore();
    const open = () => openWebhooks({ databaseUrl, allowPrivate: true });
    const [one, other] = [open(), open()];
    const [tenant, id] = [uniqueName('tenant'), 'wh_1'];
    const spec = { url: 'http://127.0.0.1:9/', events: [], global: true, enabled: true };
    try {
      assert.equal(await other.hasGlobal(tenant), false);
      await one.create(tenant, id, spec, 'digest');
      assert.equal(await other.hasGlobal(tenant), true);
      await one.update(tenant, id, { enabled: false });
      await eventually('it to be known', async () => !(await other.hasGlobal(tenant)));
      await one.update(tenant, id, { enabled: true });
      assert.equal(await other.hasGlobal(tenant), true);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });
});
