import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { RunView, TaskView } from '../../src/contract/views.js';
import { MAX_HYDRATED_CHARS } from '../../src/api/hydrate.js';
import type { CrewRuns, Store } from '../../src/ports.js';
import { testApp } from '../support/app.js';
import { failingRuns } from '../support/fake-runs.js';
import { failingStore, memoryStore } from '../support/memory-store.js';

const USAGE = {
  inputTokens: 1,
  outputTokens: 1,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  calls: 1,
  failedCalls: 0,
  unknownCalls: 0,
  usd: 0,
  durationMs: 1,
};

function task(id: string, more: Partial<TaskView>): TaskView {
  return { id, agent: 'a', role: 'A', status: 'completed', attempt: 1, usage: USAGE, attempts: [], ...more };
}

function viewOf(tasks: TaskView[], result?: RunView['result']): RunView {
  return {
    runId: 'r1',
    crew: { name: 'pair', version: '1', digest: 'd' },
    status: 'completed',
    inputs: {},
    tasks,
    approvals: [],
    usage: USAGE,
    agents: {},
    models: {},
    ...(result && { result }),
    startedAt: '2026-01-01T00:00:00.000Z',
    lastSeq: 1,
  };
}

/** Runs of which one, `r1`, is over and looks like this. */
function runsWith(view: RunView): CrewRuns {
  return {
    ...failingRuns(),
    start: () => Promise.resolve({ created: true, executionId: 'e1' }),
    waitForEnd: () => Promise.resolve(true),
    get: () => Promise.resolve({ view, executionId: 'e1', retrying: [] }),
  };
}

const put = (store: Store, text: string) => store.putText(DEFAULT_TENANT, text);
const execute = { workflow_id: 'a', parameters: { topic: 'tea' } };

describe('outputs that lie in the store', () => {
  it('are filled in, and parsed where they are JSON', async () => {
    const store = memoryStore();
    const [long, json] = [await put(store, 'long '.repeat(2_000)), await put(store, '{"total":7}')];
    const view = viewOf(
      [
        task('short', { output: 'as it is' }),
        task('long', { outputRef: long }),
        task('json', { outputRef: json, format: 'json' }),
      ],
      { output: '', outputRef: json, format: 'json' },
    );
    const app = testApp({ store, runs: runsWith(view) });
    const run = (await app.get('/v1/runs/r1')).json;
    assert.equal(run.tasks[0].output, 'as it is');
    assert.equal(run.tasks[1].output, 'long '.repeat(2_000));
    assert.equal(run.tasks[1].json, undefined);
    assert.deepEqual(run.tasks[2].json, { total: 7 });
    assert.equal(run.result.output, '{"total":7}');
    assert.deepEqual(run.result.json, { total: 7 });
    const { json: done } = await app.post('/agents/execute', execute);
    assert.deepEqual(done.result, { summary: '{"total":7}', json: { total: 7 } });
  });

  it('are left by reference where they are too many, the result first, and can be read one by one', async () => {
    const store = memoryStore();
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(MAX_HYDRATED_CHARS / 2));
    const refs = await Promise.all(texts.map((text) => put(store, text)));
    const view = viewOf(
      refs.map((outputRef, at) => task(`t${at}`, { outputRef })),
      { output: '', outputRef: refs[2] ?? { ref: '', chars: 0 } },
    );
    const { get } = testApp({ store, runs: runsWith(view) });
    const run = (await get('/v1/runs/r1')).json;
    assert.equal(run.result.output, texts[2]);
    assert.deepEqual(
      run.tasks.map(({ output }: TaskView) => output?.[0]),
      ['a', undefined, 'c'],
    );
    assert.equal((await get('/v1/runs/r1/tasks/t1/output')).text, texts[1]);
    assert.equal((await get('/v1/runs/r1/tasks/t7/output')).json.code, 'output_not_found');
  });

  it('are absent where the store has them no more, and the reference stays', async () => {
    const gone = { ref: 'f'.repeat(64), chars: 10 };
    const view = viewOf([task('t', { outputRef: gone, artifact: { path: 't.md', ref: gone } })], {
      output: '',
      outputRef: gone,
    });
    const { get, post } = testApp({ runs: runsWith(view) });
    const run = (await get('/v1/runs/r1')).json;
    assert.deepEqual([run.tasks[0].output, run.tasks[0].outputRef], [undefined, gone]);
    assert.equal((await get('/v1/runs/r1/artifacts/t.md')).json.code, 'output_not_found');
    assert.equal((await post('/agents/execute', execute)).status, 409);
  });

  it('are 503 while the store is away, with the run that was paid for', async () => {
    const outputRef = { ref: 'f'.repeat(64), chars: 10 };
    const view = viewOf([task('t', { outputRef })], { output: '', outputRef });
    const { get, post } = testApp({ runs: runsWith(view), store: failingStore() });
    assert.equal((await get('/v1/runs/r1')).json.code, 'store_unavailable');
    const { status, json } = await post('/agents/execute', { ...execute, crew: 'pair' });
    assert.deepEqual([status, json.code], [503, 'store_unavailable']);
    assert.equal(json.runId, 'r1');
  });

  it('are shown to the people who decide on them', async () => {
    const store = memoryStore();
    const shownRef = await put(store, 'a long draft');
    const approval = {
      id: 'a1',
      kind: 'task_output' as const,
      taskId: 't',
      attempt: 1,
      shown: '',
      shownRef,
      actions: ['approve' as const],
      status: 'open' as const,
      requestedAt: '2026-01-01T00:00:00.000Z',
    };
    const view = { ...viewOf([task('t', { status: 'waiting_human' })]), approvals: [approval] };
    const run = (await testApp({ store, runs: runsWith(view) }).get('/v1/runs/r1')).json;
    assert.equal(run.approvals[0].shown, 'a long draft');
  });

  it('are texts though they are said to be JSON and a person wrote something else', async () => {
    const view = viewOf([task('t', { output: 'not JSON', format: 'json' })]);
    const run = (await testApp({ runs: runsWith(view) }).get('/v1/runs/r1')).json;
    assert.deepEqual([run.tasks[0].output, 'json' in run.tasks[0]], ['not JSON', false]);
  });
});

