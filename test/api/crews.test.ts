import assert from 'node:assert/strict';
import { createCatalog } from '../../src/adapters/catalog.js';
import { digestOf } from '../../src/adapters/definition-digest.js';
import { RunsError } from '../../src/contract/runs-error.js';
import type { CrewRuns, StartRun } from '../../src/ports.js';
import { registryOf, testApp } from '../support/app.js';
import { crewDocument, crewOf, filesOf } from '../support/crews.js';
import { failingRuns } from '../support/fake-runs.js';
import { failingStore, memoryStore } from '../support/memory-store.js';

/** A definition under a name that no file has. */
const mine = (change: object = {}) => ({ ...crewDocument(), name: 'mine', ...change });
const yaml = `schemaVersion: 1
name: mine
agents:
  a: { role: A, goal: B, backstory: C }
tasks:
  t: { description: D, expected_output: E, agent: b }
`;

/** Runs that keep what they were asked to start, and then say that Temporal is away. */
function recordingRuns(): CrewRuns & { asked: StartRun[] } {
  const asked: StartRun[] = [];
  const start = (run: StartRun) => {
    asked.push(run);
    return Promise.reject(new RunsError('temporal_unavailable', 'Temporal cannot be reached'));
  };
  return { ...failingRuns(), asked, start };
}

describe('POST /v1/crews:validate', () => {
  it('says what a definition would do, and stores nothing', async () => {
    const { post, get } = testApp();
    const { status, json } = await post('/v1/crews:validate', mine());
    assert.equal(status, 200);
    assert.equal(json.valid, true);
    assert.equal(json.crew.name, 'mine');
    assert.deepEqual(json.explanation.stages, [['find'], ['write']]);
    assert.deepEqual(json.explanation.tasks[1], {
      id: 'write',
      agent: 'writer',
      after: ['find'],
      reads: ['find'],
      maxModelCalls: 3,
    });
    assert.equal(json.explanation.maxModelCalls, 6);
    assert.equal((await get('/v1/crews/mine')).status, 404);
  });

  it('gives the digest that the stored definition will have', async () => {
    const { post, send } = testApp();
    const { json } = await post('/v1/crews:validate', mine());
    assert.equal((await send('PUT', '/v1/crews/mine', mine())).json.digest, json.crew.digest);
  });

  it('lists what is wrong, with paths, in a 200: the question was answered', async () => {
    const { status, json } = await testApp().post('/v1/crews:validate', mine({ process: 'paralel', taks: {} }));
    assert.equal(status, 200);
    assert.deepEqual(json, {
      valid: false,
      errors: [
        { path: 'process', message: 'Expected one of: sequential, parallel, hierarchical' },
        { path: 'taks', message: "Unknown key 'taks'. Did you mean 'tasks'?" },
      ],
    });
  });

  it('reads YAML, and says the line', async () => {
    const { post } = testApp();
    const { json } = await post('/v1/crews:validate', { yaml });
    assert.deepEqual(json.errors, [
      { path: 'tasks.t.agent', message: "No agent has the key 'b'. Did you mean 'a'?", line: 6, column: 44 },
    ]);
    const broken = await post('/v1/crews:validate', { yaml: 'a: [' });
    assert.equal(broken.json.valid, false);
    assert.equal(broken.json.errors[0].line, 1);
    assert.equal((await post('/v1/crews:validate', { yaml: yaml.replace('agent: b', 'agent: a') })).json.valid, true);
  });

  it('checks against what the operator configured', async () => {
    const known = { tools: { tools: ['calculator'], servers: ['files'] }, guardrails: [], schemas: [] };
    const { post } = testApp({ known, models: registryOf('small', 'large') });
    const document = mine();
    Object.assign(document.agents.finder, { llm: ['lrge', 'small'], tools: ['calculater', 'files/*', 'file/read'] });
    const { json } = await post('/v1/crews:validate', document);
    assert.deepEqual(json.errors, [
      { path: 'agents.finder.llm.0', message: "The model 'lrge' is not configured. Did you mean 'large'?" },
      { path: 'agents.finder.tools.0', message: "No tool 'calculater' is configured. Did you mean 'calculator'?" },
      { path: 'agents.finder.tools.2', message: "No server 'file' of tools is configured. Did you mean 'files'?" },
    ]);
  });

  it('refuses bodies that are no definition at all', async () => {
    const { post, send } = testApp();
    for (const body of ['[]', '7', 'null', { yaml: 7 }, { yaml: 'a', name: 'b' }]) {
      assert.equal((await post('/v1/crews:validate', body)).json.code, 'invalid_request', JSON.stringify(body));
    }
    assert.equal((await post('/v1/crews:validate', '{')).status, 400);
    assert.equal((await send('GET', '/v1/crews:validate')).headers.get('allow'), 'POST');
  });
});

