import assert from 'node:assert/strict';
import { createClient, ServiceError } from '../../src/client/index.js';
import { inCrewWorld, openApproval } from '../support/crew-world.js';
import { catalogOf } from '../support/crews.js';
import { crewWith } from '../support/engine.js';
import { gatewayOf, served } from '../support/streams.js';

const reviewed = crewWith({ a: { human_input: true }, b: {} }, { name: 'reviewed' });
const script = { answers: [{ text: 'done', repeat: true }] };

const problem = (code: string, status = 503) =>
  new Response(JSON.stringify({ type: 't', title: 't', status, code, detail: `it is ${code}`, requestId: 'r' }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '0' },
  });

/** A client of a service that answers in this order. */
function scripted(...answers: (Response | Error)[]) {
  const seen: { method: string; url: string; key: string | null; body: string }[] = [];
  const client = createClient({
    baseUrl: 'http://service/',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, url } = request;
      seen.push({ method, url, key: request.headers.get('idempotency-key'), body: await request.text() });
      const answer = answers.shift();
      if (answer instanceof Response) return answer;
      throw answer ?? new Error('no more answers');
    },
  });
  return { client, seen };
}

const code = (expected: string) => (error: unknown) => error instanceof ServiceError && error.code === expected;

describe('the client', () => {
  it('starts, reads, decides, forks and lists runs of a real gateway', () =>
    inCrewWorld(script, async (world) => {
      const { app } = gatewayOf(world, { crews: catalogOf(reviewed) });
      const gateway = await served(app);
      try {
        const { runs, approvals, crews, service } = createClient({ baseUrl: gateway.url });
        assert.equal((await service.about()).version, '0.0.0-test');
        assert.deepEqual(
          (await crews.list()).map(({ name }) => name),
          ['reviewed'],
        );
        const { runId } = await runs.start({ crew: 'reviewed', label: 'mine' }, { idempotencyKey: 'k' });
        assert.equal((await runs.start({ crew: 'reviewed', label: 'mine' }, { idempotencyKey: 'k' })).runId, runId);
        const { id } = await openApproval(world, runId);
        assert.equal((await runs.result(runId)).status, 'waiting_human');
        await runs.message(runId, { text: 'Be short', agent: 'worker', by: 'ada' });
        await assert.rejects(approvals.decide(runId, id, { action: 'reject', by: 'ada' }), code('invalid_decision'));
        const decided = await approvals.decide(runId, id, { action: 'edit', by: 'ada', output: 'mine' });
        assert.equal(decided.decision?.output, 'mine');
        await assert.rejects(approvals.decide(runId, id, { action: 'approve', by: 'bob' }), (error: unknown) => {
          assert.ok(error instanceof ServiceError);
          assert.deepEqual([error.status, error.code], [409, 'approval_closed']);
          assert.equal(error.problem?.approval?.decision?.by, 'ada');
          return true;
        });
        assert.deepEqual(await runs.wait(runId), { runId, status: 'completed', output: 'done' });
        assert.equal((await runs.get(runId)).tasks[0]?.output, 'mine');
        const fork = await runs.fork(runId, { fromTask: 'b' });
        assert.equal((await runs.wait(fork.runId)).status, 'completed');
        assert.equal((await runs.get(fork.runId)).usage.calls, 1);
        await assert.rejects(runs.cancel(runId), code('run_closed'));
        await assert.rejects(runs.get('nothing'), code('run_not_found'));
        await assert.rejects(runs.start({ crew: 'review' }), /Did you mean 'reviewed'/);
      } finally {
        await gateway.close();
      }
    }));

  it('makes a call again under the same key where its outcome is not known, and gives up after a few tries', async () => {
    const row = () => Response.json({ runId: 'r' }, { status: 201 });
    const { client, seen } = scripted(
      problem('outcome_unknown'),
      new TypeError('cut'),
      problem('worker_unavailable'),
      row(),
    );
    assert.equal((await client.runs.start({ crew: 'pair' })).runId, 'r');
    assert.equal(seen.length, 4);
    assert.ok(seen[0]?.key);
    assert.deepEqual(new Set(seen.map(({ key, body }) => `${key} ${body}`)).size, 1);
    const four = scripted(...Array.from({ length: 5 }, () => problem('outcome_unknown')));
    await assert.rejects(four.client.runs.start({ crew: 'pair' }), code('outcome_unknown'));
    assert.equal(four.seen.length, 4);
  });

  it('makes once what must not happen twice, and what was refused', async () => {
    const refused = scripted(problem('invalid_inputs', 422));
    await assert.rejects(refused.client.runs.start({ crew: 'pair' }), code('invalid_inputs'));
    const calls = [
      (client: ReturnType<typeof createClient>) => client.schedules.trigger('s'),
      (client: ReturnType<typeof createClient>) => client.schedules.backfill('s', { from: 'a', to: 'b' }),
      (client: ReturnType<typeof createClient>) => client.runs.delete('r'),
    ];
    for (const call of calls) {
      const { client, seen } = scripted(problem('outcome_unknown'), new Response(null, { status: 204 }));
      await assert.rejects(call(client), code('outcome_unknown'));
      assert.equal(seen.length, 1);
    }
  });

  it('says that there is no answer, and what answers that is not the service', async () => {
    const { client } = scripted(...Array.from({ length: 4 }, () => new TypeError('fetch failed')));
    await assert.rejects(client.runs.get('r'), (error: unknown) => {
      assert.ok(error instanceof ServiceError);
      assert.deepEqual([error.status, error.code], [0, 'unreachable']);
      assert.match(error.message, /service/);
      return true;
    });
    const proxy = scripted(new Response('<html>', { status: 403 }));
    await assert.rejects(proxy.client.runs.get('r'), code('http_403'));
    const stopped = new AbortController();
    stopped.abort(new Error('enough'));
    await assert.rejects(scripted(new Error('x')).client.runs.get('r', { signal: stopped.signal }), /enough/);
  });

  it('reads the results of a batch a line at a time', async () => {
    const { client } = scripted(new Response('{"index":0,"status":"completed"}\n\n{"index":1,"status":"failed"}'));
    const statuses: string[] = [];
    for await (const { status } of client.batches.results('b')) statuses.push(status);
    assert.deepEqual(statuses, ['completed', 'failed']);
  });
});
