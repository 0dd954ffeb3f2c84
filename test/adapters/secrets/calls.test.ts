import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { definedTools } from '../../../src/adapters/tools/defined.js';
import { createToolRunner } from '../../../src/adapters/tools/runner.js';
import { defineTool } from '../../../src/authoring/index.js';
import type { Tool } from '../../../src/authoring/define.js';
import { toolFor } from '../tools/http-support.js';
import { callOptions, failureOf, withServer } from '../tools/support.js';
import { OTHER, secretsOf, TOKEN } from './support.js';

const policy = (hosts: string[], more = '') => `secrets:
  API_TOKEN: { from: { env: API_TOKEN }, tools: [http_request], hosts: ${JSON.stringify(hosts)} }
  OTHER_TOKEN: { from: { env: OTHER_TOKEN }${more} }
`;

describe('http_request with references to secrets', () => {
  it('sends them to their hosts, and takes them out of what comes back', async () => {
    const seen: IncomingHttpHeaders[] = [];
    await withServer(
      (request, response) => {
        seen.push(request.headers);
        const token = request.headers['authorization'] ?? '';
        response.setHeader('content-type', 'application/json').setHeader('etag', `"${token}"`);
        response.end(
          JSON.stringify({ headers: request.headers, packed: Buffer.from(`me:${token}`).toString('base64') }),
        );
      },
      async (port) => {
        const secrets = secretsOf(policy([`http://127.0.0.1:${port}`]));
        const runner = createToolRunner({
          sources: [definedTools([toolFor([`127.0.0.1:${port}`], { secrets })])],
          secrets,
        });
        const { content } = await runner.call(
          'http_request',
          { url: `http://127.0.0.1:${port}/`, headers: { authorization: 'Bearer {{secret:API_TOKEN}}' } },
          callOptions(),
        );
        assert.equal(seen[0]?.['authorization'], `Bearer ${TOKEN}`);
        assert.equal(content.split('[secret API_TOKEN]').length - 1, 3);
        for (const writing of [TOKEN, JSON.stringify(TOKEN).slice(1, -1), 'tok/en']) {
          assert.ok(!content.includes(writing), content);
        }
      },
    );
  });

  it('sends none to another host, nor in an address or a body, and says which', async () => {
    let calls = 0;
    await withServer(
      (_request, response) => {
        calls++;
        response.end();
      },
      async (port) => {
        const secrets = secretsOf(policy(['api.example.com']));
        const runner = createToolRunner({
          sources: [definedTools([toolFor([`127.0.0.1:${port}`], { secrets })])],
          secrets,
        });
        const url = `http://127.0.0.1:${port}/`;
        const reference = '{{secret:API_TOKEN}}';
        for (const args of [
          { url, headers: { 'x-key': reference } },
          { url, headers: { 'user-agent': reference } },
          { url, headers: { 'x-key': '{{secret:OTHER_TOKEN}}' } },
          { url, headers: { 'x-key': '{{secret:UNKNOWN}}' } },
          { url: `${url}?key=${reference}` },
          { url, method: 'POST', body: reference },
          { url, method: 'POST', body: { deep: [{ key: reference }] } },
        ]) {
          const failure = await failureOf(runner.call('http_request', args, callOptions()));
          assert.equal(failure.reason, 'refused', failure.message);
          assert.match(failure.message, /^\{\{secret:(API_TOKEN|OTHER_TOKEN|UNKNOWN)\}\}: /);
          assert.ok(!failure.message.includes(TOKEN) && !failure.message.includes(OTHER));
        }
      },
    );
    assert.equal(calls, 0);
  });

  it('drops them when a redirect leads to another host, whatever header they stand in', async () => {
    const there: IncomingHttpHeaders[] = [];
    await withServer(
      (request, response) => {
        there.push(request.headers);
        response.end('there');
      },
      async (other) => {
        const here: IncomingHttpHeaders[] = [];
        await withServer(
          (request, response) => {
            here.push(request.headers);
            const to = request.url === '/' ? '/again' : `http://127.0.0.1:${other}/`;
            response.writeHead(302, { location: to }).end();
          },
          async (port) => {
            const secrets = secretsOf(policy([`http://127.0.0.1:${port}`]));
            const tool = toolFor([`127.0.0.1:${port}`, `127.0.0.1:${other}`], { secrets });
            const runner = createToolRunner({ sources: [definedTools([tool])], secrets });
            const reference = 'v {{secret:API_TOKEN}}';
            const { content } = await runner.call(
              'http_request',
              { url: `http://127.0.0.1:${port}/`, headers: { authorization: reference, 'user-agent': reference } },
              callOptions(),
            );
            assert.match(content, /there$/);
            for (const headers of here) {
              assert.equal(headers['authorization'], `v ${TOKEN}`);
              assert.equal(headers['user-agent'], `v ${TOKEN}`);
            }
            assert.equal(here.length, 2);
            assert.equal(there.length, 1);
            assert.doesNotMatch(JSON.stringify(there), /tok\/en|secret:/);
          },
        );
      },
    );
  });

  it('sends a header of the operator by itself, which a model cannot set, to its hosts alone', async () => {
    const seen: { port: number; key: unknown }[] = [];
    const listener =
      (ports: () => number): Parameters<typeof withServer>[0] =>
      (request, response) => {
        seen.push({ port: ports(), key: request.headers['x-key'] });
        response.end();
      };
    let other = 0;
    await withServer(
      listener(() => other),
      async (port) => {
        other = port;
        let own = 0;
        await withServer(
          listener(() => own),
          async (ownPort) => {
            own = ownPort;
            const header = `, hosts: ['http://127.0.0.1:${own}'], header: 'X-Key: k {{secret:OTHER_TOKEN}}'`;
            const secrets = secretsOf(policy(['api.example.com'], header));
            const tool = toolFor([`127.0.0.1:${own}`, `127.0.0.1:${other}`], { secrets });
            const runner = createToolRunner({ sources: [definedTools([tool])], secrets });
            for (const to of [own, other]) {
              const args = { url: `http://127.0.0.1:${to}/`, headers: { 'X-Key': 'of the model' } };
              await runner.call('http_request', args, callOptions());
            }
            assert.deepEqual(seen, [
              { port: own, key: `k ${OTHER}` },
              { port: other, key: 'of the model' },
            ]);
          },
        );
      },
    );
  });
});

