import assert from 'node:assert/strict';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { catalogOf } from '../support/crews.js';
import { adder, crewWith, toolCall } from '../support/engine.js';

const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const asked = crewWith(
  { a: { output_schema: schema, approval: { answer_schema: { enum: ['print', 'web'] } } } },
  { name: 'asked' },
);
const slow = crewWith({ a: {}, b: {} }, { name: 'slow' });
const waits = crewWith({ a: { approval: true } }, { name: 'waits' });
const tooled = crewWith({ a: { tools: [{ name: 'add', approval: true }] } }, { name: 'tooled' });

const appFor = (world: CrewWorld) =>
  testApp({ runs: world.runs, store: world.store, crews: catalogOf(asked, slow, tooled, waits) });

type App = ReturnType<typeof testApp>;

async function waiting({ post, get }: Pick<App, 'post' | 'get'>, crew: string) {
  const started = await post('/v1/runs', { crew });
  assert.equal(started.status, 201, started.text);
  const { runId } = started.json;
  const approval = await eventually('the approval', async () => (await get(`/v1/runs/${runId}`)).json.approvals?.[0]);
  return { runId, path: `/v1/runs/${runId}/approvals/${approval.id}` };
}

describe('decisions that carry something', () => {
  it('are checked at once against the schemas of the output and of the answer', async () => {
    await inCrewWorld({ answers: [{ text: '{"n": 1}' }] }, async (world) => {
      const { post, get } = appFor(world);
      const { runId, path } = await waiting({ post, get }, 'asked');
      const refused = async (body: object, field: string) => {
        const { status, json, text } = await post(path, body);
        assert.deepEqual([status, json.code, json.errors[0].path], [422, 'invalid_decision', field], text);
      };
      await refused({ action: 'edit', output: '{"n": "x"}' }, 'output');
      await refused({ action: 'edit', output: 'words' }, 'output');
      await refused({ action: 'approve', answer: 'radio' }, 'answer');
      assert.equal((await post(path, { action: 'approve' })).status, 422);
      const decided = await post(path, { action: 'edit', output: 'here: {"n": 2}', by: 'ada' });
      assert.equal(decided.status, 200, decided.text);
      assert.equal(decided.json.decision.output, '{"n":2}');
      const { json } = await get(`/v1/runs/${runId}/result?wait=60`);
      assert.deepEqual([json.status, json.json], ['completed', { n: 2 }]);
    });
  });

  it('are checked against the arguments that a tool takes', async () => {
    const { tool, calls } = adder();
    await inCrewWorld(
      { answers: [{ when: 'DO-a', ...toolCall('add', { a: 1, b: 2 }) }, { text: 'done' }] },
      async (world) => {
        const { post, get } = appFor(world);
        const { runId, path } = await waiting({ post, get }, 'tooled');
        const wrong = await post(path, { action: 'edit', arguments: { a: 'x', b: 2 } });
        assert.deepEqual([wrong.status, wrong.json.errors[0].path], [422, 'arguments'], wrong.text);
        assert.equal((await post(path, { action: 'edit', arguments: { a: 5, b: 2 } })).status, 200);
        await get(`/v1/runs/${runId}/result?wait=60`);
        assert.deepEqual(calls, [{ a: 5, b: 2 }]);
      },
      { tools: [tool] },
    );
  });

  it('say 503 within 5 s with no worker, and are safe to send again', async () => {
    await inCrewWorld({ answers: [{ text: 'A' }] }, async (world) => {
      const { post, get } = appFor(world);
      const { runId, path } = await waiting({ post, get }, 'waits');
      await world.stopWorker();
      for (const body of [{ action: 'approve' }, { action: 'edit', output: 'x' }]) {
        const asked = Date.now();
        const { status, json } = await world.hurried(() => post(path, body, { 'idempotency-key': 'k' }));
        assert.equal(status, 503);
        assert.ok(['outcome_unknown', 'worker_unavailable'].includes(json.code), json.code);
        // What is measured is 4.5 s and 3 s; the rest is room for a busy machine. Temporal's own answer takes 29 s.
        assert.ok(Date.now() - asked < 25_000);
      }
      await world.startWorker();
      const decided = await post(path, { action: 'approve' }, { 'idempotency-key': 'k' });
      assert.equal(decided.status, 200, decided.text);
      assert.equal((await get(`/v1/runs/${runId}/result?wait=60`)).json.output, 'A');
    });
  });
});

describe('waiting for runs', () => {
  it('gives the whole run where it ends in time, and else where it stands', async () => {
    const answers: ScriptInput['answers'] = [
      { when: 'DO-a', text: 'A', repeat: true },
      { when: 'DO-b', text: 'B' },
      { when: 'DO-b', hang: true },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      const done = await post('/v1/runs?wait=60', { crew: 'slow' });
      assert.deepEqual([done.status, done.json.status, done.json.result.output], [200, 'completed', 'B'], done.text);
      const hanging = await post('/v1/runs?wait=1', { crew: 'slow' });
      assert.deepEqual([hanging.status, hanging.json.status], [202, 'running']);
      const path = `/v1/runs/${hanging.json.runId}`;
      assert.equal((await get(`${path}/result`)).status, 202);
      assert.equal((await get(`${path}/result?wait=-1`)).status, 422);
      const cancelled = await post(`${path}/cancel`, { by: 'ada', reason: 'wrong topic' });
      assert.deepEqual([cancelled.status, cancelled.json.status], [202, 'cancelling']);
      const end = await get(`${path}/result?wait=60`);
      assert.deepEqual([end.status, end.json.status, end.json.output], [200, 'cancelled', undefined]);
      const again = await post(`${path}/cancel`, {});
      assert.deepEqual([again.status, again.json.code], [409, 'run_closed']);
    });
  });
});

describe('steering runs', () => {
  it('stops, ends hard and says things; what is not there is 404, what has ended 409', async () => {
    await inCrewWorld({ answers: [{ text: 'A', repeat: true }] }, async (world) => {
      const app = appFor(world);
      const { post, get } = app;
      const first = await waiting({ post, get }, 'waits');
      const said = await post(`/v1/runs/${first.runId}/messages`, { text: 'Shorter.', agent: 'worker', by: 'ada' });
      assert.deepEqual([said.status, said.json.id], [202, 'message.1'], said.text);
      const wrong = await post(`/v1/runs/${first.runId}/messages`, { text: 'x', agent: 'ghost' });
      assert.deepEqual([wrong.status, wrong.json.code], [422, 'invalid_message']);
      const stopped = await post(`/v1/runs/${first.runId}/stop`, {});
      assert.equal(stopped.status, 202);
      assert.equal((await get(`/v1/runs/${first.runId}/result?wait=60`)).json.status, 'stopped');

      const second = await waiting({ post, get }, 'waits');
      const gone = await app.app.request(`/v1/runs/${second.runId}`, { method: 'DELETE' });
      assert.equal(gone.status, 204);
      assert.equal((await get(`/v1/runs/${second.runId}`)).json.status, 'terminated');
      const late = await app.app.request(`/v1/runs/${second.runId}`, { method: 'DELETE' });
      assert.equal(late.status, 409);
      for (const verb of ['cancel', 'stop', 'retry']) {
        assert.equal((await post(`/v1/runs/never-was/${verb}`, {})).json.code, 'run_not_found');
      }
      assert.equal((await post('/v1/runs/never-was/messages', { text: 'x' })).json.code, 'run_not_found');
    });
  });
});
