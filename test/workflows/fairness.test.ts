import assert from 'node:assert/strict';
import { createCrewRuns } from '../../src/adapters/temporal/crew-runs.js';
import { fairnessOf } from '../../src/contract/identity.js';
import { workflowIdOf } from '../../src/contract/ids.js';
import type { CrewRuns } from '../../src/ports.js';
import { answersAfter, sayer } from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, uniqueName } from '../support/crews.js';
import { serverWith } from '../support/temporal.js';

/** Runs that one tenant queues before another comes. */
const QUEUED = 150;

/** How fairness is turned on. */
const FAIR = ['matching.enableFairness=true', 'matching.useNewMatcher=true'];

/** Queues are shared out over several partitions, each on its own: of one alone it is known what is next. */
const ONE_PARTITION = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

function start(runs: CrewRuns, tenant: string, runId: string) {
  const models = { 'scripted-model': { name: 'scripted-model' } };
  return runs.start({ tenant, runId, crew: sayer, inputs: { topic: 'tea' }, models });
}

const startedWith = async ({ client }: CrewWorld, workflowId: string) => {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return events?.[0]?.workflowExecutionStartedEventAttributes;
};

describe('fairness between tenants', function () {
  this.timeout(180_000);

  it('goes by the tenant of what starts: runs, what they go on as, and what schedules start', async () => {
    await inCrewWorld(
      { answers: answersAfter() },
      async (world) => {
        const tenant = uniqueName('tenant');
        const runId = uniqueName('run');
        await start(world.runs, tenant, runId);
        await world.client.workflow.getHandle(workflowIdOf(tenant, runId)).result();
        const [history] = await world.histories(runId, tenant);
        const [started] = history?.events ?? [];
        assert.equal(started?.workflowExecutionStartedEventAttributes?.priority?.fairnessKey, tenant);

        const spec = { crew: 'sayer', inputs: { topic: 'x' }, when: { cron: ['0 0 1 1 *'] }, paused: false };
        await world.schedules.create(tenant, 's', { ...spec, overlap: 'skip' });
        await world.schedules.trigger(tenant, 's');
        const id = await eventually('the scheduled run', async () => {
          const { recentRuns } = await world.schedules.get(tenant, 's');
          return recentRuns.find(({ status }) => status === 'completed')?.runId;
        });
        const run = await startedWith(world, workflowIdOf(tenant, id));
        assert.equal(run?.priority?.fairnessKey, tenant);
        const { workflowId: by = '' } = run?.parentWorkflowExecution ?? {};
        assert.equal((await startedWith(world, by ?? ''))?.priority?.fairnessKey, tenant);
        await world.schedules.remove(tenant, 's');
      },
      { crews: catalogOf(sayer) },
    );
    assert.deepEqual(fairnessOf('a'), { priority: { fairnessKey: 'a' } });
  });

  it('lets a tenant with one run pass another that has queued many, where the server has fairness on', async () => {
    const server = await serverWith(...ONE_PARTITION, ...FAIR);
    try {
      await inCrewWorld(
        { answers: answersAfter() },
        async (world) => {
          await world.stopWorker();
          // Not the world's: it would replay every one of them.
          const runs = createCrewRuns(world.client, world.store, world.taskQueue);
          const [many, one] = [uniqueName('many'), uniqueName('one')];
          const ids = Array.from({ length: QUEUED }, (_, at) => `m${at}`);
          for (let at = 0; at < ids.length; at += 25)
            await Promise.all(ids.slice(at, at + 25).map((runId) => start(runs, many, runId)));
          await start(runs, one, 'r');
          await world.startWorker();
          await world.client.workflow.getHandle(workflowIdOf(one, 'r')).result();
          const { closeTime } = await world.client.workflow.getHandle(workflowIdOf(one, 'r')).describe();
          const before = await eventually(
            'all others to end',
            async () => {
              const times = await Promise.all(
                ids.map(
                  async (id) => (await world.client.workflow.getHandle(workflowIdOf(many, id)).describe()).closeTime,
                ),
              );
              return (
                times.every((time) => time !== undefined) &&
                times.filter((time) => time && closeTime && time < closeTime).length
              );
            },
            90_000,
          );
          assert.ok(before < QUEUED / 2, `${before} of ${QUEUED} ended before it`);
        },
        { server },
      );
    } finally {
      await server.env.teardown();
    }
  });
});
