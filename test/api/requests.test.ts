import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RunsError } from '../../src/contract/runs-error.js';
import { failingRuns } from '../support/fake-runs.js';
import { testApp } from '../support/app.js';

describe('requests that are not right', () => {
  const { post, get, send } = testApp();
  const deep = `{"workflow_id":"a","parameters":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const bodies: [title: string, body: unknown, status: number, code: string][] = [
    ['not JSON', '{', 400, 'invalid_json'],
    ['an empty body', '', 400, 'invalid_json'],
    ['JSON that is no object', '7', 422, 'invalid_request'],
    ['null', 'null', 422, 'invalid_request'],
    ['a missing workflow_id', { parameters: {} }, 422, 'invalid_request'],
    ['a workflow_id of another type', { workflow_id: 7 }, 422, 'invalid_request'],
    ['a control character', { workflow_id: 'a\u0007' }, 422, 'invalid_request'],
    ['an unknown key', { workflow_id: 'a', params: {} }, 422, 'invalid_request'],
    ['parameters that are a list', { workflow_id: 'a', parameters: [] }, 422, 'invalid_request'],
    ['a missing parameter', { workflow_id: 'a' }, 422, 'invalid_inputs'],
    ['an extra parameter', { workflow_id: 'a', parameters: { topic: 'x', more: 1 } }, 422, 'invalid_inputs'],
    ['a parameter of another type', { workflow_id: 'a', parameters: { topic: {} } }, 422, 'invalid_inputs'],
    ['an unknown crew', { workflow_id: 'a', crew: 'nobody', parameters: {} }, 404, 'crew_not_found'],
    ['deep nesting', deep, 400, 'body_too_complex'],
    ['10 MB', `"${'a'.repeat(10_000_000)}"`, 413, 'body_too_large'],
  ];
  for (const [title, body, status, code] of bodies) {
    it(`answers ${status} ${code} to ${title}`, async () => {
      const { json, ...answer } = await post('/agents/execute', body);
      assert.equal(answer.status, status);
      assert.equal(json.code, code);
      assert.equal(json.status, status);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.equal(answer.headers.get('x-request-id'), json.requestId);
    });
  }

  it('names the field and the nearest known one', async () => {
    const { json } = await post('/agents/execute', { workflow_id: 'a', parameters: { topc: 'x' } });
    assert.deepEqual(json.errors, [
      { path: 'parameters.topc', message: "Unknown input. Did you mean 'topic'?" },
      { path: 'parameters.topic', message: 'Required: expected a text' },
    ]);
  });

  it('must declare JSON, so that no form of a web page gets through', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      const { status } = await post('/agents/execute', '{}', { 'content-type': type });
      assert.equal(status, 415, type);
    }
  });

  it('must come under a name of ours, and from no page of another origin', async () => {
    assert.equal((await get('http://evil.example/v1/crews')).json.code, 'forbidden_host');
    for (const origin of ['http://evil.example', 'http://localhost:3000', 'null', 'file://']) {
      assert.equal((await get('/v1/crews', { origin })).json.code, 'forbidden_origin', origin);
    }
    assert.equal((await get('http://localhost/v1/crews', { origin: 'http://localhost' })).status, 200);
    const named = testApp({ settings: { allowedHosts: ['crews.example'] } });
    assert.equal((await named.get('https://crews.example/v1/crews')).status, 200);
  });

  it('get 404 for what is not there, and 405 with Allow for another method', async () => {
    assert.equal((await get('/nothing')).json.code, 'not_found');
    assert.equal((await get('/v1/crews/nobody')).json.code, 'crew_not_found');
    assert.equal((await get('/v1/runs/not%20an%20id')).status, 404);
    const { status, headers } = await send('DELETE', '/v1/crews');
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET, HEAD');
  });

  it('get strict queries', async () => {
    assert.deepEqual((await get('/v1/runs?statsu=running')).json.errors, [
      { path: 'statsu', message: "Unknown key 'statsu'. Did you mean 'status'?" },
    ]);
    assert.equal((await get('/v1/runs?limit=0')).status, 422);
    assert.equal((await get('/v1/runs?status=bad')).status, 422);
  });

  it('keep the caller’s request id where it is one', async () => {
    assert.equal((await get('/healthz', { 'x-request-id': 'abc-1' })).headers.get('x-request-id'), 'abc-1');
    const made = (await get('/healthz', { 'x-request-id': 'not an id' })).headers.get('x-request-id');
    assert.match(made ?? '', /^[0-9a-f-]{36}$/);
  });

  it('never get a 5xx nor an internal word, whatever JSON they carry', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom('/agents/execute', '/v1/runs', '/v1/runs/x/approvals/y'),
        async (body, path) => {
          const { status } = await post(path, body);
          // 503: a body that happens to be right reaches the runs, which are not there in this test.
          assert.ok(status < 500 || status === 503, `${status}`);
        },
      ),
    );
  });
});

describe('faults behind the gateway', () => {
  const body = { workflow_id: 'a', parameters: { topic: 'tea' } };

  it('are 503 with Retry-After while Temporal is away', async () => {
    const { post, get } = testApp();
    const { status, headers, json } = await post('/agents/execute', body);
    assert.equal(status, 503);
    assert.equal(json.code, 'temporal_unavailable');
    assert.equal(headers.get('retry-after'), '2');
    assert.equal((await get('/readyz')).status, 503);
    assert.equal((await get('/healthz')).status, 200);
  });

  it('show nothing internal in a 500, and everything in the log', async () => {
    const { post, logger } = testApp({ runs: failingRuns(new Error('secret: /etc/passwd at 10.0.0.1')) });
    const { status, json } = await post('/v1/runs', { crew: 'pair', inputs: { topic: 'tea' } });
    assert.equal(status, 500);
    assert.doesNotMatch(JSON.stringify(json), /secret|passwd|10\.0/);
    const line = logger.lines.find(({ message }) => message === 'request failed');
    assert.equal((line?.fields as { requestId: string }).requestId, json.requestId);
  });

  it('give the key to send again where the outcome of a decision is not known', async () => {
    const { post } = testApp({ runs: failingRuns(new RunsError('outcome_unknown', 'No answer in time')) });
    const path = '/v1/runs/r1/approvals/a1';
    const given = await post(path, { action: 'approve' }, { 'idempotency-key': 'k1' });
    assert.equal(given.status, 503);
    assert.equal(given.headers.get('idempotency-key'), 'k1');
    const made = await post(path, { action: 'approve' });
    assert.match(made.headers.get('idempotency-key') ?? '', /^[0-9a-f-]{36}$/);
  });
});
