import assert from 'node:assert/strict';
import type { Outbox, OutgoingEvent } from '../../src/ports.js';
import { StoreError } from '../../src/contract/store-error.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { catalogOf } from '../support/crews.js';
import { answersAfter, gatewayOf, sayer, untilStatus } from '../support/coordination.js';
import { eventually, inCrewWorld, openApproval, scheduledActivities, type CrewWorld } from '../support/crew-world.js';
import { adder, crewWith, decide, ended, gate, readEnded, runToEnd, toolCall } from '../support/engine.js';
import { isFinished } from '../support/histories.js';
import { upTo } from '../support/sink.js';
import { serverWith } from '../support/temporal.js';

/** An outbox in memory that keeps its batches, and can be away. */
function memoryOutbox() {
  const batches: OutgoingEvent[][] = [];
  const outbox = {
    batches,
    away: undefined as Error | undefined,
    put: ((_sinks, events) => {
      if (outbox.away) return Promise.reject(outbox.away);
      batches.push([...events]);
      return Promise.resolve();
    }) as Outbox['put'],
    events: (runId: string) => batches.flat().flatMap(({ event }) => (event.runId === runId ? [event] : [])),
  };
  return outbox;
}

const publishOf = () => Promise.resolve({ sinks: ['kafka' as const], traceparent: '00-1-2-01' });
const published = async (world: CrewWorld, runId: string) =>
  (await world.histories(runId)).flatMap(scheduledActivities).filter((id) => id.startsWith('publish/'));

