import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createKafka } from '../../../src/adapters/kafka/client.js';
import { createProducer } from '../../../src/adapters/kafka/producer.js';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { testKafka } from '../../support/kafka.js';
import { memoryLogger } from '../../support/logger.js';
import { upTo } from '../../support/sink.js';
import { stopped, testStore } from '../../support/store.js';
import { testServer } from '../../support/temporal.js';
import { makeTopics, requireKafka, settingsOf } from './support.js';

const EVENTS = 1_000;
const KILLS = 5;
const SEED = 20_261_127;

/** Numbers between 0 and 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('an intake that is killed at random', function () {
  this.timeout(600_000);
  before(function () {
    requireKafka(this);
  });

  it(`makes ${EVENTS} runs of ${EVENTS} events, some of which come twice`, async () => {
    const settings = settingsOf((await testKafka()).brokers);
    const { env } = await testServer();
    const { databaseUrl } = await testStore();
    const [topic, dead, groupId, taskQueue] = ['orders', 'dead', 'group', 'queue'].map((name) => uniqueName(name));
    assert.ok(topic !== undefined && dead !== undefined && groupId !== undefined && taskQueue !== undefined);
    await makeTopics(settings, topic, dead);
    const folder = await mkdtemp(join(tmpdir(), 'intake-'));
    const config = { groupId, deadLetterTopic: dead, topics: { [topic]: { crew: 'research-summary' } } };
    await writeFile(join(folder, 'intake.yaml'), JSON.stringify(config));
    const variables = {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: env.address,
      TASK_QUEUE: taskQueue,
      KAFKA_BROKERS: settings.brokers.join(','),
      KAFKA_INTAKE_CONFIG: join(folder, 'intake.yaml'),
      KAFKA_INTAKE_SESSION_SECONDS: '2',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      MODELS_CONFIG: 'none',
      MCP_CONFIG: 'none',
      LOG_LEVEL: 'error',
    };
    const startProcess = () => {
      const child = fork('src/main.ts', ['intake'], {
        execArgv: ['--import', 'tsx'],
        env: { ...process.env, ...variables },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const ready = new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve());
        child.once('exit', (code) => reject(new Error(`the intake ended with code ${code}`)));
      });
      ready.catch(() => undefined);
      return { child, ready };
    };
    const runs = async () => (await env.client.workflow.count(`TaskQueue = '${taskQueue}'`)).count;
    const random = seeded(SEED);
    const producer = createProducer(settings, memoryLogger());
    let child: ChildProcess | undefined;
    try {
      const sending = (async () => {
        for (let from = 0; from < EVENTS; from += 50) {
          const numbers = upTo(50).map((n) => from + n);
          const again = numbers.filter(() => random() < 0.1);
          const messages = [...numbers, ...again].map((n) => ({
            key: String(n % 37),
            value: JSON.stringify({ topic: `topic ${n}` }),
            headers: { ce_id: `event-${n}`, ce_source: '/orders' },
          }));
          await producer.send(topic, messages);
          await pause(200);
        }
      })();
      for (let kill = 0; kill < KILLS; kill++) {
        const next = startProcess();
        child = next.child;
        await next.ready;
        // At any point of its work: from the first events on to some hundred later.
        const before = await runs();
        const least = before + Math.floor(random() * 120);
        await eventually('some runs', async () => (await runs()) >= Math.min(least, EVENTS), 120_000);
        await stopped(child, 'SIGKILL');
      }
      const last = startProcess();
      child = last.child;
      // The ones before may have done it all: it is told to stop when it can hear.
      await last.ready;
      await sending;
      await eventually('all to be committed', () => allCommitted(groupId, topic), 180_000);
      await eventually(`${EVENTS} runs`, async () => (await runs()) >= EVENTS, 30_000);
      assert.equal(await runs(), EVENTS);
      assert.equal(await sizeOf(dead), 0);
      const code = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGTERM');
      assert.equal(await code, 0);
    } finally {
      await stopped(child, 'SIGKILL');
      await producer.close();
      await terminateAll(env.client, taskQueue);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function asAdmin<T>(use: (admin: Awaited<ReturnType<typeof adminOf>>) => Promise<T>): Promise<T> {
  const admin = await adminOf();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

async function adminOf() {
  return (await createKafka(settingsOf((await testKafka()).brokers), memoryLogger())).admin();
}

/** True where the group has done everything that the topic has. */
function allCommitted(groupId: string, topic: string): Promise<boolean> {
  return asAdmin(async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [done] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return ends.every(
      ({ partition, high }) => done?.partitions.find((one) => one.partition === partition)?.offset === high,
    );
  });
}

function sizeOf(topic: string): Promise<number> {
  return asAdmin(async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  });
}

/** Nobody works on these runs, and lists show open runs first: they would stand before those of other tests. */
async function terminateAll(client: Client, taskQueue: string): Promise<void> {
  const open = new Set<string>();
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) open.add(workflowId);
  const ids = [...open];
  while (ids.length > 0) {
    const some = ids.splice(0, 50).map((id) => client.workflow.getHandle(id).terminate('test over'));
    await Promise.all(some);
  }
}