describe('/v1/runs/{runId}/artifacts', () => {
  const texts: Record<string, string> = {
    'reports/tea 1.md': '# Tea',
    'data.json': '{"a":1}',
    'page.html': '<script>alert(1)</script>',
    'a"b\'ü%2F.txt': 'odd',
  };
  let app: ReturnType<typeof testApp>;
  before(async () => {
    const store = memoryStore();
    const named = Object.entries(texts).map(async ([path, text], at) =>
      task(`t${at}`, { output: text, artifact: { path, ref: await put(store, text) } }),
    );
    // Nothing in a run's view names this one.
    await put(store, 'secret');
    const tasks = [
      ...(await Promise.all(named)),
      task('running', { status: 'running' }),
      task('plain', { output: 'x' }),
    ];
    app = testApp({ store, runs: runsWith(viewOf(tasks)) });
  });
  const get = (path: string) => app.get(path);

  it('are listed with where they are', async () => {
    const { json } = await get('/v1/runs/r1/artifacts');
    assert.deepEqual(
      json.artifacts.map(({ path, taskId, contentType, chars }: Record<string, unknown>) => [
        path,
        taskId,
        contentType,
        chars,
      ]),
      [
        ['a"b\'ü%2F.txt', 't3', 'text/plain', 3],
        ['data.json', 't1', 'application/json', 7],
        ['page.html', 't2', 'text/plain', 25],
        ['reports/tea 1.md', 't0', 'text/markdown', 5],
      ],
    );
    for (const { links, path } of json.artifacts) {
      const { status, text } = await get(links.self);
      assert.deepEqual([status, text], [200, texts[path]], links.self);
    }
  });

  it('are given out as what a browser runs nothing of', async () => {
    const { headers, text } = await get('/v1/runs/r1/artifacts/page.html');
    assert.equal(text, '<script>alert(1)</script>');
    assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(headers.get('content-disposition'), `attachment; filename="page.html"; filename*=UTF-8''page.html`);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
    const odd = await get(`/v1/runs/r1/artifacts/${encodeURIComponent('a"b\'ü%2F.txt')}`);
    assert.equal(
      odd.headers.get('content-disposition'),
      `attachment; filename="a_b'_%2F.txt"; filename*=UTF-8''a%22b%27%C3%BC%252F.txt`,
    );
  });

  it('are found with a slash as it is or encoded', async () => {
    for (const path of ['reports/tea%201.md', 'reports%2Ftea%201.md']) {
      const { status, headers } = await get(`/v1/runs/r1/artifacts/${path}`);
      assert.equal(status, 200, path);
      assert.equal(headers.get('content-type'), 'text/markdown; charset=utf-8');
    }
  });

  const tricks = [
    '..%2F..%2Fetc%2Fpasswd',
    '../../../etc/passwd',
    'reports/../data.json/',
    'reports%2F..%2Fdata.json',
    'reports//tea%201.md',
    './/data.json',
    '%2Fdata.json',
    'data.json%00',
    'data.json%00.md',
    'data%252Ejson',
    'reports%5Ctea%201.md',
    '%2e%2e%2fdata.json',
    '%c0%ae%c0%ae/data.json',
    'DATA.JSON',
    '%E0%A4%A',
    '__proto__',
  ];
  for (const path of tricks) {
    it(`are 404 under ${path}`, async () => assert.equal((await get(`/v1/runs/r1/artifacts/${path}`)).status, 404));
  }

  it('are read only', async () => {
    for (const path of ['', '/data.json', '/reports/tea.md']) {
      const { status } = await app.send('DELETE', `/v1/runs/r1/artifacts${path}`);
      assert.ok(status === 405 || status === 404, `${status}`);
    }
    assert.equal((await app.send('HEAD', '/v1/runs/r1/artifacts/data.json')).status, 200);
  });
});
