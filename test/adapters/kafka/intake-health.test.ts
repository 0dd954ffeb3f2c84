import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { freePort } from '../../support/free-port.js';
import { testKafka } from '../../support/kafka.js';
import { stopped, testStore } from '../../support/store.js';
import { testServer } from '../../support/temporal.js';
import { makeTopics, requireKafka, settingsOf } from './support.js';

interface Health {
  status: number;
  body: { status: string; checks?: Record<string, unknown> };
}

/** An intake as a process, on these brokers. */
async function withIntake(
  brokers: string[],
  topic: string,
  use: (intake: { get(path: string): Promise<Health>; stop(): Promise<number | null> }) => Promise<void>,
): Promise<void> {
  const { env } = await testServer();
  const { databaseUrl } = await testStore();
  const folder = await mkdtemp(join(tmpdir(), 'intake-'));
  const config = { groupId: uniqueName('group'), deadLetterTopic: 'dead', topics: { [topic]: { decisions: true } } };
  await writeFile(join(folder, 'intake.yaml'), JSON.stringify(config));
  const port = await freePort();
  const child: ChildProcess = fork('src/main.ts', ['intake'], {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: env.address,
      TASK_QUEUE: uniqueName('queue'),
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_INTAKE_CONFIG: join(folder, 'intake.yaml'),
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      MODELS_CONFIG: 'none',
      MCP_CONFIG: 'none',
      WORKER_HEALTH_PORT: String(port),
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    await use({
      get: async (path) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: answer.status, body: (await answer.json()) as Health['body'] };
      },
      stop: async () => {
        await stopped(child);
        return child.exitCode;
      },
    });
  } finally {
    await stopped(child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

describe("an intake's health", function () {
  this.timeout(240_000);

  it('is alive while it waits for a broker, but not ready, and stops when it is told to', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    await withIntake([nobody], 'orders', async ({ get, stop }) => {
      const up = await eventually('it to serve', () => get('/healthz').catch(() => undefined), 120_000);
      assert.deepEqual(up, { status: 200, body: { status: 'ok' } });
      // Temporal may take longer now and then than a probe waits for it.
      const waiting = await eventually('Temporal to be reached', async () => {
        const answer = await get('/readyz');
        return answer.body.checks?.temporal === 'ok' && answer;
      });
      assert.deepEqual(waiting, {
        status: 503,
        body: { status: 'unavailable', checks: { temporal: 'ok', kafka: 'not in the group' } },
      });
      assert.equal(await stop(), 0);
    });
  });

  it('is ready when events can come to it', async function () {
    requireKafka(this);
    const { brokers } = await testKafka();
    const topic = uniqueName('orders');
    await makeTopics(settingsOf(brokers), topic);
    await withIntake(brokers, topic, async ({ get, stop }) => {
      const ready = await eventually(
        'it to be ready',
        async () => {
          const answer = await get('/readyz').catch(() => undefined);
          return answer?.status === 200 && answer;
        },
        60_000,
      );
      assert.deepEqual(ready.body, { status: 'ok', checks: { temporal: 'ok', kafka: 'ok' } });
      assert.equal(await stop(), 0);
    });
  });
});
