import assert from 'node:assert/strict';
import { inCrewWorld, scheduledActivities } from '../support/crew-world.js';
import { adder, crewWith, runToEnd, sleeper, toolCall } from '../support/engine.js';

const withTool = (agent: object = {}, task: object = {}) =>
  crewWith({ a: { ...task } }, {}, { tools: ['add'], ...agent });

describe('an agent with tools', () => {
  it('calls them in activities of their own, and answers with what they gave', async () => {
    const { tool, calls } = adder();
    const answers = [toolCall('add', { a: 2, b: 3 }), { when: '{"sum":5}', text: 'It is 5.' }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, withTool());
        assert.equal(ended.view.result?.output, 'It is 5.');
        assert.deepEqual(calls, [{ a: 2, b: 3 }]);
        const history = await world.history(ended.runId);
        assert.deepEqual(scheduledActivities(history), ['a/kit/1', 'a/model/1', 'a/tool/1', 'a/model/2']);
        assert.deepEqual(ended.story, [
          'run.started',
          ...['task.started a', 'model.called a', 'tool.called a', 'model.called a', 'task.completed a'],
          'run.completed',
        ]);
        assert.deepEqual(world.model.calls()[0]?.tools, ['add']);
      },
      { tools: [tool] },
    );
  });

  for (const maxIter of [1, 3]) {
    it(`makes max_iter ${maxIter} calls with tools, then one last call without, and no more`, async () => {
      const { tool, calls } = adder();
      const answers = [
        { when: 'Give your best final answer', text: 'Best I can.' },
        { tool_calls: [{ name: 'add', arguments: { a: 1, b: 1 } }], repeat: true },
      ];
      await inCrewWorld(
        { answers },
        async (world) => {
          const ended = await runToEnd(world, withTool({ max_iter: maxIter }));
          assert.equal(ended.view.result?.output, 'Best I can.');
          assert.equal(world.model.calls().length, maxIter + 1);
          assert.equal(calls.length, maxIter);
          assert.equal(world.model.calls().at(-1)?.toolChoice, 'none');
        },
        { tools: [tool] },
      );
    });
  }

  it('feeds malformed calls back with the reason, and stops asking after three rounds', async () => {
    const { tool, calls } = adder();
    const answers = [
      { when: 'Give your best final answer', text: 'Never mind.' },
      { tool_calls: [{ name: 'subtract', arguments: { a: 1 } }], repeat: true },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, withTool());
        assert.equal(ended.view.result?.output, 'Never mind.');
        assert.equal(world.model.calls().length, 4);
        assert.equal(calls.length, 0);
        assert.match(JSON.stringify(world.model.calls()[1]?.messages), /no tool 'subtract'/);
      },
      { tools: [tool] },
    );
  });

  it('tells the model which argument does not fit', async () => {
    const { tool } = adder();
    const answers = [toolCall('add', { a: 'much', b: 3 }), { when: 'a:', text: 'I see.' }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, withTool());
        assert.equal(ended.view.result?.output, 'I see.');
        const called = ended.events.find(({ type }) => type === 'tool.called');
        assert.equal((called?.data as { isError?: boolean }).isError, true);
      },
      { tools: [tool] },
    );
  });

  it('result_as_answer: what the tool gives is the output, with no further call', async () => {
    const { tool } = adder();
    await inCrewWorld(
      { answers: [toolCall('add', { a: 2, b: 2 })] },
      async (world) => {
        const ended = await runToEnd(world, withTool({ tools: [{ name: 'add', result_as_answer: true }] }));
        assert.equal(ended.view.result?.output, '{"sum":4}');
        assert.equal(world.model.calls().length, 1);
      },
      { tools: [tool] },
    );
  });

  it('cache: the same arguments are not called again, in whatever order they come', async () => {
    const { tool, calls } = adder({ cache: true });
    const answers = [
      toolCall('add', { a: 2, b: 2 }),
      toolCall('add', { b: 2, a: 2 }),
      toolCall('add', { a: 2, b: 1 }),
      { text: 'ok' },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, withTool());
        assert.equal(calls.length, 2);
        const cached = ended.events.filter(({ type, data }) => type === 'tool.called' && 'cached' in data);
        assert.equal(cached.length, 1);
      },
      { tools: [tool] },
    );
  });

  it('several calls of one answer are made, and answered each', async () => {
    const { tool, calls } = adder();
    const answers = [
      {
        tool_calls: [
          { name: 'add', arguments: { a: 1, b: 1 } },
          { name: 'add', arguments: { a: 2, b: 2 } },
        ],
      },
      { when: '{"sum":4}', text: 'both' },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, withTool());
        assert.equal(ended.view.result?.output, 'both');
        assert.equal(calls.length, 2);
        const results = world.model.calls()[1]?.messages.filter(({ role }) => role === 'tool');
        assert.deepEqual(
          results?.map(({ content }) => content),
          ['{"sum":2}', '{"sum":4}'],
        );
      },
      { tools: [tool] },
    );
  });

  it('a tool that does not end is cut at its bound, once, and the model is told', async () => {
    const answers = [toolCall('sleep'), { when: 'time', text: 'Too slow.' }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['sleep'] }));
        assert.equal(ended.view.result?.output, 'Too slow.');
        assert.match(JSON.stringify(world.model.calls()[1]?.messages), /not known whether it took effect/);
      },
      { tools: [sleeper(1_200)] },
    );
  });

  it('a tool that is not configured fails the task with its name', async () => {
    await inCrewWorld({ answers: [] }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['gone'] }));
      assert.equal(ended.view.error?.code, 'Task.NotConfigured');
      assert.match(ended.view.error.message, /gone/);
    });
  });
});
