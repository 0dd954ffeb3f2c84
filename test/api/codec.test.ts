import assert from 'node:assert/strict';
import { createPayloadSealing } from '../../src/adapters/encryption/codec-server.js';
import { testApp } from '../support/app.js';
import { ringOf } from '../support/encryption.js';

const UI = 'https://temporal.example.com';
const plain = {
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from('"tea"').toString('base64'),
};

describe('/codec/{tenant}', () => {
  const app = () =>
    testApp({ sealing: createPayloadSealing(ringOf('k1'), assert.fail), settings: { codecOrigins: [UI] } });

  it('encrypts, and decrypts for the tenant alone', async () => {
    const { post } = app();
    const sealed = (await post('/codec/acme/encode', { payloads: [plain] })).json;
    assert.ok(!JSON.stringify(sealed).includes(plain.data));
    const opened = await post('/codec/acme/decode', sealed);
    assert.deepEqual([opened.status, opened.json], [200, { payloads: [plain] }]);
    assert.deepEqual((await post('/codec/other/decode', sealed)).json, sealed);
    assert.deepEqual((await post('/codec/acme/decode', { payloads: [] })).json, { payloads: [] });
    const large = { ...plain, data: Buffer.alloc(1_500_000).toString('base64') };
    assert.equal((await post('/codec/acme/encode', { payloads: [large] })).status, 200);
  });

  it('answers pages of the configured UI, and of no other', async () => {
    const { app: served, post } = app();
    const preflight = (origin: string) =>
      served.request('/codec/acme/decode', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-namespace,authorization',
        },
      });
    const allowed = await preflight(UI);
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), UI);
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /x-namespace/);
    const other = await preflight('https://evil.example.com');
    assert.deepEqual([other.status, other.headers.get('access-control-allow-origin')], [403, null]);
    const sent = (origin: string) => post('/codec/acme/decode', { payloads: [plain] }, { origin });
    const answered = await sent(UI);
    assert.deepEqual([answered.status, answered.headers.get('access-control-allow-origin')], [200, UI]);
    assert.equal((await sent('https://evil.example.com')).json.code, 'forbidden_origin');
    // Its pages may have payloads, and nothing else.
    assert.equal((await post('/v1/runs', {}, { origin: UI })).json.code, 'forbidden_origin');
  });

  it('is not there where nothing is encrypted; says what it cannot read', async () => {
    assert.equal((await testApp().post('/codec/acme/decode', { payloads: [plain] })).json.code, 'not_found');
    const { post, send } = app();
    assert.equal((await post('/codec/acme/decode', { payloads: [{ data: 1 }] })).json.code, 'invalid_request');
    assert.equal((await post('/codec/a%2Fb/decode', { payloads: [] })).status, 404);
    assert.equal((await send('POST', '/codec/acme/decode', '{}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await send('GET', '/codec/acme/decode')).json.code, 'method_not_allowed');
  });
});