describe('PUT /v1/crews/{name}', () => {
  it('stores versions that never change, and gives the newest', async () => {
    const { send, get } = testApp();
    const first = await send('PUT', '/v1/crews/mine', mine());
    assert.equal(first.status, 201);
    assert.equal(first.json.version, '1');
    assert.equal(first.headers.get('location'), 'http://localhost/v1/crews/mine?version=1');
    const second = await send('PUT', '/v1/crews/mine', mine({ description: 'Better' }));
    assert.equal(second.json.version, '2');
    assert.equal((await get('/v1/crews/mine')).json.description, 'Better');
    const old = (await get('/v1/crews/mine?version=1')).json;
    assert.equal(old.description, undefined);
    assert.equal(old.digest, first.json.digest);
    assert.deepEqual(Object.keys(old.definition.tasks), ['find', 'write']);
    assert.deepEqual(
      (await get('/v1/crews/mine/versions')).json.versions.map(({ version }: { version: string }) => version),
      ['2', '1'],
    );
  });

  it('answers 200 with the version that a definition has already, and says whether it is the newest', async () => {
    const { send } = testApp();
    await send('PUT', '/v1/crews/mine', mine());
    const same = await send('PUT', '/v1/crews/mine', mine());
    assert.deepEqual([same.status, same.json.version, same.json.newest], [200, '1', true]);
    await send('PUT', '/v1/crews/mine', mine({ description: 'Better' }));
    const back = await send('PUT', '/v1/crews/mine', mine());
    assert.deepEqual([back.status, back.json.version, back.json.newest], [200, '1', false]);
  });

  it('refuses what is not valid, another name, and the name of a file', async () => {
    const { send, get } = testApp();
    const invalid = await send('PUT', '/v1/crews/mine', mine({ tasks: {} }));
    assert.deepEqual([invalid.status, invalid.json.code], [422, 'invalid_definition']);
    assert.deepEqual(invalid.json.errors, [{ path: 'tasks', message: 'Expected at least one task' }]);
    const other = await send('PUT', '/v1/crews/yours', mine());
    assert.deepEqual([other.status, other.json.errors[0].path], [422, 'name']);
    const taken = await send('PUT', '/v1/crews/pair', crewDocument());
    assert.deepEqual([taken.status, taken.json.code], [409, 'crew_name_taken']);
    assert.equal((await send('PUT', '/v1/crews/a%20b', mine())).status, 404);
    assert.equal((await send('PUT', '/v1/crews/mine', mine(), { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await get('/v1/crews')).json.crews.length, 1);
  });

  it('is 503 with Retry-After while the store is away; crews of files are still there', async () => {
    const { send, get } = testApp({ store: failingStore() });
    const { status, headers, json } = await send('PUT', '/v1/crews/mine', mine());
    assert.deepEqual([status, json.code, headers.get('retry-after')], [503, 'store_unavailable', '2']);
    assert.equal((await get('/v1/crews')).status, 503);
    assert.equal((await get('/v1/crews/pair')).status, 200);
  });
});

describe('GET /v1/crews', () => {
  it('lists files and what is stored, by name', async () => {
    const { send, get } = testApp();
    await send('PUT', '/v1/crews/mine', mine());
    const { json } = await get('/v1/crews');
    assert.deepEqual(
      json.crews.map(({ name, source, version }: Record<string, string>) => [name, source, (version ?? '').length > 8]),
      [
        ['mine', 'store', false],
        ['pair', 'file', true],
      ],
    );
  });

  it('says which versions there are where the one that is named is none', async () => {
    const { send, get } = testApp();
    await send('PUT', '/v1/crews/mine', mine());
    assert.match((await get('/v1/crews/mine?version=7')).json.detail, /has no version '7'\. Newest: 1$/);
    assert.equal((await get('/v1/crews/mine?version=x')).status, 422);
    assert.match((await get('/v1/crews/mime')).json.detail, /Did you mean 'mine'\?/);
    assert.equal((await get('/v1/crews/nobody/versions')).status, 404);
  });

  it('lets a file come before what is stored under its name, whose versions stay', async () => {
    const store = memoryStore();
    await testApp({ store }).send('PUT', '/v1/crews/mine', mine());
    const file = crewOf(mine({ description: 'From a file' }));
    const { get } = testApp({ store, crews: createCatalog(filesOf(file), store) });
    assert.equal((await get('/v1/crews/mine')).json.source, 'file');
    assert.equal((await get('/v1/crews')).json.crews.length, 1);
    assert.equal((await get('/v1/crews/mine?version=1')).json.source, 'store');
    assert.equal((await get(`/v1/crews/mine?version=${file.ref.digest.slice(0, 8)}`)).json.source, 'file');
    assert.equal((await get('/v1/crews/mine/versions')).json.versions.length, 2);
  });
});

describe('runs of a version', () => {
  const inputs = { topic: 'tea' };

  it('start what crew@version names, and the ref says so', async () => {
    const runs = recordingRuns();
    const { send, post } = testApp({ runs });
    const first = await send('PUT', '/v1/crews/mine', mine());
    await send('PUT', '/v1/crews/mine', mine({ description: 'Better' }));
    const names = ['mine', 'mine@1', `mine@${first.json.digest.slice(0, 8)}`];
    for (const crew of names) await post('/v1/runs', { crew, inputs });
    for (const crew of names) await post('/agents/execute', { workflow_id: 'a', crew, parameters: inputs });
    assert.deepEqual(
      runs.asked.map(({ crew }) => crew.ref.version),
      ['2', '1', '1', '2', '1', '1'],
    );
    assert.equal(runs.asked[1]?.crew.ref.digest, first.json.digest);
    const stored = runs.asked[1];
    assert.equal(stored && digestOf(stored.crew.definition), first.json.digest);
  });

  it('are refused where there is no such version, or no such way to write one', async () => {
    const { post } = testApp();
    assert.equal((await post('/v1/runs', { crew: 'pair@7', inputs })).json.code, 'crew_not_found');
    for (const crew of ['pair@', 'pair@0', 'pair@abc', 'pair@1@2', '@1', 'pair@-1', `pair@${'a'.repeat(65)}`]) {
      assert.equal((await post('/v1/runs', { crew, inputs })).json.code, 'invalid_request', crew);
    }
  });

  it('count another version under the same Idempotency-Key as another request', async () => {
    const runs = recordingRuns();
    const { send, post } = testApp({ runs });
    await send('PUT', '/v1/crews/mine', mine());
    const headers = { 'idempotency-key': 'k' };
    for (const crew of ['mine', 'mine@1']) await post('/v1/runs', { crew, inputs }, headers);
    const [one, two] = runs.asked;
    assert.equal(one?.runId, two?.runId);
    assert.notEqual(one?.requestDigest, two?.requestDigest);
  });

  it('carry the facts of every model that the crew may ask', async () => {
    const runs = recordingRuns();
    const document = mine({ planning: true, planning_llm: 'planner' });
    Object.assign(document.agents.finder, { llm: ['large', 'small'] });
    document.tasks['write'] = { ...document.tasks['write'], condition: { question: 'Any facts?', llm: 'judge' } };
    const models = registryOf('small', 'large', 'planner', 'judge', 'unused');
    const { send, post } = testApp({ runs, models });
    await send('PUT', '/v1/crews/mine', document);
    await post('/v1/runs', { crew: 'mine', inputs });
    assert.deepEqual(runs.asked[0]?.models, {
      '': { name: 'small' },
      large: { name: 'large' },
      small: { name: 'small' },
      planner: { name: 'planner' },
      judge: { name: 'judge' },
    });
  });

  it('are 409 where a stored definition names what is not configured any more', async () => {
    const store = memoryStore();
    const document = mine();
    Object.assign(document.agents.finder, { llm: 'large', tools: ['calculator'] });
    await testApp({ store, models: registryOf('small', 'large') }).send('PUT', '/v1/crews/mine', document);
    const runs = recordingRuns();
    const { post } = testApp({ store, runs, known: { tools: { tools: [], servers: [] } } });
    const { status, json } = await post('/v1/runs', { crew: 'mine', inputs });
    assert.deepEqual([status, json.code, runs.asked.length], [409, 'crew_not_runnable', 0]);
    assert.deepEqual(
      json.errors.map(({ path }: { path: string }) => path),
      ['agents.finder.llm', 'agents.finder.tools.0'],
    );
  });
});
