import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { openStore } from '../../src/adapters/store/index.js';
import { createCrewRuns } from '../../src/adapters/temporal/crew-runs.js';
import { openWebhooks, type PostgresWebhooks } from '../../src/adapters/webhooks/index.js';
import { publishing } from '../../src/compose-events.js';
import type { Config } from '../../src/config.js';
import { startRelay } from '../../src/outbox-relay.js';
import { testApp } from '../support/app.js';
import { answersAfter, gatewayOf, sayer, untilStatus } from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, uniqueName } from '../support/crews.js';
import { testIdentity, type TestIdentity } from '../support/identity.js';
import { memoryLogger } from '../support/logger.js';
import { testStore } from '../support/store.js';
import { startReceiver, type Receiver } from '../support/webhooks.js';

const settings = { timeoutMs: 1_000, userAgent: 'test', pollMs: 20, disableAfterMs: 3_600_000, retentionMs: 3_600_000 };

describe('/v1/webhooks', function () {
  this.timeout(60_000);
  let ids: TestIdentity;
  let webhooks: PostgresWebhooks;
  let guarded: PostgresWebhooks;
  let databaseUrl: string;
  before(async () => {
    ids = await testIdentity();
    ({ databaseUrl } = await testStore());
    webhooks = openWebhooks({ databaseUrl, allowPrivate: true });
    guarded = openWebhooks({ databaseUrl, allowPrivate: false });
  });
  after(async () => {
    await webhooks.close();
    await guarded.close();
    await ids.close();
  });

  /** A gateway, as the administrator of a new tenant sees it. */
  async function asAdmin(own: PostgresWebhooks = webhooks, scopes: Parameters<TestIdentity['keyOf']>[1] = ['admin']) {
    const { headers } = await ids.keyOf(uniqueName('tenant'), scopes);
    const gateway = testApp({ webhooks: own, identity: ids.identity });
    return (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
      gateway.send(method, `/v1/webhooks${path}`, body, { ...headers, ...more });
  }

  it('registers, shows, changes and deletes an endpoint, whose secret is shown once', async () => {
    const call = await asAdmin();
    const key = { 'idempotency-key': 'one' };
    const body = { url: 'https://receiver.invalid/hook', description: 'for tests', events: ['run.*'] };
    const made = await call('POST', '', body, key);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.headers.get('cache-control'), 'no-store');
    const { id, secret, ...shown } = made.json as Record<string, unknown> & { id: string; secret: string };
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual([shown['global'], shown['enabled'], shown['events']], [true, true, ['run.*']]);
    const again = await call('POST', '', body, key);
    assert.deepEqual([again.status, again.json.id, again.json.secret], [200, id, secret]);
    assert.equal((await call('POST', '', { ...body, global: false }, key)).json.code, 'idempotency_key_reused');

    const one = await call('GET', `/${id}`);
    assert.deepEqual(one.json, { id, ...shown });
    const list = await call('GET', '');
    assert.deepEqual(list.json, { webhooks: [{ id, ...shown }] });
    const changed = await call('PATCH', `/${id}`, { description: null, enabled: false, events: ['*'] });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.json.description, changed.json.enabled, changed.json.events], [undefined, false, ['*']]);
    assert.ok(![one, list, changed].some(({ text }) => text.includes('whsec_')));

    const rotated = await call('POST', `/${id}/rotate`, { overlapSeconds: 60 });
    assert.equal(rotated.status, 200, rotated.text);
    assert.notEqual(rotated.json.secret, secret);
    const overlap = Date.parse(rotated.json.oldSecretUntil as string) - Date.now();
    assert.ok(overlap > 30_000 && overlap <= 60_000, `${overlap}`);

    assert.equal((await call('DELETE', `/${id}`)).status, 204);
    for (const [method, path, sent] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['PATCH', '', {}],
      ['POST', '/rotate', {}],
      ['POST', '/ping', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', '/replay', { since: '2026-01-01T00:00:00Z' }],
    ] as const)
      assert.equal((await call(method, `/${id}${path}`, sent)).json.code, 'webhook_not_found', `${method} ${path}`);
  });

  it('refuses addresses that lead inside, and says what else is wrong', async () => {
    const call = await asAdmin(guarded);
    const line = async (body: object) => {
      const { status, json } = await call('POST', '', body);
      assert.equal(status, 422, JSON.stringify(body));
      return (json.errors as { path: string; message: string }[])[0];
    };
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '[::1]',
      '[::ffff:10.0.0.1]',
      '10.1.2.3',
      '169.254.169.254',
      'localhost',
    ]) {
      const found = await line({ url: `https://${host}/hook` });
      assert.equal(found?.path, 'url', host);
      assert.match(found?.message ?? '', /^It leads to /, host);
    }
    assert.match((await line({ url: 'http://example.com' }))?.message ?? '', /https/);
    assert.match((await line({ url: 'https://user:word@example.com' }))?.message ?? '', /password/);
    assert.equal((await line({ url: 'https://example.com', events: ['run.begun'] }))?.path, 'events.0');
    assert.equal((await line({ url: 'https://example.com', events: [] }))?.path, 'events');
    assert.equal((await line({}))?.path, 'url');
  });

  it('keeps a log of what was sent, page by page, and sends again', async () => {
    const receiver = await startReceiver((got, respond) =>
      respond.writeHead(got.length > 2 ? 200 : 500).end('so it is'),
    );
    const stop = new AbortController();
    const running = webhooks.dispatcher({ ...settings, scheduleMs: [0] }, memoryLogger()).run(stop.signal);
    try {
      const call = await asAdmin();
      const { id, secret } = (await call('POST', '', { url: receiver.url })).json as { id: string; secret: string };
      const since = new Date(Date.now() - 60_000).toISOString();
      const pings = [];
      for (let at = 0; at < 2; at++) pings.push((await call('POST', `/${id}/ping`)).json.id as string);
      const log = async (query = '') => (await call('GET', `/${id}/deliveries${query}`)).json;
      await eventually('both to fail', async () => (await log('?status=failed')).deliveries.length === 2);
      const first = await log('?limit=1');
      assert.equal(first.deliveries[0].id, pings[1]);
      assert.deepEqual(
        [first.deliveries[0].attempts[0].status, first.deliveries[0].attempts[0].answer],
        [500, 'so it is'],
      );
      const second = await log(`?limit=1&cursor=${first.nextCursor}`);
      assert.deepEqual([second.deliveries[0].id, second.nextCursor], [pings[0], undefined]);
      for (const cursor of ['x', '-1', '1.5', '9'.repeat(30), '1; DROP TABLE'])
        assert.equal((await log(`?cursor=${encodeURIComponent(cursor)}`)).code, 'invalid_cursor', cursor);

      const one = `/${id}/deliveries/${pings[0]}`;
      assert.equal((await call('POST', `${one}/replay`)).status, 202);
      await eventually('it to be taken', async () => (await call('GET', one)).json.status === 'delivered');
      const whole = (await call('GET', one)).json;
      assert.equal(whole.body, receiver.got.at(-1)?.body);
      assert.equal(whole.attempts.length, 2);
      new Webhook(secret).verify(whole.body as string, receiver.got.at(-1)?.headers as Record<string, string>);
      const all = await call('POST', `/${id}/replay`, { since });
      assert.deepEqual([all.status, all.json], [202, { replayed: 1 }]);
      await eventually('the other', async () => (await log('?status=delivered')).deliveries.length === 2);
      assert.equal(new Set(receiver.got.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size, 2);
      for (const path of [`/${id}/deliveries/msg_none`, `/${id}/deliveries/msg_none/replay`])
        assert.equal((await call(path.endsWith('y') ? 'POST' : 'GET', path)).json.code, 'delivery_not_found');
      await call('DELETE', `/${id}`);
    } finally {
      stop.abort();
      await running;
      receiver.close();
    }
  });

  it('has a limit of endpoints', async () => {
    const call = await asAdmin();
    const body = { url: 'https://receiver.invalid/hook', enabled: false };
    for (let at = 0; at < 100; at++)
      assert.equal((await call('POST', '', body, { 'idempotency-key': `${at}` })).status, 201);
    assert.equal((await call('POST', '', body)).json.code, 'too_many_webhooks');
    assert.equal((await call('POST', '', body, { 'idempotency-key': '7' })).status, 200);
  });
});

describe('runs and their webhooks', function () {
  this.timeout(60_000);

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
    const running = webhooks.dispatcher(settings, memoryLogger()).run(stop.signal);
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

      const fork = await gateway.post(`/v1/runs/${run.runId}/fork`, { fromTask: 'say', webhooks: [named.id] });
      assert.equal(fork.status, 201, fork.text);
      await eventually('the fork', () =>
        Promise.resolve(of(fork.json.runId as string, 'named').some(({ body }) => body.includes('"run.completed"'))),
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
