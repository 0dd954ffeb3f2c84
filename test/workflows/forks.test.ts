import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { eventually, inCrewWorld, scheduledActivities, type CrewWorld } from '../support/crew-world.js';
import { testApp } from '../support/app.js';
import { crewWith, ended, readEnded, runToEnd, statuses } from '../support/engine.js';

const script = {
  answers: [
    { when: 'DO-a', text: 'first A' },
    { when: 'DO-b', text: 'first B' },
    { when: 'DO-c', text: 'first C' },
    { when: 'DO-b', text: 'second B', repeat: true },
    { when: 'DO-c', text: 'second C', repeat: true },
    { when: 'NEWLY-a', text: 'new A', repeat: true },
  ],
};

/** The gateway over the world's own runs. */
function gateway(world: CrewWorld) {
  return testApp({ runs: world.runs, store: world.store });
}

describe('forks', () => {
  it('keep every output but that of the task and its dependents, at no cost, with lineage both ways', async () => {
    await inCrewWorld(script, async (world) => {
      const parent = await runToEnd(world, crewWith({ a: {}, b: {}, c: {} }));
      const { post, get } = gateway(world);
      const before = world.model.calls().length;
      const forked = await post(`/v1/runs/${parent.runId}/fork`, { fromTask: 'b' });
      assert.equal(forked.status, 201, forked.text);
      assert.equal(forked.json.parentRunId, parent.runId);
      const end = await ended(world, forked.json.runId);
      assert.equal(end.view.result?.output, 'second C');
      assert.equal(end.task('a').output, 'first A');
      assert.equal(end.task('a').keptFrom, parent.runId);
      assert.equal(world.model.calls().length - before, 2);
      assert.deepEqual(scheduledActivities(await world.history(forked.json.runId)), ['b/model/1', 'c/model/1']);
      assert.equal(end.view.usage.calls, 2);
      assert.deepEqual(end.story.slice(0, 3), ['run.started', 'task.completed a', 'task.started b']);
      assert.match(JSON.stringify(world.model.calls().at(-2)?.messages), /first A/);
      const children = await eventually('the list', async () => {
        const { json } = await get(`/v1/runs?parent=${parent.runId}`);
        return json.runs?.length === 1 && json.runs;
      });
      assert.deepEqual([children[0].runId, children[0].parentRunId], [end.runId, parent.runId]);
      // The parent is as it was.
      assert.equal((await readEnded(world, parent.runId)).view.result?.output, 'first C');
    });
  });

  it('take other inputs, definitions and outputs; what does not fit is said with its place', async () => {
    await inCrewWorld(script, async (world) => {
      const parent = await runToEnd(world, crewWith({ a: {}, b: {}, c: {} }));
      const { post } = gateway(world);
      const edit = {
        fromTask: 'c',
        edits: { b: 'B by hand' },
        overrides: { tasks: { c: { expected_output: 'NEW-GOAL' } } },
      };
      const forked = await post(`/v1/runs/${parent.runId}/fork`, edit);
      assert.equal(forked.status, 201, forked.text);
      const end = await ended(world, forked.json.runId);
      assert.equal(end.task('b').output, 'B by hand');
      assert.notEqual(end.view.crew.digest, parent.view.crew.digest);
      const prompt = JSON.stringify(world.model.calls().at(-1)?.messages);
      assert.match(prompt, /B by hand/);
      assert.match(prompt, /NEW-GOAL/);

      const refused = async (body: object, path: string, words: RegExp) => {
        const { status, json, text } = await post(`/v1/runs/${parent.runId}/fork`, body);
        assert.equal(status, 422, text);
        assert.ok(
          json.errors.some(
            (error: { path: string; message: string }) => error.path === path && words.test(error.message),
          ),
          text,
        );
      };
      await refused({ fromTask: 'd' }, 'fromTask', /no task 'd'/);
      await refused({ fromTask: 'b', edits: { c: 'x' } }, 'edits.c', /done again/);
      await refused(
        { fromTask: 'b', overrides: { tasks: { b: { agent: 'ghost' } } } },
        'overrides.tasks.b.agent',
        /ghost/,
      );
      await refused({ fromTask: 'b', inputs: { nope: 1 } }, 'inputs.nope', /./);
      await refused({}, 'fromTask', /Required/);
      assert.equal((await post('/v1/runs/never-was/fork', { fromTask: 'a' })).status, 404);
    });
  });

  it('give the same fork for the same Idempotency-Key, and refuse another body', async () => {
    await inCrewWorld(script, async (world) => {
      const parent = await runToEnd(world, crewWith({ a: {}, b: {}, c: {} }));
      const { post } = gateway(world);
      const path = `/v1/runs/${parent.runId}/fork`;
      const first = await post(path, { fromTask: 'c' }, { 'idempotency-key': 'k' });
      const again = await post(path, { fromTask: 'c' }, { 'idempotency-key': 'k' });
      assert.deepEqual([first.status, again.status, again.json.runId], [201, 200, first.json.runId]);
      const other = await post(path, { fromTask: 'b' }, { 'idempotency-key': 'k' });
      assert.deepEqual([other.status, other.json.code], [422, 'idempotency_key_reused']);
      await ended(world, first.json.runId);
    });
  });

  it('retry from the first task that failed, and from where a run was cancelled or stopped', async () => {
    const failing = {
      answers: [
        { when: 'DO-a', text: 'A', repeat: true },
        { when: 'DO-b', error: { status: 401, message: 'no' } },
        { when: 'DO-b', text: 'B', repeat: true },
        { when: 'DO-c', text: 'C', repeat: true },
      ],
    };
    await inCrewWorld(failing, async (world) => {
      const parent = await runToEnd(world, crewWith({ a: {}, b: {}, c: {} }));
      assert.equal(parent.view.status, 'failed');
      const { post } = gateway(world);
      const retried = await post(`/v1/runs/${parent.runId}/retry`, {});
      assert.equal(retried.status, 201, retried.text);
      const end = await ended(world, retried.json.runId);
      assert.deepEqual(statuses(end), { a: 'completed', b: 'completed', c: 'completed' });
      assert.equal(end.view.forkedFromTask, 'b');
      assert.deepEqual(scheduledActivities(await world.history(end.runId)), ['b/model/1', 'c/model/1']);
      const nothing = await post(`/v1/runs/${end.runId}/retry`, {});
      assert.deepEqual([nothing.status, nothing.json.code], [422, 'invalid_fork']);
      assert.equal((await world.runs.get(DEFAULT_TENANT, parent.runId)).view.status, 'failed');
    });
  });
});
