import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { batchRunId, batchWorkflowId } from '../../src/contract/coordination.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import {
  answersAfter,
  callsAbout,
  gatewayOf,
  gatewayOfTold,
  sayer,
  untilCalled,
  type Gateway,
} from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { stopped, testStore } from '../support/store.js';
import { serverWith, testServer } from '../support/temporal.js';

const itemsOf = (count: number, topic = 'topic') =>
  Array.from({ length: count }, (_, at) => ({ inputs: { topic: `${topic}${at}.` } }));

const ended = ({ get }: Gateway, batchId: string, timeoutMs = 90_000) =>
  eventually(
    'the batch to end',
    async () => {
      const { json } = await get(`/v1/batches/${batchId}`);
      return json?.endedAt !== undefined && json;
    },
    timeoutMs,
  );

const linesOf = async ({ get }: Gateway, batchId: string) => {
  const { status, headers, text } = await get(`/v1/batches/${batchId}/results`);
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^application\/x-ndjson/);
  return text
    .trimEnd()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { index: number; runId?: string; status: string; output?: string; error?: object },
    );
};

describe('/v1/batches', function () {
  this.timeout(180_000);

  it('runs every item, never more at once than it may, and gives the results in order', async () => {
    // The first ones last, so that there are as many at once as there may be.
    const long = Array.from({ length: 3 }, () => ({ when: 'SAY', text: 'words', delay_ms: 1_500 }));
    await inCrewWorld({ answers: [...long, ...answersAfter(50)] }, async (world) => {
      const gateway = gatewayOfTold(world);
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, world.model.calls().filter(({ outcome }) => outcome === 'in_flight').length);
      }, 5);
      const started = await gateway.post('/v1/batches', {
        crew: 'sayer',
        items: itemsOf(30),
        maxConcurrent: 3,
        label: 'b',
      });
      assert.equal(started.status, 201, started.text);
      assert.equal(started.headers.get('location'), started.json.links.self);
      const batch = await ended(gateway, started.json.batchId as string);
      clearInterval(watch);
      assert.equal(most, 3);
      assert.equal(batch.status, 'completed');
      assert.equal(batch.counts.completed, 30);
      assert.equal(world.model.calls().length, 30);
      // A closed batch needs no worker.
      await world.stopWorker();
      const lines = await linesOf(gateway, batch.batchId as string);
      assert.deepEqual(
        lines.map(({ index, runId, status, output }) => [index, runId, status, output]),
        itemsOf(30).map((_, at) => [at, `${batch.batchId}-${at}`, 'completed', 'words']),
      );
      const list = await eventually('the row', async () => {
        const { json } = await gateway.get('/v1/batches?limit=100');
        const row = json.batches.find(({ batchId }: { batchId: string }) => batchId === batch.batchId);
        return row?.status === 'completed' && row;
      });
      assert.equal(list.label, 'b');
      assert.equal(list.total, 30);
    });
  });

  it('checks every item before anything is started', async () => {
    await inCrewWorld({ answers: answersAfter() }, async (world) => {
      const { post, get } = gatewayOf(world);
      const items = [...itemsOf(3), { inputs: { topic: 7 } }, { inputs: { tpic: 'x' } }];
      const { status, json } = await post('/v1/batches', { crew: 'sayer', items });
      assert.equal(status, 422);
      assert.deepEqual(
        json.errors.map(({ path }: { path: string }) => path),
        ['items.3.inputs.topic', 'items.4.inputs.tpic', 'items.4.inputs.topic'],
      );
      assert.equal((await post('/v1/batches', { crew: 'sayer', items: [] })).status, 422);
      assert.equal((await post('/v1/batches', { crew: 'nobody', items: itemsOf(1) })).status, 404);
      assert.equal((await get('/v1/batches/none')).json.code, 'batch_not_found');
      assert.equal((await get('/v1/batches/none/results')).status, 404);
      assert.equal((await post('/v1/batches/none/cancel', {})).status, 404);
    });
  });

  it('gives the same batch for the same Idempotency-Key, and refuses another body', async () => {
    await inCrewWorld({ answers: answersAfter() }, async (world) => {
      const gateway = gatewayOf(world);
      const key = { 'idempotency-key': world.taskQueue };
      const body = { crew: 'sayer', items: itemsOf(2) };
      const first = await gateway.post('/v1/batches', body, key);
      const again = await gateway.post('/v1/batches', body, key);
      assert.deepEqual([first.status, again.status], [201, 200]);
      assert.equal(again.json.batchId, first.json.batchId);
      const other = await gateway.post('/v1/batches', { ...body, items: itemsOf(3) }, key);
      assert.equal(other.status, 422);
      assert.equal(other.json.code, 'idempotency_key_reused');
      await ended(gateway, first.json.batchId as string);
      assert.equal(world.model.calls().length, 2);
    });
  });

  it('cancels what is open and starts no more', async () => {
    await inCrewWorld({ answers: answersAfter() }, async (world) => {
      const gateway = gatewayOf(world);
      const { json } = await gateway.post('/v1/batches', {
        crew: 'sayer',
        items: itemsOf(5, 'hang'),
        maxConcurrent: 2,
      });
      await eventually('two calls', () => Promise.resolve(world.model.calls().length === 2));
      const early = await linesOf(gateway, json.batchId as string);
      assert.deepEqual(
        early.map(({ status }) => status),
        ['running', 'running', 'queued', 'queued', 'queued'],
      );
      assert.equal((await gateway.post(`/v1/batches/${json.batchId}/cancel`, {})).status, 202);
      const batch = await ended(gateway, json.batchId as string);
      assert.equal(batch.status, 'cancelled');
      assert.deepEqual([batch.counts.cancelled, batch.counts.skipped], [2, 3]);
      assert.equal(world.model.calls().length, 2);
      const lines = await linesOf(gateway, json.batchId as string);
      assert.deepEqual(
        lines.map(({ status }) => status),
        ['cancelled', 'cancelled', 'skipped', 'skipped', 'skipped'],
      );
      const late = await gateway.post(`/v1/batches/${json.batchId}/cancel`, {});
      assert.equal(late.json.code, 'run_closed');
    });
  });

  it('goes on past items that fail, and past one that was terminated without a word', async () => {
    const answers = [{ when: 'SAY bad', error: { status: 401, message: 'no' } }, ...answersAfter()];
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const items = ['hang', 'bad', 'good', 'fine'].map((topic) => ({ inputs: { topic } }));
      const { json } = await gateway.post('/v1/batches', { crew: 'sayer', items, maxConcurrent: 1 });
      await untilCalled(world, 'hang');
      await world.handle(batchRunId(json.batchId as string, 0)).terminate('by an operator');
      const batch = await ended(gateway, json.batchId as string);
      const { terminated, failed, completed } = batch.counts;
      assert.deepEqual([terminated, failed, completed], [1, 1, 2]);
      const lines = await linesOf(gateway, json.batchId as string);
      assert.deepEqual(
        lines.map(({ status }) => status),
        ['terminated', 'failed', 'completed', 'completed'],
      );
      assert.ok(lines[1]?.error);
    });
  });

  it('goes on when its worker is another one', async () => {
    await inCrewWorld({ answers: answersAfter(150) }, async (world) => {
      const gateway = gatewayOf(world);
      const { json } = await gateway.post('/v1/batches', { crew: 'sayer', items: itemsOf(8), maxConcurrent: 2 });
      await eventually('some calls', () => Promise.resolve(world.model.calls().length >= 3));
      await world.stopWorker();
      await world.startWorker();
      const batch = await ended(gateway, json.batchId as string);
      assert.equal(batch.counts.completed, 8);
      for (let at = 0; at < 8; at++) assert.ok(callsAbout(world, `topic${at}.`) >= 1);
    });
  });

  it('goes on as new when its history is long, and knows all that was', async () => {
    const server = await serverWith('limit.historyCount.suggestContinueAsNew=60');
    try {
      await inCrewWorld(
        { answers: answersAfter(20) },
        async (world) => {
          const gateway = gatewayOf(world);
          const { json } = await gateway.post('/v1/batches', { crew: 'sayer', items: itemsOf(24), maxConcurrent: 4 });
          const batch = await ended(gateway, json.batchId as string);
          assert.equal(batch.counts.completed, 24);
          assert.equal(world.model.calls().length, 24);
          const workflowId = batchWorkflowId(DEFAULT_TENANT, json.batchId as string);
          const { raw, runId } = await world.client.workflow.getHandle(workflowId).describe();
          assert.notEqual(raw.workflowExecutionInfo?.firstRunId, runId);
        },
        { server },
      );
    } finally {
      await server.env.teardown();
    }
  });

  it('is finished by the worker when the gateway that took it was killed', async () => {
    await inCrewWorld({ answers: answersAfter(150) }, async (world) => {
      const folder = mkdtempSync(join(tmpdir(), 'crews-'));
      writeFileSync(join(folder, 'sayer.yaml'), stringify(sayer.definition));
      const { child, url } = await realGateway(world, folder);
      try {
        // Where it is told to come again, it does, with the same key.
        const response = await eventually('an answer', async () => {
          const answer = await fetch(`${url}/v1/batches`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': world.taskQueue },
            body: JSON.stringify({ crew: 'sayer', items: itemsOf(12), maxConcurrent: 3 }),
          });
          return answer.status !== 503 && answer;
        });
        const text = await response.text();
        assert.ok(response.ok, text);
        const { batchId } = JSON.parse(text) as { batchId: string };
        await eventually('some calls', () => Promise.resolve(world.model.calls().length >= 4));
        await stopped(child, 'SIGKILL');
        const gateway = gatewayOf(world);
        const batch = await ended(gateway, batchId);
        assert.equal(batch.counts.completed, 12);
        const lines = await linesOf(gateway, batchId);
        assert.equal(lines.filter(({ output }) => output === 'words').length, 12);
        assert.equal(world.model.calls().length, 12, 'nothing was paid for twice');
      } finally {
        await stopped(child, 'SIGKILL');
        rmSync(folder, { recursive: true });
      }
    });
  });
});

/** A gateway in a process of its own, in front of the world's queue. */
async function realGateway(world: CrewWorld, crewsDir: string): Promise<{ child: ChildProcess; url: string }> {
  const [{ env }, { databaseUrl }] = await Promise.all([testServer(), testStore()]);
  const child = fork('src/gateway.ts', [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: '0',
      TEMPORAL_ADDRESS: env.address,
      TASK_QUEUE: world.taskQueue,
      DATABASE_URL: databaseUrl,
      CREWS_DIR: crewsDir,
      OPENAI_BASE_URL: world.model.url,
      OPENAI_API_KEY: 'none',
      OPENAI_MODEL: 'scripted-model',
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}`)));
  });
  return { child, url: `http://127.0.0.1:${port}` };
}
