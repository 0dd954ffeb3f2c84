import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { eventually, inCrewWorld, openApproval } from '../support/crew-world.js';
import { crewWith, readEnded, runToEnd, statuses } from '../support/engine.js';

const three = (budget: object, more: object = {}) => crewWith({ a: {}, b: {}, c: {} }, { budget, ...more });
const answers = [
  { when: 'DO-c', text: 'C' },
  { when: 'DO-b', text: 'B' },
  { when: 'DO-a', text: 'A' },
];

describe('a budget', () => {
  it('stop: ends the run with the outputs that are finished, and makes no further call', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, three({ model_calls: 2 }));
      assert.equal(ended.view.status, 'stopped');
      assert.deepEqual(statuses(ended), { a: 'completed', b: 'completed', c: 'cancelled' });
      assert.equal(ended.view.result?.output, 'B');
      assert.equal(world.model.calls().length, 2);
      assert.deepEqual(ended.story.slice(-3), ['budget.exceeded', 'task.cancelled c', 'run.stopped']);
      const listed = await eventually('the stopped run in the list', async () => {
        const { rows } = await world.runs.list({ tenant: DEFAULT_TENANT, status: 'stopped', limit: 100 });
        return rows.find(({ runId }) => runId === ended.runId);
      });
      assert.equal(listed.status, 'stopped');
      const { rows } = await world.runs.list({ tenant: DEFAULT_TENANT, status: 'completed', crew: 'made', limit: 100 });
      assert.ok(!rows.some(({ runId }) => runId === ended.runId));
    });
  });

  it('stop: is reserved before each call, so that parallel tasks do not go over it together', async () => {
    const script = { answers: [{ text: 'done', repeat: true, delay_ms: 200 }] };
    await inCrewWorld(script, async (world) => {
      const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, {}]));
      const crew = crewWith(tasks, { process: 'parallel', budget: { model_calls: 3 } });
      const ended = await runToEnd(world, crew);
      assert.equal(ended.view.status, 'stopped');
      assert.equal(world.model.calls().length, 3);
      assert.equal(ended.view.tasks.filter(({ status }) => status === 'completed').length, 3);
    });
  });

  it('tokens: overshoots by no more than the call in flight', async () => {
    const usage = { input_tokens: 60, output_tokens: 50 };
    const script = { answers: answers.map((answer) => ({ ...answer, usage })) };
    await inCrewWorld(script, async (world) => {
      const ended = await runToEnd(world, three({ tokens: 200 }));
      assert.equal(ended.view.status, 'stopped');
      assert.equal(world.model.calls().length, 2);
      assert.equal(ended.view.usage.inputTokens + ended.view.usage.outputTokens, 220);
    });
  });

  it('usd: counts by the prices of the registry', async () => {
    const usage = { input_tokens: 1_000_000, output_tokens: 100_000, cached_input_tokens: 500_000 };
    const models = { priced: { prices: { input: 2, output: 10, cached_input: 1 } } };
    await inCrewWorld(
      { answers: answers.map((answer) => ({ ...answer, usage })) },
      async (world) => {
        const ended = await runToEnd(world, three({ usd: 4 }));
        // 0.5 + 1 + 1 US dollars a call.
        assert.equal(ended.view.usage.usd, 5);
        assert.equal(ended.view.models['priced']?.usd, 5);
        assert.equal(ended.view.status, 'stopped');
      },
      { models },
    );
  });

  it('warn: says so once, and goes on', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, three({ model_calls: 1, on_exceed: 'warn' }));
      assert.equal(ended.view.status, 'completed');
      const warned = ended.events.filter(({ type }) => type === 'budget.warned');
      assert.deepEqual(
        warned.map(({ data }) => data),
        [{ limit: 'model_calls', allowed: 1, used: 1 }],
      );
    });
  });

  it('pause: waits for a decision; by Update it goes on with as much again, by Signal it can be ended', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(three({ model_calls: 1, on_exceed: 'pause' }), {});
      const first = await openApproval(world, runId);
      assert.equal(first.kind, 'budget');
      assert.deepEqual(first.actions, ['approve', 'abort']);
      assert.match(first.shown, /1 of its 1 model calls/);
      const approve = { approvalId: first.id, action: 'approve', by: 'ada' } as const;
      await world.runs.decide(DEFAULT_TENANT, runId, approve, 'key-1');
      const second = await openApproval(world, runId);
      assert.notEqual(second.id, first.id);
      assert.equal(world.model.calls().length, 2);
      await world.runs.signalDecision(DEFAULT_TENANT, runId, { approvalId: second.id, action: 'abort', by: 'bob' });
      await world.handle(runId).result();
      const ended = await readEnded(world, runId);
      assert.equal(ended.view.status, 'stopped');
      assert.deepEqual(statuses(ended), { a: 'completed', b: 'completed', c: 'cancelled' });
      assert.equal(world.model.calls().length, 2);
    });
  });
});
