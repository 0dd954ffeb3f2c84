import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { readYaml } from '../../src/adapters/read-yaml.js';
import { mergePatch } from '../../src/crew/merge-patch.js';
import { createHttpServer } from '../../src/http-server.js';
import { testApp } from '../support/app.js';
import { crewDocument } from '../support/crews.js';

describe('answers to browsers', () => {
  it('load, run and frame nothing, and are kept nowhere, errors too', async () => {
    const { get, post } = testApp();
    for (const { headers } of [await get('/v1/crews'), await get('/nothing'), await post('/v1/runs', '{')]) {
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'.*frame-ancestors 'none'$/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('referrer-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(\)/);
      assert.equal(headers.get('x-powered-by'), null);
    }
  });

  it('of a page keep the policy of the page', async () => {
    const { headers } = await testApp().get('/d/no-token');
    assert.match(headers.get('content-security-policy') ?? '', /style-src 'unsafe-inline'; form-action 'self'/);
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  });
});

describe('CORS', () => {
  const origin = 'https://app.example.com';
  const preflight = { origin, 'access-control-request-method': 'POST' };

  it('is closed where no origin is named', async () => {
    const { send, get } = testApp();
    const answer = await send('OPTIONS', '/v1/runs', undefined, preflight);
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal((await get('/v1/crews')).headers.get('access-control-allow-origin'), null);
  });

  it('opens for named origins and no others, without credentials', async () => {
    const { send, get, post } = testApp({ settings: { corsOrigins: [origin] } });
    const asked = await send('OPTIONS', '/v1/runs', undefined, preflight);
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get('access-control-allow-origin'), origin);
    assert.equal(asked.headers.get('access-control-allow-credentials'), null);
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /idempotency-key.*last-event-id/);
    const read = await get('/v1/crews', { origin });
    assert.equal(read.status, 200);
    assert.equal(read.headers.get('access-control-allow-origin'), origin);
    assert.match(read.headers.get('vary') ?? '', /origin/i);
    assert.match(read.headers.get('access-control-expose-headers') ?? '', /location.*retry-after.*x-request-id/);
    const wrong = await post('/v1/runs', {}, { origin });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.headers.get('access-control-allow-origin'), origin);
    for (const other of ['https://app.example.com.evil.example', 'http://app.example.com', 'null']) {
      const refused = await get('/v1/crews', { origin: other });
      assert.equal(refused.status, 403, other);
      assert.equal(refused.headers.get('access-control-allow-origin'), null);
    }
  });
});

