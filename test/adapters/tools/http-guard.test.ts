import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import type { HttpToolSettings } from '../../../src/adapters/tools/http/index.js';
import { bodyOf, requested, toolFor } from './http-support.js';
import { failureOf, withServer } from './support.js';

/** Resolves every name to these addresses, one list after the other. */
const resolving = (...answers: string[][]): NonNullable<HttpToolSettings['lookup']> => {
  let asked = 0;
  return (_hostname, _options, callback) => {
    const list = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      list.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
};

describe('http_request: addresses', () => {
  it('that are private are refused, however they are written, and nothing connects', async () => {
    let connections = 0;
    await withServer(
      (_request, response) => {
        connections++;
        response.end('secret');
      },
      async (port) => {
        const writings = [
          '127.0.0.1',
          '2130706433',
          '0177.0.0.1',
          '0x7f.1',
          '127.1',
          '[::ffff:127.0.0.1]',
          '[::ffff:7f00:1]',
          '[::1]',
          '0.0.0.0',
          '[::]',
          '[64:ff9b::7f00:1]',
          '[::7f00:1]',
          '10.0.0.1',
          '169.254.169.254',
          '[fd00:ec2::254]',
          'localhost',
          'LOCALHOST',
        ];
        const hosts = ['*', `*:${port}`];
        for (const host of writings) {
          const failure = await failureOf(
            requested(toolFor(hosts, { allowPrivate: false }), { url: `http://${host}:${port}/` }),
          );
          assert.equal(failure.reason, 'refused', `${host} ${failure.message}`);
        }
      },
    );
    assert.equal(connections, 0);
  });

  it('that names resolve to are checked as they are connected to', async () => {
    await withServer(
      (_request, response) => response.end('secret'),
      async (port) => {
        const url = `http://public.example:${port}/`;
        const tool = (answers: string[][], allowPrivate = false) =>
          toolFor([`public.example:${port}`], { allowPrivate, lookup: resolving(...answers) });
        for (const address of [
          '127.0.0.1',
          '10.1.2.3',
          '::ffff:127.0.0.1',
          '64:ff9b::a00:1',
          'fe80::1',
          '169.254.169.254',
        ]) {
          const failure = await failureOf(requested(tool([[address]]), { url }));
          assert.equal(failure.reason, 'refused', `${address} ${failure.message}`);
          assert.doesNotMatch(failure.message, new RegExp(address.replaceAll('.', '\\.')));
        }
        // A name that is asked again may answer otherwise: what the check saw is what is connected to.
        assert.match(await requested(tool([['127.0.0.1'], ['10.255.255.1']], true), { url }), /secret$/);
        // Of several addresses those that may be called are.
        assert.match(await requested(tool([['169.254.169.254', '127.0.0.1']], true), { url }), /secret$/);
      },
    );
  });

  it('of metadata are refused where private ones are allowed too', async () => {
    for (const host of [
      '169.254.169.254',
      '168.63.129.16',
      '100.100.100.200',
      '[fd00:ec2::254]',
      '0.0.0.0',
      '[fe80::1]',
    ]) {
      const failure = await failureOf(requested(toolFor(['*']), { url: `http://${host}/` }));
      assert.equal(failure.reason, 'refused', host);
    }
  });
});

describe('http_request: redirects', () => {
  it('are followed, each checked as the first address was', async () => {
    await withServer(
      (_request, response) => response.end('secret'),
      async (hidden) => {
        await withServer(
          (request, response) => {
            const to: Record<string, string> = {
              '/there': '/end',
              '/private': `http://127.0.0.1:${hidden}/`,
              '/metadata': 'http://169.254.169.254/latest',
              '/file': 'file:///etc/passwd',
              '/loop': '/loop',
            };
            const location = to[request.url ?? ''];
            if (location === undefined) response.end(`at ${request.url}`);
            else response.writeHead(302, { location }).end();
          },
          async (port) => {
            const base = `http://127.0.0.1:${port}`;
            const tool = toolFor([`127.0.0.1:${port}`, '169.254.169.254']);
            assert.match(await requested(tool, { url: `${base}/there` }), new RegExp(`url: ${base}/end\n\nat /end$`));
            const refused: [path: string, message: RegExp][] = [
              ['/private', /A redirect leads to 127\.0\.0\.1:\d+, which this tool may not call/],
              ['/metadata', /leads to .*not public/],
              ['/file', /only http and https/],
            ];
            for (const [path, message] of refused) {
              const failure = await failureOf(requested(tool, { url: base + path }));
              assert.deepEqual([failure.reason, message.test(failure.message)], ['refused', true], failure.message);
            }
            const failure = await failureOf(requested(tool, { url: `${base}/loop` }));
            assert.deepEqual([failure.reason, /redirects more than 5 times/.test(failure.message)], ['failed', true]);
          },
        );
      },
    );
  });

  it('take the headers of the model to the same origin only, and the body where HTTP says so', async () => {
    const seen: Record<
      string,
      [method: string | undefined, authorization: string | undefined, key: unknown, body: string]
    > = {};
    const record = async (request: IncomingMessage, at: string) => {
      const { authorization, 'x-api-key': key } = request.headers;
      seen[at] = [request.method, authorization, key, await bodyOf(request)];
    };
    await withServer(
      (request, response) => void record(request, `other${request.url}`).then(() => response.end()),
      async (other) => {
        await withServer(
          (request, response) => {
            void record(request, `first${request.url}`).then(() => {
              const [, status, target] = /^\/(\d+)-(\w+)/.exec(request.url ?? '') ?? [];
              if (status === undefined) return response.end();
              const location = target === 'same' ? `/end-${status}` : `http://127.0.0.1:${other}/end-${status}`;
              return response.writeHead(Number(status), { location }).end();
            });
          },
          async (port) => {
            const tool = toolFor([`127.0.0.1:${port}`, `127.0.0.1:${other}`]);
            for (const path of ['/307-same', '/307-other', '/302-other', '/303-same']) {
              const headers = { Authorization: 'Bearer t', 'X-Api-Key': 'k' };
              await requested(tool, { url: `http://127.0.0.1:${port}${path}`, method: 'POST', headers, body: 'b' });
            }
          },
        );
      },
    );
    assert.deepEqual(seen['first/end-307'], ['POST', 'Bearer t', 'k', 'b']);
    assert.deepEqual(seen['other/end-307'], ['POST', undefined, undefined, 'b']);
    assert.deepEqual(seen['other/end-302'], ['GET', undefined, undefined, '']);
    assert.deepEqual(seen['first/end-303'], ['GET', 'Bearer t', 'k', '']);
  });
});
