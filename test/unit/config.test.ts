import assert from 'node:assert/strict';
import { ConfigError, loadConfig } from '../../src/config.js';

describe('configuration', () => {
  it('needs nothing', () => {
    const config = loadConfig({});
    assert.equal(config.PORT, 8000);
    assert.equal(config.HOST, '127.0.0.1');
    assert.equal(config.DEFAULT_CREW, 'research-summary');
    assert.equal(config.temporal.namespace, 'default');
  });

  it('takes a variable set to nothing as not set', () => {
    assert.equal(loadConfig({ PORT: '', OPENAI_BASE_URL: '' }).PORT, 8000);
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

  it('does not open beyond loopback without a word', () => {
    assert.throws(() => loadConfig({ HOST: '0.0.0.0' }), /ALLOW_UNAUTHENTICATED/);
    assert.equal(loadConfig({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' }).HOST, '0.0.0.0');
  });

  it('wants both names of Worker Versioning or none', () => {
    assert.throws(() => loadConfig({ WORKER_BUILD_ID: 'b1' }), /set both or none/);
  });

  it("reads Temporal's own variables", () => {
    const { temporal } = loadConfig({
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_NAMESPACE: 'ns',
      TEMPORAL_API_KEY: 'k',
    });
    assert.equal(temporal.connectionOptions.address, 'cloud.example:7233');
    assert.equal(temporal.namespace, 'ns');
    assert.equal(temporal.connectionOptions.apiKey, 'k');
  });

  it('knows the models that definitions may name', () => {
    assert.deepEqual(loadConfig({ OPENAI_MODEL: 'a', OPENAI_MODELS: 'b, c,' }).models, ['a', 'b', 'c']);
  });
});
