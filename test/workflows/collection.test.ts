import assert from 'node:assert/strict';
import { reachableDigests } from '../../src/adapters/temporal/reachable.js';
import { openStore } from '../../src/adapters/store/index.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { eventually, inCrewWorld } from '../support/crew-world.js';
import { adder, crewWith, readEnded, runToEnd, toolCall } from '../support/engine.js';
import { startEmbeddedStore, stopped } from '../support/store.js';
import { serverWith } from '../support/temporal.js';

describe('the collection of the store', () => {
  it('removes what no retained run reaches, and nothing else; the grace keeps what is new', async () => {
    const embedded = await startEmbeddedStore();
    // Of its own: it is looked through the history of every run that there is.
    const server = await serverWith();
    const store = openStore(embedded);
    const long = (word: string) => `${word} ${'x'.repeat(9_000)}`;
    const { tool } = adder();
    const answers = [
      { when: 'DO-kept', ...toolCall('add', { a: 1, b: 1 }) },
      { when: 'DO-kept', text: long('kept') },
      { when: 'DO-gone', ...toolCall('add', { a: 1, b: 1 }) },
      { when: 'DO-gone', text: long('gone') },
    ];
    try {
      await inCrewWorld(
        { answers },
        async (world) => {
          const agent = { tools: ['add'] };
          const kept = await runToEnd(world, crewWith({ kept: {} }, {}, agent));
          const gone = await runToEnd(world, crewWith({ gone: {} }, {}, agent));
          const refOf = (ended: typeof kept, task: string) => ended.task(task).outputRef?.ref ?? '';
          const all = () => reachableDigests(world.client);
          const step = () => undefined;

          await eventually('both runs in the list', async () => {
            const { rows } = await world.runs.list({ tenant: DEFAULT_TENANT, crew: 'made', limit: 100 });
            return [kept.runId, gone.runId].every((id) => rows.some(({ runId }) => runId === id));
          });
          assert.equal((await store.collect(all(), { graceMs: 0 }, step)).removed, 0, 'everything is reachable');
          // As after its retention: Temporal knows nothing of the run any more.
          const without = `WorkflowId != '${workflowIdOf(DEFAULT_TENANT, gone.runId)}'`;
          const retained = () => reachableDigests(world.client, without);
          assert.equal(
            (await store.collect(retained(), { graceMs: 3_600_000 }, step)).removed,
            0,
            'the grace keeps all',
          );
          const counted = await store.collect(retained(), { graceMs: 0, dryRun: true }, step);
          assert.ok(counted.removed >= 2, `${counted.removed}`);
          const { removed } = await store.collect(retained(), { graceMs: 0 }, step);
          assert.equal(removed, counted.removed);
          const fresh = openStore(embedded);
          assert.equal(await fresh.getText(DEFAULT_TENANT, refOf(gone, 'gone')), undefined);
          assert.equal(await fresh.getText(DEFAULT_TENANT, refOf(kept, 'kept')), long('kept'));
          assert.equal((await readEnded(world, kept.runId)).view.status, 'completed');
          await fresh.close();
        },
        { store, tools: [tool], server },
      );
    } finally {
      await server.env.teardown();
      await store.close();
      await stopped(embedded.process);
    }
  });
});
