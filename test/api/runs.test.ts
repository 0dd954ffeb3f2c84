import assert from 'node:assert/strict';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, crewDocument, crewOf, uniqueName } from '../support/crews.js';

const answers = [
  { when: 'FIND', text: 'facts', usage: { input_tokens: 10, output_tokens: 2 }, repeat: true },
  { when: 'WRITE', text: 'a summary', usage: { input_tokens: 5, output_tokens: 3 }, repeat: true },
];
const pair = crewOf(crewDocument());
const reviewed = crewOf({
  ...crewDocument(),
  name: 'reviewed',
  tasks: { write: { description: 'WRITE', expected_output: 'x', agent: 'writer', human_input: true } },
});
const appFor = (world: CrewWorld, more: Parameters<typeof testApp>[0] = {}) =>
  testApp({ runs: world.runs, crews: catalogOf(pair, reviewed), ...more });

describe('POST /agents/execute', () => {
  const body = { workflow_id: 'test123', parameters: { topic: 'AI' } };

  it('answers what the platform expects', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post } = appFor(world, { settings: { temporalUi: 'http://ui.example/' } });
      const { status, json } = await post('/agents/execute', body);
      assert.equal(status, 200);
      assert.equal(json.status, 'success');
      assert.deepEqual(json.result, { summary: 'a summary' });
      assert.equal(json.workflow_id, 'test123');
      assert.deepEqual(json.usage, { input_tokens: 15, output_tokens: 5, calls: 2 });
      assert.equal(json.links.run, `http://localhost/v1/runs/${json.run_id}`);
      assert.match(json.links.temporal_ui, /^http:\/\/ui\.example\/namespaces\/default\/workflows\/crew%2Fdefault%2F/);
    });
  });

  it('takes workflow_id as a label: the same one runs again', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post } = appFor(world);
      const [one, two] = [await post('/agents/execute', body), await post('/agents/execute', body)];
      assert.notEqual(one.json.run_id, two.json.run_id);
      assert.equal(world.model.calls().length, 4);
    });
  });

  it('runs the crew that is named, else the one that workflow_id names, else the default', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post } = appFor(world);
      const nowait = { prefer: 'wait=0' };
      const crewOfCall = async (extra: object) =>
        (await post('/agents/execute', { ...body, ...extra }, nowait)).json.crew as string;
      assert.equal(await crewOfCall({}), 'pair');
      assert.equal(await crewOfCall({ workflow_id: 'reviewed' }), 'reviewed');
      assert.equal(await crewOfCall({ workflow_id: 'reviewed', crew: 'pair' }), 'pair');
    });
  });

  it('answers 202 with where to look when the run takes longer than the wait', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      const { status, headers, json } = await post(
        '/agents/execute',
        { ...body, crew: 'reviewed' },
        { prefer: 'wait=1' },
      );
      assert.equal(status, 202);
      assert.equal(json.status, 'running');
      assert.equal(headers.get('preference-applied'), 'wait=1');
      assert.equal(headers.get('location'), json.links.run);
      assert.equal((await get(json.links.run)).json.runId, json.run_id);
    });
  });

  it('answers waiting calls at once when the gateway is told to stop', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const stop = new AbortController();
      const { post, get } = appFor(world, { draining: stop.signal });
      const waiting = post('/agents/execute', { ...body, crew: 'reviewed' });
      await eventually('the run to wait for a person', () => Promise.resolve(world.model.calls().length === 1));
      stop.abort();
      assert.equal((await waiting).status, 202);
      assert.equal((await get('/readyz')).json.checks.gateway, 'draining');
    });
  });

  it('answers a failed run as an error with the failing task and cause', async () => {
    await inCrewWorld({ answers: [{ error: { status: 401, message: 'bad key' } }] }, async (world) => {
      const { status, json } = await appFor(world).post('/agents/execute', body);
      assert.equal(status, 502);
      assert.equal(json.code, 'run_failed');
      assert.equal(json.failure.taskId, 'find');
      assert.equal(json.failure.code, 'Model.Unauthorized');
      assert.match(json.detail, /^The task 'find' failed: The model provider refused the key/);
      assert.ok(json.runId);
    });
  });
});

