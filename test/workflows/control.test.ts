import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { eventually, inCrewWorld, openApproval, scheduledActivities, type CrewWorld } from '../support/crew-world.js';
import { adder, crewWith, ended, gate, statuses, toolCall } from '../support/engine.js';
import { serverWith } from '../support/temporal.js';

const reason = (expected: string) => (error: unknown) => error instanceof RunsError && error.reason === expected;

const calls = (world: CrewWorld, count: number) =>
  eventually(`${count} calls`, () => Promise.resolve(world.model.calls().length === count));

describe('stopping a run', () => {
  it('lets running tasks finish, starts nothing new, and keeps what is finished', async () => {
    const { tool, called, open } = gate();
    const script = {
      answers: [
        { when: 'DO-a', text: 'A' },
        { when: 'DO-b', ...toolCall('wait') },
        { when: 'DO-b', text: 'B' },
      ],
    };
    const test = async (world: CrewWorld) => {
      const runId = await world.start(crewWith({ a: {}, b: { tools: ['wait'] }, c: {} }), {});
      await called();
      await world.runs.stop(DEFAULT_TENANT, runId, { by: 'ada' });
      open();
      const end = await ended(world, runId);
      assert.equal(end.view.status, 'stopped');
      assert.deepEqual(statuses(end), { a: 'completed', b: 'completed', c: 'pending' });
      assert.equal(end.view.result?.output, 'B');
      assert.deepEqual(end.events.at(-1)?.data, { reason: 'requested', by: 'ada' });
      assert.equal(world.model.calls().length, 3);
      await eventually('it among the stopped ones', async () => {
        const { rows } = await world.runs.list({ tenant: DEFAULT_TENANT, status: 'stopped', limit: 100 });
        return rows.some((row) => row.runId === runId);
      });
      await assert.rejects(world.runs.stop(DEFAULT_TENANT, runId, {}), reason('run_closed'));
      await assert.rejects(world.runs.cancel(DEFAULT_TENANT, runId, 'x'), reason('run_closed'));
      await assert.rejects(world.runs.terminate(DEFAULT_TENANT, runId, 'x'), reason('run_closed'));
      await assert.rejects(world.runs.stop(DEFAULT_TENANT, 'never-was', {}), reason('run_not_found'));
    };
    await inCrewWorld(script, test, { tools: [tool] });
  });

  it('withdraws what waits for a person, and is complete where the last task was running', async () => {
    const { tool, called, open } = gate();
    const script = {
      answers: [
        { when: 'DO-a', text: 'A' },
        { when: 'DO-b', ...toolCall('wait') },
        { when: 'DO-b', text: 'B' },
      ],
    };
    const test = async (world: CrewWorld) => {
      const waiting = await world.start(crewWith({ a: { approval: true } }), {});
      await openApproval(world, waiting);
      await world.runs.stop(DEFAULT_TENANT, waiting, {});
      const stopped = await ended(world, waiting);
      assert.equal(stopped.view.status, 'stopped');
      assert.equal(stopped.view.approvals[0]?.status, 'withdrawn');
      const last = await world.start(crewWith({ b: { tools: ['wait'] } }), {});
      await called();
      await world.runs.stop(DEFAULT_TENANT, last, {});
      open();
      assert.equal((await ended(world, last)).view.status, 'completed');
    };
    await inCrewWorld(script, test, { tools: [tool] });
  });

  it('goes on to stop when it continues as new', async () => {
    const server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
    const { tool, called, open } = gate();
    const rounds = Array.from({ length: 12 }, () => ({ when: 'DO-a', ...toolCall('add', { a: 1, b: 2 }) }));
    const answers = [{ when: 'DO-a', ...toolCall('wait') }, ...rounds, { when: 'DO-a', text: 'A' }];
    const test = async (world: CrewWorld) => {
      const runId = await world.start(crewWith({ a: { tools: ['wait', 'add'] }, b: {} }), {});
      await called();
      assert.equal((await world.histories(runId)).length, 1);
      await world.runs.stop(DEFAULT_TENANT, runId, { by: 'ada' });
      open();
      const end = await ended(world, runId);
      assert.deepEqual(statuses(end), { a: 'completed', b: 'pending' });
      assert.equal(end.view.status, 'stopped');
      assert.ok((await world.histories(runId)).length > 1, 'did not continue as new');
    };
    try {
      await inCrewWorld({ answers }, test, { server, tools: [tool, adder().tool] });
    } finally {
      await server.env.teardown();
    }
  });
});

