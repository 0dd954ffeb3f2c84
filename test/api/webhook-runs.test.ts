import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { openStore } from '../../src/adapters/store/index.js';
import { createCrewRuns } from '../../src/adapters/temporal/crew-runs.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { publishing } from '../../src/compose-events.js';
import type { Config } from '../../src/config.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { startRelay } from '../../src/outbox-relay.js';
import { testApp } from '../support/app.js';
import { answersAfter, gatewayOf, sayer, untilStatus } from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, uniqueName } from '../support/crews.js';
import { memoryLogger } from '../support/logger.js';
import { testStore } from '../support/store.js';
import { BUSY_DISPATCHER, startReceiver, type Receiver } from '../support/webhooks.js';

describe('runs and their webhooks', () => {
  /** A world whose runs are told of: outbox, relay, sink and dispatcher, as a worker has them. */
  async function inWorld(
    test: (parts: {
      world: CrewWorld;
      gateway: ReturnType<typeof gatewayOf>;
      receiver: Receiver;
      hook: (path: string, more?: object) => Promise<{ id: string; secret: string }>;
    }) => Promise<void>,
  ): Promise<void> {
    const { databaseUrl } = await testStore();
    const store = openStore({ databaseUrl });
    const webhooks = openWebhooks({ databaseUrl, allowPrivate: true });
    const relay = startRelay({ outbox: store.outbox, sink: webhooks.sink, logger: memoryLogger() }, { idleMs: 20 });
    const receiver = await startReceiver();
    const stop = new AbortController();
    const running = webhooks.dispatcher(BUSY_DISPATCHER, memoryLogger()).run(stop.signal);
    const made: string[] = [];
    try {
      await inCrewWorld(
        { answers: answersAfter() },
        async (world) => {
          const { runs, batches, schedules, threads } = world;
          const gateway = testApp({ runs, batches, schedules, threads, store, webhooks, crews: catalogOf(sayer) });
          await test({
            world,
            gateway,
            receiver,
            hook: async (path, more = {}) => {
              const { json } = await gateway.post('/v1/webhooks', {
                url: `${receiver.url}/${path}`,
                events: ['*'],
                ...more,
              });
              made.push(json.id as string);
              return json as { id: string; secret: string };
            },
          });
        },
        {
          store,
          outbox: store.outbox,
          publishOf: publishing({} as Config, webhooks),
          crews: catalogOf(sayer),
        },
      );
    } finally {
      for (const id of made) await webhooks.remove('default', id);
      stop.abort();
      await running;
      await relay.stop();
      await webhooks.close();
      await store.close();
      receiver.close();
    }
  }

  it('tell the endpoints that a start names, and those that hear of every run', () =>
    inWorld(async ({ gateway, receiver, hook }) => {
      const named = await hook('named', { global: false });
      await hook('other', { global: false });
      const inputs = { topic: 'tea' };
      const start = { crew: 'sayer', inputs, webhooks: [named.id] };
      const { json: run } = await gateway.post('/v1/runs', start, { 'idempotency-key': named.id });
      const events = (await untilStatus(gateway, run.runId as string, 'completed')).lastSeq as number;
      const of = (runId: string, path: string) =>
        receiver.got.filter((one) => one.path === `/${path}` && one.body.includes(`"runId":"${runId}"`));
      await eventually('all events', () => Promise.resolve(of(run.runId as string, 'named').length === events));
      for (const { body, headers } of of(run.runId as string, 'named'))
        new Webhook(named.secret).verify(body, headers as Record<string, string>);
      const seqs = of(run.runId as string, 'named').map(({ body }) => (JSON.parse(body) as { seq: number }).seq);
      assert.deepEqual(
        seqs.toSorted((one, other) => one - other),
        Array.from({ length: events }, (_, at) => at + 1),
      );
      assert.equal((await gateway.post('/v1/runs', start, { 'idempotency-key': named.id })).status, 200);
      const without = { crew: 'sayer', inputs };
      const other = await gateway.post('/v1/runs', without, { 'idempotency-key': named.id });
      assert.equal(other.json.code, 'idempotency_key_reused');

      const silent = await gateway.post('/v1/runs', without);
      await untilStatus(gateway, silent.json.runId as string, 'completed');
      await hook('global', { events: ['run.completed'] });
      const heard = await gateway.post('/v1/runs', without);
      await eventually('the end of it', () => Promise.resolve(of(heard.json.runId as string, 'global').length === 1));
      assert.deepEqual(of(silent.json.runId as string, 'named'), []);
      assert.deepEqual(
        receiver.got.filter(({ path }) => path === '/other'),
        [],
      );
    }));

  it('are those of a fork too, unless it names its own or none; one that is gone is left out', () =>
    inWorld(async ({ world, gateway, receiver, hook }) => {
      const [kept, gone, other] = [
        await hook('kept', { global: false, events: ['run.completed'] }),
        await hook('gone', { global: false, events: ['run.completed'] }),
        await hook('other', { global: false, events: ['run.completed'] }),
      ];
      const told = (path: string) =>
        receiver.got
          .filter((one) => one.path === `/${path}`)
          .map(({ body }) => (JSON.parse(body) as { runId: string }).runId)
          .sort();
      const start = { crew: 'sayer', inputs: { topic: 'tea' }, webhooks: [kept.id, gone.id] };
      const { json: parent } = await gateway.post('/v1/runs', start);
      await eventually('the parent', () => Promise.resolve(told('gone').length === 1 && told('kept').length === 1));
      await gateway.send('DELETE', `/v1/webhooks/${gone.id}`);

      const path = `/v1/runs/${parent.runId}/fork`;
      const forked = async (more: object, headers = {}) => {
        const { status, json, text } = await gateway.post(path, { fromTask: 'say', ...more }, headers);
        assert.equal(status, 201, text);
        await untilStatus(gateway, json.runId as string, 'completed');
        return json.runId as string;
      };
      const silent = await forked({ webhooks: [] }, { 'idempotency-key': kept.id });
      const named = await forked({ webhooks: [other.id] });
      const taken = await forked({});
      const again = await gateway.post(`/v1/runs/${taken}/fork`, { fromTask: 'say' });
      const wanted = [parent.runId as string, taken, again.json.runId as string].sort();
      await eventually('all of them', () => Promise.resolve(told('kept').length >= 3 && told('other').length >= 1));
      assert.deepEqual([told('kept'), told('other'), told('gone')], [wanted, [named], [parent.runId]]);
      const { publish } = await world.runs.source(DEFAULT_TENANT, taken);
      assert.deepEqual(publish?.webhooks, [kept.id]);
      assert.deepEqual((await world.runs.source(DEFAULT_TENANT, named)).publish?.webhooks, [other.id]);
      assert.equal((await world.runs.source(DEFAULT_TENANT, silent)).publish, undefined);
      // To name none is another request than to say nothing.
      const reused = await gateway.post(path, { fromTask: 'say' }, { 'idempotency-key': kept.id });
      assert.equal(reused.json.code, 'idempotency_key_reused');
    }));

  it('are named by who calls /agents/execute as well', () =>
    inWorld(async ({ gateway, receiver, hook }) => {
      const { id } = await hook('named', { global: false, events: ['run.completed'] });
      const body = { workflow_id: 'w', crew: 'sayer', parameters: { topic: 'tea' }, webhooks: [id] };
      const done = await gateway.post('/agents/execute', body);
      assert.equal(done.status, 200, done.text);
      await eventually('its end', () =>
        Promise.resolve(receiver.got.some((got) => got.body.includes(`"runId":"${done.json.run_id}"`))),
      );
    }));

  it('are those of batches and schedules too', () =>
    inWorld(async ({ gateway, receiver, hook }) => {
      const { id } = await hook('named', { global: false, events: ['run.completed'] });
      const inputs = { topic: 'tea' };
      const items = [{ inputs }, { inputs }];
      const { json: batch } = await gateway.post('/v1/batches', { crew: 'sayer', items, webhooks: [id] });
      const schedule = uniqueName('s').slice(0, 30);
      const body = { id: schedule, crew: 'sayer', inputs, cron: ['0 0 1 1 *'], webhooks: [id] };
      try {
        const made = await gateway.post('/v1/schedules', body);
        assert.deepEqual([made.status, made.json.webhooks], [201, [id]], made.text);
        const path = `/v1/schedules/${schedule}`;
        assert.deepEqual((await gateway.send('PATCH', path, { label: 'l' })).json.webhooks, [id]);
        await gateway.post(`${path}/trigger`, {});
        await eventually('all of them', () => {
          const runs = receiver.got.map(({ body: sent }) => (JSON.parse(sent) as { runId: string }).runId);
          const wanted = [`${batch.batchId}-0`, `${batch.batchId}-1`];
          return Promise.resolve(
            wanted.every((run) => runs.includes(run)) && runs.some((run) => run.startsWith(schedule)),
          );
        });
        assert.equal((await gateway.send('PATCH', path, { webhooks: null })).json.webhooks, undefined);
        const unknown = { webhooks: [id, 'nobody'] };
        for (const [method, where, sent] of [
          ['POST', '/v1/runs', { crew: 'sayer', inputs, ...unknown }],
          ['POST', '/v1/batches', { crew: 'sayer', items, ...unknown }],
          ['POST', '/v1/schedules', { ...body, id: 'x', ...unknown }],
          ['POST', '/agents/execute', { workflow_id: 'w', crew: 'sayer', parameters: inputs, ...unknown }],
          ['PATCH', path, unknown],
          ['POST', `/v1/runs/${batch.batchId}-0/fork`, { fromTask: 'say', ...unknown }],
          ['POST', `/v1/runs/${batch.batchId}-0/retry`, unknown],
        ] as const) {
          const { status, json } = await gateway.send(method, where, sent);
          assert.equal(status, 422, where);
          assert.deepEqual(json.errors, [{ path: 'webhooks.1', message: "There is no webhook 'nobody'" }], where);
        }
      } finally {
        await gateway.send('DELETE', `/v1/schedules/${schedule}`);
      }
    }));

  it('are not started while it cannot be asked who hears of them: 503', async () => {
    const webhooks = openWebhooks({ databaseUrl: 'postgres://postgres@127.0.0.1:9/postgres', allowPrivate: true });
    try {
      await inCrewWorld({ answers: answersAfter() }, async (world) => {
        const { client, store, taskQueue } = world;
        const runs = createCrewRuns(client, store, taskQueue, publishing({} as Config, webhooks));
        const gateway = gatewayOf({ ...world, runs });
        const { status, json, headers } = await gateway.post('/v1/runs', { crew: 'sayer', inputs: { topic: 'tea' } });
        assert.deepEqual([status, json.code, headers.get('retry-after')], [503, 'store_unavailable', '2']);
      });
    } finally {
      await webhooks.close();
    }
  });
});