describe('/v1/runs', () => {
  const start = { crew: 'pair', inputs: { topic: 'tea' } };

  it('starts, reads and lists runs', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      const label = uniqueName('label');
      const started = await post('/v1/runs', { ...start, label });
      assert.equal(started.status, 201);
      assert.equal(started.headers.get('location'), started.json.links.self);
      await world.handle(started.json.runId).result();
      const { json } = await get(started.json.links.self);
      assert.equal(json.status, 'completed');
      assert.equal(json.result.output, 'a summary');
      assert.equal(json.label, label);
      const rows = await eventually('the list to show it', async () => {
        const page = await get(`/v1/runs?label=${label}&status=completed`);
        return page.json.runs?.length === 1 && page.json.runs;
      });
      assert.equal(rows[0].runId, started.json.runId);
      assert.equal(rows[0].crew.name, 'pair');
      assert.equal((await get(`/v1/runs?label=${label}&status=failed`)).json.runs.length, 0);
    });
  });

  it('pages through the list without missing or repeating a run', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      // A quote in a label must not reach the query language.
      const label = `${uniqueName("o'label")} \\ ' OR '1'='1`;
      const ids = new Set<string>();
      for (let n = 0; n < 5; n++) ids.add((await post('/v1/runs', { ...start, label })).json.runId);
      // One that ends while pages are read changes its place in the list.
      await Promise.all([...ids].map((runId) => world.handle(runId).result()));
      const query = `/v1/runs?limit=2&label=${encodeURIComponent(label)}`;
      await eventually('all to be listed as they are', async () => {
        const { json } = await get(`${query.replace('limit=2', 'limit=50')}&status=completed`);
        return json.runs?.length === 5;
      });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { json } = await get(cursor === undefined ? query : `${query}&cursor=${cursor}`);
        seen.push(...json.runs.map(({ runId }: { runId: string }) => runId));
        cursor = json.nextCursor;
      } while (cursor !== undefined);
      assert.deepEqual([...seen].sort(), [...ids].sort());
      const first = await get(query);
      const elsewhere = await get(`/v1/runs?limit=2&cursor=${first.json.nextCursor}`);
      assert.equal(elsewhere.json.code, 'invalid_cursor');
    });
  });

  it('starts one run for one Idempotency-Key, and refuses another body under it', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post } = appFor(world);
      const headers = { 'idempotency-key': uniqueName('key') };
      const one = await post('/v1/runs', start, headers);
      const two = await post('/v1/runs', { inputs: { topic: 'tea' }, crew: 'pair' }, headers);
      assert.equal(one.status, 201);
      assert.equal(two.status, 200);
      assert.equal(two.json.runId, one.json.runId);
      const other = await post('/v1/runs', { ...start, inputs: { topic: 'coffee' } }, headers);
      assert.equal(other.status, 422);
      assert.equal(other.json.code, 'idempotency_key_reused');
      await world.handle(one.json.runId).result();
      assert.equal((await post('/v1/runs', start, headers)).json.runId, one.json.runId);
      assert.equal(world.model.calls().length, 2);
    });
  });

  it('answers 404 for runs that are not there', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { get, post } = appFor(world);
      assert.equal((await get('/v1/runs/nobody')).json.code, 'run_not_found');
      assert.equal((await post('/v1/runs/nobody/approvals/a', { action: 'approve' })).json.code, 'run_not_found');
      const signal = await post('/v1/runs/nobody/approvals/a', { action: 'approve' }, { prefer: 'respond-async' });
      assert.equal(signal.json.code, 'run_not_found');
    });
  });
});

describe('POST /v1/runs/{runId}/approvals/{approvalId}', () => {
  /** Starts a run and waits until it asks a person; `path` is where the answer goes. */
  async function waitingRun({ post, get }: Pick<ReturnType<typeof testApp>, 'post' | 'get'>) {
    const { runId } = (await post('/v1/runs', { crew: 'reviewed', inputs: { topic: 'tea' } })).json;
    const approval = await eventually('the approval', async () => (await get(`/v1/runs/${runId}`)).json.approvals?.[0]);
    return { runId, path: `/v1/runs/${runId}/approvals/${approval.id}` };
  }

  it('decides: 200 with the decision, then 409 with who and when; 404 and 422 for what does not fit', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      const { runId, path } = await waitingRun({ post, get });
      assert.equal((await post(`/v1/runs/${runId}/approvals/other`, { action: 'approve' })).status, 404);
      assert.equal((await post(path, { action: 'edit' })).status, 422);
      assert.equal((await post(path, { action: 'reject' })).json.errors[0].path, 'feedback');
      assert.equal((await post(path, { action: 'nod' })).json.errors[0].path, 'action');

      const decided = await post(path, { action: 'approve', by: 'ada' });
      assert.equal(decided.status, 200);
      assert.equal(decided.json.status, 'decided');
      assert.equal(decided.json.decision.by, 'ada');
      const again = await post(path, { action: 'approve', by: 'bob' });
      assert.equal(again.status, 409);
      assert.equal(again.json.approval.decision.by, 'ada');
      assert.match(again.json.detail, /by ada/);
    });
  });

  it('sends a plain signal with Prefer: respond-async', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, get } = appFor(world);
      const { runId, path } = await waitingRun({ post, get });
      const sent = await post(path, { action: 'approve', by: 'ada' }, { prefer: 'respond-async' });
      assert.equal(sent.status, 202);
      await world.handle(runId).result();
      assert.equal((await get(`/v1/runs/${runId}`)).json.approvals[0].decision.via, 'signal');
    });
  });
});

describe('probes', () => {
  it('are ready when Temporal answers and a worker polls', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { get } = appFor(world);
      const { json } = await eventually('readiness', async () => {
        const answer = await get('/readyz');
        return answer.status === 200 && answer;
      });
      assert.deepEqual(json.checks, { temporal: 'ok', worker: 'polling', gateway: 'serving' });
    });
  });
});