describe('what a run tells the platform', () => {
  it('leaves at its beginning and at the end of its tasks, all of it and in order', async () => {
    const outbox = memoryOutbox();
    const { tool, called, open } = gate();
    await inCrewWorld(
      {
        answers: [
          { when: 'DO-a', ...toolCall('wait') },
          { when: 'DO-a', text: 'A' },
          { when: 'DO-b', text: 'B' },
        ],
      },
      async (world) => {
        const runId = await world.start(crewWith({ a: { tools: ['wait'] }, b: {} }), {});
        await called();
        // What is told of the beginning may take its time: then what comes meanwhile goes together.
        await eventually('the beginning to have left', async () => isFinished(await world.history(runId), 'publish/1'));
        open();
        const run = await ended(world, runId);
        assert.deepEqual(outbox.events(run.runId), run.events);
        assert.deepEqual(
          outbox.batches.map((batch) => batch.map(({ event }) => event.type)),
          [
            ['run.started'],
            ['task.started', 'model.called', 'tool.called', 'model.called', 'task.completed', 'task.started'],
            ['model.called', 'task.completed', 'run.completed'],
          ],
        );
        assert.deepEqual(await published(world, run.runId), ['publish/1', 'publish/2', 'publish/8']);
        const [first] = outbox.batches.flat();
        assert.equal(first?.tenant, DEFAULT_TENANT);
        assert.equal(first?.traceparent, '00-1-2-01');
      },
      { outbox, publishOf, tools: [tool] },
    );
  });

  it('is nothing where no sink is configured: the history has no such activity', async () => {
    await inCrewWorld({ answers: [{ when: 'DO-a', text: 'A' }] }, async (world) => {
      const run = await runToEnd(world, crewWith({ a: {} }));
      assert.deepEqual(await published(world, run.runId), []);
    });
  });

  it('leaves before a person has decided', async () => {
    const outbox = memoryOutbox();
    await inCrewWorld(
      { answers: [{ when: 'DO-a', text: 'A' }] },
      async (world) => {
        const runId = await world.start(crewWith({ a: { human_input: true } }), {});
        const approval = await openApproval(world, runId);
        await eventually('the request to leave', () =>
          Promise.resolve(outbox.events(runId).some(({ type }) => type === 'approval.requested')),
        );
        await decide(world, runId, { approvalId: approval.id, action: 'approve' });
        const run = await ended(world, runId);
        assert.deepEqual(outbox.events(runId), run.events);
      },
      { outbox, publishOf },
    );
  });

  it('has its end too, however it ends', async () => {
    const outbox = memoryOutbox();
    await inCrewWorld(
      {
        answers: [
          { when: 'DO-fail', error: { status: 401, message: 'no' } },
          { when: 'DO-hang', hang: true },
          { when: 'DO-ask', text: 'A' },
        ],
      },
      async (world) => {
        const failed = await runToEnd(world, crewWith({ fail: {} }));
        assert.equal(outbox.events(failed.runId).at(-1)?.type, 'run.failed');

        const cancelled = await world.start(crewWith({ hang: {} }), {});
        await eventually('the call', () => Promise.resolve(world.model.calls().length === 2));
        await world.handle(cancelled).cancel();
        const afterCancel = await ended(world, cancelled);
        assert.deepEqual(outbox.events(cancelled), afterCancel.events);
        assert.equal(outbox.events(cancelled).at(-1)?.type, 'run.cancelled');

        const stopped = await world.start(crewWith({ ask: { human_input: true }, never: {} }), {});
        await openApproval(world, stopped);
        await world.runs.stop(DEFAULT_TENANT, stopped, {});
        const afterStop = await ended(world, stopped);
        assert.deepEqual(outbox.events(stopped), afterStop.events);
        assert.equal(outbox.events(stopped).at(-1)?.type, 'run.stopped');
      },
      { outbox, publishOf },
    );
  });

  it('waits for the outbox at its end, and for nothing before', async () => {
    const outbox = memoryOutbox();
    outbox.away = new StoreError('refused', 'The store refused the request');
    await inCrewWorld(
      {
        answers: [
          { when: 'DO-a', text: 'A' },
          { when: 'DO-b', text: 'B' },
        ],
      },
      async (world) => {
        const runId = await world.start(crewWith({ a: {}, b: {} }), {});
        await eventually('the last task', async () => {
          const { view } = await world.runs.get(DEFAULT_TENANT, runId);
          return view.status === 'completed';
        });
        assert.equal((await world.handle(runId).describe()).status.name, 'RUNNING');
        outbox.away = undefined;
        const run = await ended(world, runId);
        assert.deepEqual(outbox.events(runId), run.events);
      },
      { outbox, publishOf },
    );
  });

  it('has no gap where the run continues as new', async () => {
    const server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
    const outbox = memoryOutbox();
    const { tool } = adder();
    const calls = Array.from({ length: 40 }, (_, at) => toolCall('add', { a: at, b: 1 }, 'DO-a'));
    try {
      await inCrewWorld(
        { answers: [...calls, { when: 'DO-a', text: 'A' }] },
        async (world) => {
          const runId = await world.start(crewWith({ a: {} }, {}, { tools: ['add'], max_iter: 60 }), {});
          await world.handle(runId).result();
          assert.ok((await world.histories(runId)).length >= 3);
          const run = await readEnded(world, runId);
          assert.deepEqual(
            outbox.events(runId).map(({ seq }) => seq),
            upTo(run.view.lastSeq),
          );
          assert.deepEqual(outbox.events(runId), run.events);
        },
        { outbox, publishOf, tools: [tool], server },
      );
    } finally {
      await server.env.teardown();
    }
  });

  it('is told of the runs of batches and schedules too', async () => {
    const outbox = memoryOutbox();
    await inCrewWorld(
      { answers: answersAfter() },
      async (world) => {
        const gateway = gatewayOf(world);
        const { json: batch } = await gateway.post('/v1/batches', {
          crew: 'sayer',
          items: [{ inputs: { topic: 'tea' } }, { inputs: { topic: 'rice' } }],
        });
        for (const index of [0, 1]) await untilStatus(gateway, `${batch.batchId}-${index}`, 'completed');
        const types = (runId: string) => outbox.events(runId).map(({ type }) => type);
        assert.equal(types(`${batch.batchId}-1`).at(-1), 'run.completed');

        const id = `nightly-${Date.now()}`;
        await gateway.post('/v1/schedules', {
          id,
          crew: 'sayer',
          inputs: { topic: 'tea' },
          cron: ['0 0 1 1 *'],
        });
        await gateway.post(`/v1/schedules/${id}/trigger`, {});
        await eventually('the scheduled run', () =>
          Promise.resolve(
            outbox.batches.flat().some(({ event }) => event.runId.startsWith(id) && event.type === 'run.completed'),
          ),
        );
        await gateway.send('DELETE', `/v1/schedules/${id}`);
      },
      { outbox, publishOf, crews: catalogOf(sayer) },
    );
  });
});
