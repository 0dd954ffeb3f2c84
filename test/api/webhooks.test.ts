import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { openWebhooks, type PostgresWebhooks } from '../../src/adapters/webhooks/index.js';
import { testApp } from '../support/app.js';
import { eventually } from '../support/crew-world.js';
import { uniqueName } from '../support/crews.js';
import { testIdentity, type TestIdentity } from '../support/identity.js';
import { memoryLogger } from '../support/logger.js';
import { testStore } from '../support/store.js';
import { BUSY_DISPATCHER, startReceiver } from '../support/webhooks.js';

describe('/v1/webhooks', () => {
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
    const running = webhooks.dispatcher({ ...BUSY_DISPATCHER, scheduleMs: [0] }, memoryLogger()).run(stop.signal);
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
      assert.equal(new Set(receiver.got.map(({ id: sent, body }) => `${sent} ${body}`)).size, 2);
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
