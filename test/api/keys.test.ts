import assert from 'node:assert/strict';
import type { Scope } from '../../src/contract/identity.js';
import { testApp } from '../support/app.js';
import { uniqueName } from '../support/crews.js';
import { testIdentity, type TestIdentity } from '../support/identity.js';

describe('API keys', () => {
  let world: TestIdentity;
  let clock = Date.now();
  const tenant = uniqueName('tenant');
  before(async () => {
    world = await testIdentity(() => clock);
  });
  after(() => world.close());
  beforeEach(() => (clock = Date.now()));

  const gateway = (identity = world.identity) => testApp({ identity });
  const bearer = (key: unknown) => ({ authorization: `Bearer ${String(key)}` });

  it('are made, shown once, used, listed and revoked, which holds at once', async () => {
    const { get, post, send } = gateway();
    const { headers: admin } = await world.keyOf(tenant, ['admin'], { name: 'ada' });
    const made = await post('/v1/keys', { name: 'reports', scopes: ['run', 'read', 'read'] }, admin);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.headers.get('cache-control'), 'no-store');
    const { key, id } = made.json as { key: string; id: string };
    assert.match(key, new RegExp(`^aos_${id}_[\\w-]{43}$`));
    assert.deepEqual(made.json.scopes, ['read', 'run']);
    assert.equal(made.json.createdBy, 'ada');

    const caller = await get('/v1/caller', bearer(key));
    assert.deepEqual(caller.json, { kind: 'api_key', name: 'reports', tenant, scopes: ['read', 'run'] });

    const listed = await get('/v1/keys', admin);
    const row = (listed.json.keys as { id: string; lastUsedAt?: string }[]).find((one) => one.id === id);
    assert.ok(row);
    assert.ok(!listed.text.includes(key) && !('hash' in row));

    const revoked = await send('DELETE', `/v1/keys/${id}`, undefined, admin);
    assert.equal(revoked.status, 200);
    assert.ok(revoked.json.revokedAt);
    const refused = await get('/v1/caller', bearer(key));
    assert.equal(refused.status, 401);
    assert.equal(refused.json.code, 'unauthenticated');
    assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer realm=.*error="invalid_token"/);
    const again = await send('DELETE', `/v1/keys/${id}`, undefined, admin);
    assert.equal(again.json.revokedAt, revoked.json.revokedAt);
  });

  it('that were revoked at another gateway stop within seconds', async () => {
    const { headers, key } = await world.keyOf(tenant, ['read']);
    const other = await testIdentity();
    try {
      const { get } = gateway();
      assert.equal((await get('/v1/caller', headers)).status, 200);
      await other.identity.keys?.revoke(tenant, key.id);
      clock += 2_000;
      assert.equal((await get('/v1/caller', headers)).status, 401);
    } finally {
      await other.close();
    }
  });

  it('expire', async () => {
    const { get } = gateway();
    const { headers } = await world.keyOf(tenant, ['read'], { expiresAt: new Date(clock + 60_000).toISOString() });
    assert.equal((await get('/v1/caller', headers)).status, 200);
    clock += 60_000;
    const { status, json } = await get('/v1/caller', headers);
    assert.equal(status, 401);
    assert.match(json.detail as string, /expired/);
  });

  it('give no more than their maker has', async () => {
    const { post } = testApp({ identity: world.identity, settings: { rateLimitPerMinute: 100, maxOpenRuns: 10 } });
    const { headers } = await world.keyOf(tenant, ['admin'], { limits: { openRuns: 5 } });
    const past = { name: 'n', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' };
    const cases: [object, string][] = [
      [{ name: 'n', scopes: ['read'], maxOpenRuns: 6 }, 'maxOpenRuns'],
      [{ name: 'n', scopes: ['read'], rateLimitPerMinute: 101 }, 'rateLimitPerMinute'],
      [past, 'expiresAt'],
      [{ name: 'n', scopes: ['root'] }, 'scopes.0'],
      [{ name: 'n', scopes: ['read'], tenant: 'other' }, 'tenant'],
    ];
    for (const [body, path] of cases) {
      const { status, json } = await post('/v1/keys', body, headers);
      assert.equal(status, 422, path);
      assert.deepEqual(
        (json.errors as { path: string }[]).map((error) => error.path),
        [path],
      );
    }
    const made = await post('/v1/keys', { name: 'n', scopes: ['read'], rateLimitPerMinute: 7 }, headers);
    assert.equal(made.json.maxOpenRuns, 5);
    assert.equal(made.json.rateLimitPerMinute, 7);
  });

  it('are kept as a hash alone', async () => {
    const { headers } = await world.keyOf(tenant, ['read']);
    const secret = headers['authorization']?.slice('Bearer '.length) ?? '';
    const kept = await world.store.apiKeys.list(tenant);
    assert.ok(kept.length > 0);
    assert.ok(!JSON.stringify(kept).includes(secret.slice(-43)));
    assert.ok(kept.every(({ hash }) => hash.length === 32));
  });

  it('and nothing else opens the gateway', async () => {
    const { get } = gateway();
    const { headers } = await world.keyOf(tenant, ['read']);
    const good = headers['authorization'] ?? '';
    const wrong = `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`;
    const tried = [undefined, '', 'Bearer', 'Bearer ', `Basic ${good.slice(7)}`, wrong, 'Bearer aos_', `${good} x`];
    tried.push(good.replace(/aos_\w{12}/, 'aos_000000000000'), 'Bearer eyJhbGciOiJub25lIn0.e30.');
    for (const authorization of tried) {
      const {
        status,
        json,
        headers: answer,
      } = await get('/v1/runs', authorization === undefined ? {} : { authorization });
      assert.equal(status, 401, authorization);
      assert.equal(json.code, 'unauthenticated');
      assert.match(answer.get('www-authenticate') ?? '', /^Bearer realm=/);
    }
    for (const open of ['/healthz', '/openapi.json', '/']) assert.equal((await get(open)).status, 200, open);
    assert.equal((await get('/nowhere')).status, 404);
  });

  it('say so where there are none', async () => {
    const { get, post } = testApp();
    assert.equal((await get('/v1/keys')).json.code, 'keys_not_configured');
    assert.equal((await post('/v1/keys', { name: 'n', scopes: ['read'] satisfies Scope[] })).status, 409);
    assert.deepEqual((await get('/v1/caller')).json.kind, 'open');
  });
});
