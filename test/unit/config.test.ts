import assert from 'node:assert/strict';
import { ConfigError, loadConfig, requireGuarded } from '../../src/config.js';

const DATABASE_URL = 'postgres://u:p@localhost:5432/crews';

/** The configuration with the one thing that it needs. */
const load = (env: Record<string, string> = {}) => loadConfig({ DATABASE_URL, ...env });

describe('configuration', () => {
  it('needs nothing but a database', () => {
    const config = load();
    assert.equal(config.PORT, 8000);
    assert.equal(config.HOST, '127.0.0.1');
    assert.equal(config.DEFAULT_CREW, 'research-summary');
    assert.equal(config.temporal.namespace, 'default');
  });

  it('takes a variable set to nothing as not set', () => {
    assert.equal(load({ PORT: '', OPENAI_BASE_URL: '' }).PORT, 8000);
  });

  it('lists everything that is wrong, by variable', () => {
    assert.throws(
      () => loadConfig({ PORT: 'abc', LOG_LEVEL: 'loud' }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /PORT=abc: /);
        assert.match(error.message, /LOG_LEVEL=loud: /);
        return true;
      },
    );
  });

  it('does not open beyond loopback where callers are not authenticated', () => {
    const beyond = (env: Record<string, string>) => requireGuarded(load({ HOST: '0.0.0.0', ...env }));
    assert.throws(() => beyond({}), /HOST=0\.0\.0\.0: .*AUTH_API_KEYS=true.*OIDC_ISSUER/);
    assert.throws(() => beyond({ ALLOW_UNAUTHENTICATED: 'true' }), ConfigError);
    beyond({ AUTH_API_KEYS: 'true' });
    beyond({ OIDC_ISSUER: 'https://id.example.com', OIDC_AUDIENCE: 'crews', OIDC_DEFAULT_TENANT: 'default' });
    requireGuarded(load());
  });

  it('wants of an identity provider all that it cannot do without', () => {
    const issuer = { OIDC_ISSUER: 'https://id.example.com' };
    assert.throws(() => load({ ...issuer, OIDC_DEFAULT_TENANT: 'a' }), /OIDC_ISSUER, OIDC_AUDIENCE: set both/);
    assert.throws(() => load({ ...issuer, OIDC_AUDIENCE: 'crews' }), /OIDC_TENANT_CLAIM/);
    const plain = { OIDC_ISSUER: 'http://id.example.com', OIDC_AUDIENCE: 'crews', OIDC_DEFAULT_TENANT: 'a' };
    assert.throws(() => load(plain), /OIDC_ISSUER=http:.*Expected https/);
    load({ ...plain, OIDC_ISSUER: 'http://127.0.0.1:9000' });
    assert.throws(() => load({ ...plain, OIDC_DEFAULT_TENANT: 'a/b' }), /OIDC_DEFAULT_TENANT=a\/b/);
  });

  it('repeats no secret that is not fit', () => {
    const unfit = { LINK_SECRET: 'too-short', DATABASE_URL: 'mysql://user:pass@host' };
    assert.throws(
      () => load(unfit),
      ({ message }: Error) =>
        /LINK_SECRET: Expected at least 32/.test(message) && !/too-short|user:pass@/.test(message),
    );
  });

  it('wants both names of Worker Versioning or none', () => {
    assert.throws(() => load({ WORKER_BUILD_ID: 'b1' }), /set both or none/);
  });

  it("reads Temporal's own variables", () => {
    const { temporal } = load({
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_NAMESPACE: 'ns',
      TEMPORAL_API_KEY: 'k',
    });
    assert.equal(temporal.connectionOptions.address, 'cloud.example:7233');
    assert.equal(temporal.namespace, 'ns');
    assert.equal(temporal.connectionOptions.apiKey, 'k');
  });

  it('says that it needs a database, and what a database’s address looks like', () => {
    assert.throws(() => loadConfig({}), /DATABASE_URL: Required.*postgres:/);
    assert.throws(() => load({ DATABASE_URL: 'mysql://x' }), /Expected postgres:/);
  });

  it('gives keys by the names of their variables', () => {
    const { variable } = load({ MY_KEY: 'k', EMPTY: '' });
    assert.equal(variable('MY_KEY'), 'k');
    assert.equal(variable('EMPTY'), undefined);
  });
});
