import assert from 'node:assert/strict';
import { serviceSettings, workerChild } from '../../../src/dev/children.js';
import { readSettings } from '../../../src/dev/settings.js';
import { UsageError } from '../../../src/dev/args.js';

const ROOT = '/repository';
const TEMPORAL = { port: 7300, uiPort: 8300, namespace: 'default', dataDir: '/data' };
const MODEL = { baseUrl: 'http://127.0.0.1:8099/v1', name: 'demo', local: true };

describe('settings of the development stack', () => {
  it('has a local model, an own Temporal server and the documented ports by default', () => {
    const settings = readSettings({ PORT: '', OPENAI_API_KEY: '', TEMPORAL_ADDRESS: '' }, ROOT);
    assert.deepEqual(settings.model, { kind: 'local' });
    assert.equal(settings.externalTemporal, undefined);
    assert.equal(settings.dataDir, '/repository/.data');
    const { gateway, temporal, temporalUi, model } = settings.ports;
    assert.deepEqual([gateway.port, temporal.port, temporalUi.port, model.port], [8000, 7233, 8233, 8099]);
    assert.equal(gateway.isSet, false);
  });

  it('asks a provider when a key or a base URL is set, but a script goes before both', () => {
    assert.equal(readSettings({ OPENAI_API_KEY: 'k' }, ROOT).model.kind, 'external');
    assert.equal(readSettings({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' }, ROOT).model.kind, 'external');
    const scripted = readSettings({ OPENAI_API_KEY: 'k', MODEL_SCRIPT: 'answers.yaml' }, ROOT).model;
    assert.deepEqual(scripted, { kind: 'scripted', file: '/repository/answers.yaml' });
  });

  it('starts no Temporal server where an address or a profile is set', () => {
    assert.equal(readSettings({ TEMPORAL_ADDRESS: 'cluster:7233' }, ROOT).externalTemporal, 'cluster:7233');
    assert.match(readSettings({ TEMPORAL_PROFILE: 'cloud' }, ROOT).externalTemporal ?? '', /cloud/);
  });

  for (const value of ['http', '0', '70000', '80.5']) {
    it(`refuses PORT=${value}`, () => {
      assert.throws(
        () => readSettings({ PORT: value }, ROOT),
        (error: Error) => error instanceof UsageError && error.message.includes(`PORT=${value}`),
      );
    });
  }
});

describe('what the worker and the gateway are told', () => {
  it('is where our own parts are', () => {
    const told = serviceSettings({}, { temporal: TEMPORAL, model: MODEL });
    assert.equal(told['TEMPORAL_ADDRESS'], '127.0.0.1:7300');
    assert.equal(told['LINK_TEMPORAL_UI'], 'http://127.0.0.1:8300');
    assert.equal(told['OPENAI_BASE_URL'], MODEL.baseUrl);
    assert.equal(told['OPENAI_MODEL'], 'demo');
    assert.equal(told['MODEL_MAX_OUTPUT_TOKENS'], '256');
  });

  it('leaves a person’s own Temporal profile, its key and TLS out of our server', () => {
    const told = serviceSettings(
      { TEMPORAL_PROFILE: 'cloud', TEMPORAL_API_KEY: 'secret', TEMPORAL_TLS: 'true' },
      { temporal: TEMPORAL },
    );
    assert.deepEqual([told['TEMPORAL_PROFILE'], told['TEMPORAL_API_KEY'], told['TEMPORAL_TLS']], ['', '', '']);
  });

  it('changes nothing of a provider or a server that is not ours, and keeps a bound that a person set', () => {
    assert.deepEqual(Object.keys(serviceSettings({}, {})), ['SHUTDOWN_GRACE_SECONDS']);
    const told = serviceSettings({ MODEL_MAX_OUTPUT_TOKENS: '99' }, { model: MODEL });
    assert.equal(told['MODEL_MAX_OUTPUT_TOKENS'], '99');
  });
});

describe('the heaps of the worker', () => {
  const argsWith = (env: NodeJS.ProcessEnv) => workerChild({ root: ROOT, env, logsDir: '/logs' }, {}).args;

  it('are bounded, however large the machine is', () => {
    assert.ok(argsWith({ NODE_OPTIONS: '--enable-source-maps' }).includes('--max-old-space-size=1024'));
  });

  for (const own of ['--max-old-space-size=4096', '--max_old_space_size=4096', '--max-old-space-size-percentage=50'])
    it(`have a person's own bound, ${own}`, () => {
      assert.ok(!argsWith({ NODE_OPTIONS: own }).some((arg) => arg.startsWith('--max-old-space-size')));
    });
});
