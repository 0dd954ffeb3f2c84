import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { eventually, inCrewWorld, openApproval } from '../support/crew-world.js';
import { adder, crewWith, decide, ended, openOnes, toolCall } from '../support/engine.js';

describe('approvals before tools', () => {
  const call = (a: number, b: number) => toolCall('add', { a, b });
  const script = (...first: object[]) => ({
    answers: [...first.map((answer) => ({ when: 'DO-a', ...answer })), { when: 'DO-a', text: 'done' }],
  });
  const crew = (approval: unknown) => crewWith({ a: { tools: [{ name: 'add', approval }] } });

  it('shows the arguments, and calls only what was approved', async () => {
    const { tool, calls } = adder();
    await inCrewWorld(
      script(call(1, 2)),
      async (world) => {
        const runId = await world.start(crew({ question: 'Add?' }), {});
        const open = await openApproval(world, runId);
        assert.deepEqual([open.kind, open.id, open.question], ['tool_call', 'a.tool.1', 'Add?']);
        assert.deepEqual(open.tool, { name: 'add', arguments: { a: 1, b: 2 } });
        assert.deepEqual(JSON.parse(open.shown), { a: 1, b: 2 });
        assert.equal(calls.length, 0);
        await decide(world, runId, { approvalId: open.id, action: 'approve' });
        await ended(world, runId);
        assert.deepEqual(calls, [{ a: 1, b: 2 }]);
      },
      { tools: [tool] },
    );
  });

  it('calls with edited arguments, or tells the agent what a person said instead', async () => {
    const { tool, calls } = adder();
    await inCrewWorld(
      script(call(1, 2), call(3, 4), call(5, 6)),
      async (world) => {
        const runId = await world.start(crew(true), {});
        const next = async (id: string) => eventually(id, async () => (await openApproval(world, runId)).id === id);
        await next('a.tool.1');
        await assert.rejects(decide(world, runId, { approvalId: 'a.tool.1', action: 'edit' }), /needs 'arguments'/);
        await world.runs.decide(
          DEFAULT_TENANT,
          runId,
          { approvalId: 'a.tool.1', action: 'edit', by: 'ada', arguments: { a: 10, b: 20 }, checked: true },
          'edit',
        );
        await next('a.tool.2');
        await decide(world, runId, { approvalId: 'a.tool.2', action: 'reject', feedback: 'too dear' });
        await next('a.tool.3');
        await decide(world, runId, { approvalId: 'a.tool.3', action: 'skip' });
        const end = await ended(world, runId);
        assert.equal(end.view.result?.output, 'done');
        assert.deepEqual(calls, [{ a: 10, b: 20 }]);
        const heard = JSON.stringify(world.model.calls().at(-1)?.messages);
        assert.match(heard, /ada did not allow this call of add: too dear/);
        assert.match(heard, /left out by ada/);
      },
      { tools: [tool] },
    );
  });

  it('asks wherever the tool’s author wants it, and two at once are decided alone', async () => {
    const { tool, calls } = adder({ needsApproval: true });
    const both = { tool_calls: [...call(1, 1).tool_calls, ...call(2, 2).tool_calls] };
    await inCrewWorld(
      script(both),
      async (world) => {
        const runId = await world.start(crewWith({ a: { tools: ['add'] } }), {});
        await openOnes(world, runId, 2);
        await decide(world, runId, { approvalId: 'a.tool.2', action: 'approve' });
        const { view } = await world.runs.get(DEFAULT_TENANT, runId);
        assert.equal(view.tasks[0]?.status, 'waiting_human');
        await decide(world, runId, { approvalId: 'a.tool.1', action: 'approve' });
        const end = await ended(world, runId);
        assert.equal(end.view.status, 'completed');
        assert.deepEqual(calls.map(({ a }) => a).sort(), [1, 2]);
      },
      { tools: [tool] },
    );
  });
});
