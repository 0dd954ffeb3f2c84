import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { createCatalog } from '../../src/adapters/catalog.js';
import { createRateLimits } from '../../src/adapters/identity/rate-limits.js';
import { createRunLimits } from '../../src/adapters/temporal/open-runs.js';
import { testApp } from '../support/app.js';
import { answersAfter, sayer, untilStatus } from '../support/coordination.js';
import { eventually, inCrewWorld } from '../support/crew-world.js';
import { filesOf, uniqueName } from '../support/crews.js';
import { testIdentity, type TestIdentity } from '../support/identity.js';
import { neededRedis, startRedis } from '../support/redis.js';

describe('limits of callers', () => {
  let ids: TestIdentity;
  before(async () => {
    ids = await testIdentity();
  });
  after(() => ids.close());

  it('let so many requests a minute through, and say what is left and when to come again', async () => {
    const { identity, keyOf } = ids;
    const { get } = testApp({ identity, rates: createRateLimits({ perMinute: 3 }) });
    const tenant = uniqueName('tenant');
    const { headers } = await keyOf(tenant, ['read']);
    const { headers: other } = await keyOf(tenant, ['read']);
    const { headers: own } = await keyOf(tenant, ['read'], { limits: { perMinute: 1 } });
    for (const left of [2, 1, 0]) {
      const answer = await get('/v1/caller', headers);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('ratelimit-policy'), '"requests";q=3;w=60');
      assert.match(answer.headers.get('ratelimit') ?? '', new RegExp(`^"requests";r=${left};t=([1-5]?\\d|60)$`));
    }
    const over = await get('/v1/caller', headers);
    assert.equal(over.status, 429);
    assert.equal(over.json.code, 'rate_limited');
    const wait = Number(over.headers.get('retry-after'));
    assert.ok(wait > 0 && wait <= 60);
    assert.match(over.headers.get('ratelimit') ?? '', /^"requests";r=0;t=/);
    assert.equal((await get('/v1/caller', other)).status, 200);
    assert.equal((await get('/v1/caller', own)).status, 200);
    assert.equal((await get('/v1/caller', own)).status, 429);
    assert.equal((await get('/healthz', headers)).headers.get('ratelimit'), null);
  });

  it('count over all gateways where there is Redis, and on their own while it is away', async function () {
    const server = await startRedis(neededRedis(this));
    const clients = [0, 1].map(() => new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 }));
    for (const client of clients) client.on('error', () => undefined);
    try {
      await Promise.all(clients.map((client) => eventually('Redis', () => Promise.resolve(client.status === 'ready'))));
      const gateways = clients.map((redis) =>
        testApp({ identity: ids.identity, rates: createRateLimits({ perMinute: 2, redis }) }),
      );
      const { headers } = await ids.keyOf(uniqueName('tenant'), ['read']);
      const statuses = async () => {
        const seen: number[] = [];
        for (const { get } of [...gateways, ...gateways]) seen.push((await get('/v1/caller', headers)).status);
        return seen;
      };
      assert.deepEqual(await statuses(), [200, 200, 429, 429]);
      await server.stop();
      assert.deepEqual(await statuses(), [200, 200, 200, 200]);
      assert.deepEqual(await statuses(), [429, 429, 429, 429]);
    } finally {
      for (const client of clients) client.disconnect();
      await server.stop();
    }
  });

  it('let so many runs be open, of batches too, however many are asked for at once', async () => {
    await inCrewWorld({ answers: answersAfter() }, async (world) => {
      const { identity, keyOf } = ids;
      const crews = createCatalog(filesOf(sayer), world.store);
      // Stands still until the list has what was started, which takes as long as it does.
      let clock = 0;
      const runLimits = createRunLimits(world.client, 3, () => clock);
      const gateway = testApp({ ...world, crews, identity, runLimits });
      const tenant = uniqueName('tenant');
      const { headers } = await keyOf(tenant, ['run', 'read']);
      const hang = { crew: 'sayer', inputs: { topic: 'hang' } };
      const begin = (key?: string, body: object = hang, path = '/v1/runs') =>
        gateway.post(path, body, { ...headers, ...(key !== undefined && { 'idempotency-key': key }) });
      const all = await Promise.all(Array.from({ length: 8 }, (_, at) => begin(`key-${at}`)));
      const started = all.filter(({ status }) => status === 201);
      assert.equal(started.length, 3);
      const refused = all.find(({ status }) => status !== 201);
      assert.equal(refused?.status, 429);
      assert.equal(refused.json.code, 'too_many_runs');
      assert.ok(Number(refused.headers.get('retry-after')) > 0);

      // What is there already is answered as before; another caller has places of its own.
      const again = await begin(`key-${all.findIndex(({ status }) => status === 201)}`);
      assert.equal(again.status, 200, again.text);
      const { headers: other } = await keyOf(tenant, ['run'], { limits: { openRuns: 1 } });
      assert.equal((await gateway.post('/v1/runs', hang, other)).status, 201);
      assert.equal((await gateway.post('/v1/runs', hang, other)).status, 429);
      const execute = { workflow_id: 'w', crew: 'sayer', parameters: { topic: 'hang' } };
      assert.equal((await begin(undefined, execute, '/agents/execute')).status, 429);
      const batch = { crew: 'sayer', items: [{ inputs: { topic: 'tea' } }] };
      assert.equal((await begin(undefined, batch, '/v1/batches')).status, 429);

      const runId = started[0]?.json.runId as string;
      const { get, post } = gateway;
      await eventually('them in the list', async () => {
        const { json } = await get('/v1/runs?status=running', headers);
        const listed = new Set((json.runs as { runId: string }[] | undefined)?.map((run) => run.runId));
        return started.every((run) => listed.has(run.json.runId as string));
      });
      clock += 10_000;
      await post(`/v1/runs/${runId}/cancel`, {}, headers);
      await untilStatus({ ...gateway, get: (path) => get(path, headers) }, runId, 'cancelled');
      await eventually('a free place', async () => (await begin(undefined, batch, '/v1/batches')).status === 201);
      for (const { json } of started.slice(1)) await post(`/v1/runs/${json.runId}/cancel`, {}, headers);
    });
  });

  it('give the place of a run back that was not started', async () => {
    await inCrewWorld({ answers: answersAfter() }, async (world) => {
      const limits = createRunLimits(world.client, 1, () => 0);
      const caller = {
        kind: 'oidc',
        name: 'n',
        tenant: uniqueName('t'),
        scopes: [],
        id: `oidc:${'ü'.repeat(99)}'"%`,
      } as const;
      const place = await limits.take(caller, 'a');
      assert.ok(place);
      assert.equal(await limits.take(caller, 'b'), undefined);
      place.release();
      assert.ok(await limits.take(caller, 'c'));
      assert.ok(await limits.take({ ...caller, tenant: uniqueName('t') }, 'd'));
      const { id: _, ...open } = caller;
      for (let at = 0; at < 3; at++) assert.ok(await limits.take(open, 'e'));
    });
  });
});