describe('bodies', () => {
  const { post, send } = testApp();
  const nested = (depth: number) => `{"crew":"pair","inputs":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;

  it('may be nested so deep and no deeper, brackets in texts apart', async () => {
    assert.equal((await post('/v1/runs', nested(101))).json.code, 'body_too_complex');
    assert.equal((await post('/v1/runs', nested(90))).json.code, 'invalid_inputs');
    const text = JSON.stringify({ crew: 'pair', inputs: { topic: `\\"${'['.repeat(1_000)}` } });
    assert.equal((await post('/v1/runs', text)).json.code, 'temporal_unavailable');
  });

  it('may have so many values and no more', async () => {
    const { status, json } = await post('/v1/runs', `{"crew":"pair","inputs":{"a":[${'1,'.repeat(100_001)}1]}}`);
    assert.equal(status, 400);
    assert.equal(json.code, 'body_too_complex');
  });

  it('have no key that reaches into prototypes, in no writing', async () => {
    for (const key of ['__proto__', '\\u005f_proto__', '__pr\\u006fto__']) {
      const { status, json } = await post('/v1/runs', `{"crew":"pair","inputs":{"${key}":{"polluted":true}}}`);
      assert.equal(status, 400, key);
      assert.equal(json.code, 'bad_request');
    }
    for (const key of ['constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const { json } = await post('/v1/runs', `{"crew":"pair","inputs":{"topic":"x","${key}":{"polluted":true}}}`);
      assert.equal(json.code, 'invalid_inputs', key);
      const named = await post('/v1/runs', { crew: key, inputs: {} });
      assert.equal(named.json.code, 'crew_not_found', key);
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('of definitions name nothing that every object has', async () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const agents = { a: { role: 'R', goal: 'G', backstory: 'B' } };
      const tasks = { t: { description: 'D', expected_output: 'E', agent: name } };
      const { json } = await post('/v1/crews:validate', { ...crewDocument(), inputs: {}, agents, tasks });
      assert.equal(json.valid, false, name);
      const context = { t: { description: 'D', expected_output: 'E', agent: 'a', context: [name] } };
      const read = await post('/v1/crews:validate', { ...crewDocument(), inputs: {}, agents, tasks: context });
      assert.equal(read.json.valid, false, name);
      const asked = { t: { description: `D {${name}}`, expected_output: 'E', agent: 'a' } };
      const templated = await post('/v1/crews:validate', { ...crewDocument(), inputs: {}, agents, tasks: asked });
      assert.equal(templated.json.valid, false, name);
    }
  });

  it('of definitions as YAML pollute nothing and do not grow', async () => {
    const { json } = await post('/v1/crews:validate', { yaml: '__proto__: { polluted: true }\nname: x\n' });
    assert.equal(json.valid, false);
    const merged = readYaml('a: &a { polluted: true }\nb: { <<: *a }\n__proto__: *a\n');
    assert.ok(merged.ok);
    assert.equal(Object.getPrototypeOf(merged.document), Object.prototype);
    assert.deepEqual((merged.document as Record<string, unknown>)['b'], { '<<': { polluted: true } });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`),
    ];
    const started = performance.now();
    const answer = await post('/v1/crews:validate', { yaml: bomb.join('\n') });
    assert.equal(answer.json.valid, false);
    // Written out it would be a thousand million values.
    assert.ok(performance.now() - started < 20_000);
  });

  it('of forks patch no prototype', () => {
    const patch = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"a":{"__proto__":{"p":3}}}',
    );
    const merged = mergePatch({ a: {} }, patch) as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(merged), Object.prototype);
    assert.deepEqual(Object.keys(merged), ['a', 'constructor']);
    assert.deepEqual(merged['a'], {});
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('have numbers that JSON can say', async () => {
    for (const number of ['1e999', '-1e999', '9'.repeat(400)]) {
      const { status } = await send('POST', '/v1/runs?wait=0', `{"crew":"pair","inputs":{"topic":${number}}}`);
      assert.equal(status, 422, number);
    }
  });
});

describe('clients that send too slowly, or too much', () => {
  let server: Server;
  let port: number;
  before(async () => {
    const { app } = testApp();
    server = createHttpServer(app.fetch, '127.0.0.1', {
      requestMs: 400,
      headersMs: 200,
      checkMs: 50,
      stalledMs: 60_000,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** What the server says to a client that sends a piece, and then a byte now and then for ever. */
  const drip = (first: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(first));
      const timer = setInterval(() => socket.write('x'), 50);
      let said = '';
      socket.setTimeout(10_000, () => reject(new Error('it was not cut')));
      socket.on('data', (data) => (said += data.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve(said);
      });
    });

  it('are cut in their headers and in their bodies', async () => {
    assert.match(await drip('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-'), /^HTTP\/1\.1 408 /);
    const head =
      'POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"';
    assert.match(await drip(head), /^(HTTP\/1\.1 408 .*)?/);
  });

  /** The status of the answer to what is sent, which may be less than it says it will send. */
  const statusOf = (...pieces: string[]): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => pieces.forEach((piece) => socket.write(piece)));
      socket.setTimeout(10_000, () => reject(new Error('there was no answer')));
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(/^HTTP\/1\.1 (\d+) /.exec(data.toString())?.[1]);
      });
    });

  it('are refused by the length that they say, or by what they send where they say none', async () => {
    const head = 'POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    assert.equal(await statusOf(`${head}Content-Length: 1000001\r\n\r\n`), '413');
    const chunk = `${(600_000).toString(16)}\r\n${'x'.repeat(600_000)}\r\n`;
    assert.equal(await statusOf(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk), '413');
    assert.equal(await statusOf(`${head}Content-Length: 2\r\n\r\n`, '{}'), '422');
  });
});
