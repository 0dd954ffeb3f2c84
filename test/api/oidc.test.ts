import assert from 'node:assert/strict';
import type { JWTPayload } from 'jose';
import { createIdentity } from '../../src/adapters/identity/index.js';
import type { OidcConfig } from '../../src/adapters/identity/oidc.js';
import { testApp } from '../support/app.js';
import { AUDIENCE, startIssuer, type Issuer } from '../support/issuer.js';

describe('tokens of an identity provider', () => {
  let issuer: Issuer;
  before(async () => {
    issuer = await startIssuer();
  });
  after(() => issuer.close());

  const gateway = (more: Partial<OidcConfig> = {}) => {
    const oidc = { issuer: issuer.issuer, audience: AUDIENCE, tenantClaim: 'org', cooldownMs: 0, ...more };
    const { get } = testApp({ identity: createIdentity({ oidc }) });
    return (token: string, path = '/v1/caller') => get(path, { authorization: `Bearer ${token}` });
  };
  /** What is right in every way. */
  const good = (): JWTPayload => ({
    iss: issuer.issuer,
    aud: AUDIENCE,
    sub: 'u1',
    exp: Math.floor(Date.now() / 1000) + 60,
    scope: 'read',
    org: 'acme',
  });

  it('say who calls, for which tenant and what they may do', async () => {
    const call = gateway();
    const { status, json, text } = await call(await issuer.token('read approve', { org: 'acme' }));
    assert.equal(status, 200, text);
    assert.deepEqual(json, { kind: 'oidc', name: 'reports', tenant: 'acme', scopes: ['read', 'approve'] });
    const refused = await call(await issuer.token('approve', { org: 'acme' }), '/v1/runs');
    assert.equal(refused.status, 403);
    assert.equal(refused.json.code, 'forbidden_scope');
    assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope.*scope="read"/);
  });

  it('are read over a change of keys, and not by a key that is gone', async () => {
    const call = gateway();
    const before = await issuer.token('read', { org: 'acme' });
    assert.equal((await call(before)).status, 200);
    await issuer.rotate();
    const after = await issuer.token('read', { org: 'acme' });
    assert.equal((await call(after)).status, 200);
    assert.equal((await call(before)).status, 401);
    assert.equal((await gateway()(before)).status, 401);
  });

  it('are refused where anything of them is not right', async () => {
    const call = gateway();
    assert.equal((await call(await issuer.signed(good()))).status, 200);
    const now = Math.floor(Date.now() / 1000);
    const wrong: [string, JWTPayload][] = [
      ['another issuer', { iss: 'https://elsewhere.example.com' }],
      ['another audience', { aud: 'urn:others' }],
      ['no audience', { aud: undefined as never }],
      ['expired', { exp: now - 60 }],
      ['not yet', { nbf: now + 120 }],
      ['for ever', { exp: undefined as never }],
      ['nobody', { sub: undefined as never }],
      ['no tenant', { org: undefined }],
      ['a tenant that is none', { org: 'acme/../other' }],
      ['several tenants', { org: ['acme', 'other'] }],
    ];
    for (const [what, claims] of wrong) {
      const { status, json } = await call(await issuer.signed({ ...good(), ...claims }));
      assert.equal(status, 401, what);
      assert.equal(json.code, 'unauthenticated', what);
    }
    const none = [{ alg: 'none', typ: 'JWT' }, good()].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    // Signed with the public key as if it were a shared secret.
    const shared = await issuer.signed(good(), { alg: 'HS256' }, Buffer.from(JSON.stringify(issuer.publicKey())));
    for (const token of [`${none.join('.')}.`, shared, `${(await issuer.signed(good())).slice(0, -4)}AAAA`, 'a.b.c'])
      assert.equal((await call(token)).status, 401, token);
  });

  it('within a clock that is a little off are taken', async () => {
    const now = Math.floor(Date.now() / 1000);
    assert.equal((await gateway()(await issuer.signed({ ...good(), exp: now - 10, nbf: now + 10 }))).status, 200);
  });

  it('name scopes, tenants and people as the operator says', async () => {
    const roles = gateway({ scopesClaim: 'realm_access.roles', scopePrefix: 'crews:', tenantClaim: 'https://x/org' });
    const token = await issuer.signed({
      ...good(),
      'https://x/org': 'b',
      realm_access: { roles: ['crews:run', 'read'] },
    });
    assert.deepEqual((await roles(token)).json, { kind: 'oidc', name: 'u1', tenant: 'b', scopes: ['run'] });
    const { scope: _, ...rest } = good();
    const scp = await issuer.signed({ ...rest, scp: ['admin'] });
    assert.deepEqual((await gateway()(scp)).json.scopes, ['admin']);

    const named = gateway({ nameClaim: 'email', defaultTenant: 'home' });
    const nameOf = async (claims: object) => (await named(await issuer.signed({ ...good(), ...claims }))).json.name;
    assert.equal(await nameOf({ email: 'ada@example.com', email_verified: true }), 'ada@example.com');
    assert.equal(await nameOf({ email: 'ada@example.com', email_verified: false }), 'u1');
    assert.equal((await named(await issuer.signed({ ...good(), org: undefined }))).json.tenant, 'home');
  });

  it('cannot be read while the provider does not answer, and can again when it does', async () => {
    const call = gateway();
    const token = await issuer.signed(good());
    issuer.fail(true);
    try {
      const { status, json, headers } = await call(token);
      assert.equal(status, 503);
      assert.equal(json.code, 'identity_unavailable');
      assert.equal(headers.get('retry-after'), '2');
    } finally {
      issuer.fail(false);
    }
    assert.equal((await call(token)).status, 200);
    const asked = issuer.asked();
    for (let at = 0; at < 5; at++) await call(token);
    assert.equal(issuer.asked(), asked);
  });
});
