import assert from 'node:assert/strict';
import { inCrewWorld } from '../support/crew-world.js';
import { crewWith, runToEnd, statuses } from '../support/engine.js';

const refuse = (when: string) => ({ when, error: { status: 401, message: 'no' } });

describe('a parallel crew', () => {
  it('starts ready tasks at once, and a task when what it reads is there', async () => {
    const answers = [
      { when: 'DO-c', text: 'C' },
      { when: 'DO-a', text: 'A', delay_ms: 300 },
      { when: 'DO-b', text: 'B', delay_ms: 300 },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const crew = crewWith({ a: {}, b: {}, c: { context: ['a', 'b'] } }, { process: 'parallel' });
      const ended = await runToEnd(world, crew);
      assert.equal(ended.view.status, 'completed');
      assert.deepEqual(ended.story.slice(0, 3), ['run.started', 'task.started a', 'task.started b']);
      assert.ok(ended.story.indexOf('task.started c') > ended.story.indexOf('task.completed b'));
      const third = JSON.stringify(world.model.calls()[2]?.messages);
      assert.match(third, /Notes from the Worker:\\nA\\n\\nNotes from the Worker:\\nB/);
      assert.equal(ended.view.result?.output, 'C');
    });
  });

  it('runs no more than max_parallel at the same time, and starts the next at once', async () => {
    await inCrewWorld({ answers: [{ text: 'done', repeat: true, delay_ms: 100 }] }, async (world) => {
      const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, {}]));
      const ended = await runToEnd(world, crewWith(tasks, { process: 'parallel', max_parallel: 2 }));
      let active = 0;
      let most = 0;
      for (const { type } of ended.events) {
        if (type === 'task.started') most = Math.max(most, ++active);
        if (type === 'task.completed') active -= 1;
      }
      assert.equal(most, 2);
      assert.equal(ended.view.status, 'completed');
    });
  });

  it('settles the siblings of a failed task, starts nothing new, and fails with the first cause', async () => {
    const answers = [refuse('DO-a'), { when: 'DO-b', text: 'B', delay_ms: 400 }];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: {}, b: {}, c: { context: ['b'] } }, { process: 'parallel' }));
      assert.equal(ended.view.status, 'failed');
      assert.deepEqual(statuses(ended), { a: 'failed', b: 'completed', c: 'pending' });
      assert.equal(ended.view.error?.taskId, 'a');
      assert.equal(ended.view.error.code, 'Model.Unauthorized');
      assert.equal(world.model.calls().length, 2);
    });
  });
});

describe('on_failure', () => {
  it('continue: what reads the failed task goes on without its output', async () => {
    const answers = [refuse('DO-a'), { when: 'DO-b', text: 'B' }];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: { on_failure: 'continue' }, b: {} }));
      assert.equal(ended.view.status, 'completed');
      assert.deepEqual(statuses(ended), { a: 'failed', b: 'completed' });
      assert.doesNotMatch(JSON.stringify(world.model.calls()[1]?.messages), /Notes from/);
    });
  });

  it('skip_dependents: what reads it is skipped, and what reads that; the rest runs', async () => {
    const answers = [refuse('DO-a'), { when: 'DO-d', text: 'D' }];
    await inCrewWorld({ answers }, async (world) => {
      const tasks = {
        a: { on_failure: 'skip_dependents', context: [] },
        b: { context: ['a'] },
        c: { context: ['b'] },
        d: { context: [] },
      };
      const ended = await runToEnd(world, crewWith(tasks));
      assert.equal(ended.view.status, 'completed');
      assert.deepEqual(statuses(ended), { a: 'failed', b: 'skipped', c: 'skipped', d: 'completed' });
      assert.equal(ended.task('c').skipped, 'dependency');
      assert.equal(ended.view.result?.output, 'D');
      assert.equal(world.model.calls().length, 2);
    });
  });
});

describe('async_execution', () => {
  it('lets the next async task start without waiting, and the one after wait for both', async () => {
    const answers = [
      { when: 'DO-c', text: 'C' },
      { when: 'DO-a', text: 'A', delay_ms: 300 },
      { when: 'DO-b', text: 'B' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const crew = crewWith({ a: { async_execution: true }, b: { async_execution: true }, c: {} });
      const ended = await runToEnd(world, crew);
      assert.ok(ended.story.indexOf('task.started b') < ended.story.indexOf('task.completed a'));
      assert.ok(ended.story.indexOf('task.started c') > ended.story.indexOf('task.completed a'));
      assert.match(JSON.stringify(world.model.calls()[2]?.messages), /nA\\n\\nNotes from the Worker:\\nB/);
    });
  });
});

describe('condition', () => {
  const twoTasks = (condition: unknown) => crewWith({ a: {}, b: { condition }, c: { context: ['a', 'b'] } });

  it('runs the task where the expression holds, and skips it where not, with no model call', async () => {
    for (const [expression, expected] of [
      ['outputs.a.raw.contains("yes")', 'completed'],
      ['outputs.a.raw.contains("never")', 'skipped'],
    ] as const) {
      const answers = [
        { when: 'DO-c', text: 'C' },
        { when: 'DO-b', text: 'B' },
        { when: 'DO-a', text: 'yes' },
      ];
      await inCrewWorld({ answers }, async (world) => {
        const ended = await runToEnd(world, twoTasks(expression));
        assert.equal(ended.view.status, 'completed');
        assert.equal(ended.task('b').status, expected);
        assert.equal(ended.task('c').status, 'completed');
        assert.equal(world.model.calls().length, expected === 'completed' ? 3 : 2);
      });
    }
  });

  it('asks a model where it is a question, and counts the call', async () => {
    const answers = [
      { when: 'Is it worth it', json: { answer: false } },
      { when: 'DO-c', text: 'C' },
      { when: 'DO-a', text: 'A' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, twoTasks({ question: 'Is it worth it?' }));
      assert.deepEqual(statuses(ended), { a: 'completed', b: 'skipped', c: 'completed' });
      assert.equal(ended.task('b').usage.calls, 1);
      assert.equal(ended.view.usage.calls, 3);
    });
  });

  it('fails the task where it cannot be told', async () => {
    await inCrewWorld({ answers: [{ text: 'A', repeat: true }] }, async (world) => {
      const ended = await runToEnd(world, twoTasks('outputs.a.json.score > 3'));
      assert.equal(ended.view.error?.code, 'Task.CheckFailed');
      assert.equal(ended.view.error.taskId, 'b');
      assert.equal(world.model.calls().length, 1);
    });
  });
});
