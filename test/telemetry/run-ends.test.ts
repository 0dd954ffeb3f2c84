import assert from 'node:assert/strict';
import { countEnds } from '../../src/adapters/telemetry/run-ends.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { RunStatus } from '../../src/contract/views.js';
import { eventually, inCrewWorld, openApproval } from '../support/crew-world.js';
import { crewWith, ended } from '../support/engine.js';

const HOUR_MS = 3_600_000;
const answers = [{ when: 'DO-a', text: 'aye', repeat: true }];
const plain = crewWith({ a: {} });
const asking = crewWith({ a: { human_input: true } });

describe('the ends of runs', () => {
  it('are counted once each, however they came about, and stay counted when Temporal is not asked for them any more', () =>
    inCrewWorld({ answers }, async (world) => {
      const { client, runs } = world;
      // The count began two hours ago, so that what ends now is soon of long ago.
      let ahead = -2 * HOUR_MS;
      const queries: string[] = [];
      const counted = countEnds(
        (query) => {
          queries.push(query);
          return client.workflow.count(query);
        },
        () => Date.now() + ahead,
      );
      const before = new Map(await counted());
      const since = async () => {
        const now = await counted();
        const grown = [...now].map(([status, count]): [RunStatus, number] => [
          status,
          count - (before.get(status) ?? 0),
        ]);
        return Object.fromEntries(grown.filter(([, count]) => count > 0));
      };
      const become = (wanted: Partial<Record<RunStatus, number>>) =>
        eventually(`ends to be ${JSON.stringify(wanted)}`, async () => {
          const found = await since();
          return Object.keys({ ...found, ...wanted }).every(
            (status) => found[status] === wanted[status as keyof typeof wanted],
          );
        });

      const [completed, stopped, cancelled, terminated, open] = await Promise.all([
        world.start(plain),
        ...[1, 2, 3, 4].map(() => world.start(asking)),
      ]);
      await Promise.all([stopped, cancelled, terminated, open].map((runId) => openApproval(world, runId ?? '')));
      await runs.stop(DEFAULT_TENANT, stopped ?? '', {});
      await runs.cancel(DEFAULT_TENANT, cancelled ?? '', 'enough');
      await runs.terminate(DEFAULT_TENANT, terminated ?? '', 'enough');
      await ended(world, completed);
      const four = { completed: 1, stopped: 1, cancelled: 1, terminated: 1 };
      await become(four);

      // What ended until now is asked for once more, by two at the same time, and never again.
      ahead = 5 * 60_000;
      const now = new Date().toISOString();
      const [one, other] = await Promise.all([since(), since()]);
      assert.deepEqual([one, other], [four, four]);
      queries.length = 0;
      assert.deepEqual(await since(), four);
      for (const query of queries) assert.ok((/CloseTime >= '([^']+)'/.exec(query)?.[1] ?? '') >= now, query);
      await runs.terminate(DEFAULT_TENANT, open ?? '', 'enough');
      await become({ ...four, terminated: 2 });
    }));
});