describe('ending a run now', () => {
  it('aborts calls in flight at the provider soon, and keeps what is finished', async () => {
    await inCrewWorld(
      {
        answers: [
          { when: 'DO-a', text: 'A' },
          { when: 'DO-b', hang: true },
        ],
      },
      async (world) => {
        const runId = await world.start(crewWith({ a: {}, b: {} }), {});
        await calls(world, 2);
        const asked = Date.now();
        await world.runs.cancel(DEFAULT_TENANT, runId, 'asked for by ada');
        await eventually('the abort', () => Promise.resolve(world.model.calls()[1]?.outcome === 'aborted'));
        const took = Date.now() - asked;
        const end = await ended(world, runId);
        assert.equal(end.view.status, 'cancelled');
        assert.deepEqual(statuses(end), { a: 'completed', b: 'cancelled' });
        // Not a measurement: far above what is measured, half a second, and far below the ten minutes that a call may take.
        assert.ok(took < 60_000, `${took} ms`);
        const cancel = (await world.history(runId)).events?.find(
          (event) => event.workflowExecutionCancelRequestedEventAttributes,
        );
        assert.equal(cancel?.workflowExecutionCancelRequestedEventAttributes?.cause, 'asked for by ada');
      },
    );
  });

  it('ends hard', async () => {
    await inCrewWorld({ answers: [{ when: 'DO-a', text: 'A' }] }, async (world) => {
      const runId = await world.start(crewWith({ a: { approval: true } }), {});
      await openApproval(world, runId);
      await world.runs.terminate(DEFAULT_TENANT, runId, 'hard');
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'terminated');
      assert.equal(view.approvals[0]?.status, 'withdrawn');
    });
  });

  it('ends hard what no worker had begun: it can be read all the same', async () => {
    await inCrewWorld({ answers: [] }, async (world) => {
      await world.stopWorker();
      const runId = await world.start(crewWith({ a: {}, b: {} }), {});
      await world.runs.terminate(DEFAULT_TENANT, runId, 'hard');
      // A query of it needs a worker to be refused.
      await world.startWorker();
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      const tasks = view.tasks.map(({ id, status }) => `${id} ${status}`);
      assert.deepEqual([view.status, tasks], ['terminated', ['a pending', 'b pending']]);
      assert.deepEqual(await world.runs.events(DEFAULT_TENANT, runId, 0), []);
    });
  });
});

describe('messages to a running crew', () => {
  it('reach the named agent at its next call, once, and everybody where none is named', async () => {
    const { tool, called, open } = gate();
    const script = {
      answers: [
        { when: 'DO-a', ...toolCall('wait') },
        { when: 'DO-a', text: 'A' },
        { when: 'DO-b', text: 'B' },
      ],
    };
    await inCrewWorld(
      script,
      async (world) => {
        const runId = await world.start(crewWith({ a: { tools: ['wait'] }, b: {} }), {});
        await called();
        const say = (message: { agent?: string; text: string }, key: string) =>
          world.runs.message(DEFAULT_TENANT, runId, { by: 'ada', ...message }, key);
        const said = await say({ agent: 'worker', text: 'The deadline moved to May.' }, 'm1');
        assert.deepEqual(await say({ agent: 'worker', text: 'The deadline moved to May.' }, 'm1'), said);
        await assert.rejects(say({ agent: 'nobody', text: 'x' }, 'm2'), /no agent 'nobody'. Its agents: worker/);
        await assert.rejects(say({ text: ' ' }, 'm3'), reason('invalid_message'));
        open();
        const end = await ended(world, runId);
        const prompts = world.model.calls().map(({ messages }) => JSON.stringify(messages));
        assert.doesNotMatch(prompts[0] ?? '', /May/);
        assert.match(prompts[1] ?? '', /message from ada.*deadline moved to May/);
        assert.doesNotMatch(prompts[2] ?? '', /moved to May/);
        assert.deepEqual(
          end.view.messages?.map(({ deliveredTo }) => deliveredTo),
          [['worker']],
        );
        assert.equal(end.story.filter((line) => line.startsWith('message.')).length, 2);
        assert.deepEqual(scheduledActivities(await world.history(runId)), [
          'a/kit/1',
          'a/model/1',
          'a/tool/1',
          'a/model/2',
          'b/model/1',
        ]);
        await assert.rejects(say({ text: 'late' }, 'm4'), reason('run_closed'));
      },
      { tools: [tool] },
    );
  });
});
