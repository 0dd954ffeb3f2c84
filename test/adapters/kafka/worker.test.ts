import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { publishing } from '../../../src/compose-events.js';
import type { Config } from '../../../src/config.js';
import { startTelemetry } from '../../../src/adapters/telemetry.js';
import type { TemporalClient } from '../../../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../../../src/adapters/temporal/crew-runs.js';
import { DEFAULT_TENANT } from '../../../src/contract/ids.js';
import { startScriptedModel } from '../../../src/scripted-model/server.js';
import { registryOf } from '../../support/app.js';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { crewWith } from '../../support/engine.js';
import { testKafka } from '../../support/kafka.js';
import { stopped, testStore } from '../../support/store.js';
import { testServer } from '../../support/temporal.js';
import { makeTopics, reading, requireKafka, settingsOf } from './support.js';

describe('a worker that relays', function () {
  this.timeout(300_000);
  before(function () {
    requireKafka(this);
  });

  it('sends what runs tell, over a kill of it while a person is asked', async () => {
    const settings = settingsOf((await testKafka()).brokers);
    const { env } = await testServer();
    const { databaseUrl, store } = await testStore();
    const topic = uniqueName('events');
    const taskQueue = uniqueName('queue');
    await makeTopics(settings, topic);
    const model = await startScriptedModel({ script: { answers: [{ when: 'DO-', text: 'words', repeat: true }] } });
    const startWorker = async () => {
      const child = fork('src/main.ts', ['worker'], {
        execArgv: ['--import', 'tsx'],
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl,
          TEMPORAL_ADDRESS: env.address,
          TASK_QUEUE: taskQueue,
          KAFKA_BROKERS: settings.brokers.join(','),
          KAFKA_EVENTS_TOPIC: topic,
          OPENAI_BASE_URL: model.url,
          OPENAI_MODEL: 'scripted-model',
          MODELS_CONFIG: 'none',
          MCP_CONFIG: 'none',
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await new Promise<void>((resolve) => child.once('message', () => resolve()));
      return child;
    };
    const { plugin } = startTelemetry('test', false);
    const client = new Client({ connection: env.connection, plugins: [plugin] }) as TemporalClient;
    const publishOf = publishing({ KAFKA_EVENTS_TOPIC: topic } as Config, { hasGlobal: () => Promise.resolve(false) });
    const runs = createCrewRuns(client, store, taskQueue, publishOf);
    const runId = randomUUID();
    let worker: ChildProcess | undefined;
    try {
      worker = await startWorker();
      const facts = registryOf('scripted-model').facts(undefined) ?? assert.fail();
      const crew = crewWith({ a: { human_input: true }, b: {} });
      await runs.start({ tenant: DEFAULT_TENANT, runId, crew, inputs: {}, models: { '': facts, default: facts } });
      await reading(settings, topic, async (all) => {
        // The store is shared: what runs of other tests left in its outbox is sent too.
        const seen = () => all.filter(({ key }) => key === runId);
        const types = () => seen().map(({ headers }) => headers['ce_type']);
        await eventually('the request', () => Promise.resolve(types().includes('approval.requested')), 60_000);

        await stopped(worker, 'SIGKILL');
        worker = await startWorker();
        const decision = { approvalId: 'a.output.1', action: 'approve', by: 'ada' } as const;
        await eventually(
          'the decision',
          () => runs.decide(DEFAULT_TENANT, runId, decision, 'key-1').catch(() => undefined),
          60_000,
        );
        await eventually('the end', () => Promise.resolve(types().includes('run.completed')), 60_000);
        const events = await runs.events(DEFAULT_TENANT, runId, 0);
        assert.deepEqual(
          [...new Set(seen().map(({ headers }) => headers['ce_id']))],
          events.map(({ id }) => id),
        );
        assert.equal(new Set(seen().map(({ partition }) => partition)).size, 1);
      });
      const code = new Promise((resolve) => worker?.once('exit', resolve));
      worker.kill('SIGTERM');
      assert.equal(await code, 0, 'it ends in order');
    } finally {
      await stopped(worker, 'SIGKILL');
      await model.close();
    }
  });
});