describe('other tools with references to secrets', () => {
  const policyOfTool = 'secrets: { API_TOKEN: { from: { env: API_TOKEN }, tools: [lookup] } }';
  const got: unknown[] = [];
  const tool = (name: string) =>
    defineTool({
      name,
      description: 'Looks up.',
      input: z.object({ key: z.string(), more: z.unknown().optional() }),
      run: (input) => {
        got.push(input);
        if (input.more === 'fail') throw new Error(`401 for ${input.key}`);
        return { echo: input };
      },
    }) as unknown as Tool;
  const secrets = secretsOf(policyOfTool);
  const runner = createToolRunner({ sources: [definedTools([tool('lookup'), tool('other')])], secrets });

  it('get them at any depth where the policy names the tool; results and errors come back without', async () => {
    const args = { key: '{{secret:API_TOKEN}}', more: [{ a: 'x {{secret:API_TOKEN}} y' }] };
    const { content } = await runner.call('lookup', args, callOptions());
    assert.deepEqual(got.pop(), { key: TOKEN, more: [{ a: `x ${TOKEN} y` }] });
    assert.equal(content, '{"echo":{"key":"[secret API_TOKEN]","more":[{"a":"x [secret API_TOKEN] y"}]}}');
    const failure = await failureOf(runner.call('lookup', { ...args, more: 'fail' }, callOptions()));
    assert.equal(failure.message, '401 for [secret API_TOKEN]');
    got.length = 0;
  });

  it('are not called where it does not', async () => {
    const failure = await failureOf(runner.call('other', { key: '{{secret:API_TOKEN}}' }, callOptions()));
    assert.match(failure.message, /\{\{secret:API_TOKEN\}\}: the tool other may not have this secret/);
    assert.deepEqual(got, []);
  });

  it('are not called with arguments that are nested out of reason', async () => {
    let more: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth++) more = [more];
    const failure = await failureOf(runner.call('lookup', { key: 'k', more }, callOptions()));
    assert.equal(failure.reason, 'invalid_arguments');
  });
});
