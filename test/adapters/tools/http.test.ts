import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { eventually } from '../../support/crew-world.js';
import { bodyOf, requested, toolFor } from './http-support.js';
import { failureOf, withServer } from './support.js';

describe('http_request: answers', () => {
  it('are status, address, some headers and the text', async () => {
    await withServer(
      (_request, response) => response.setHeader('content-type', 'application/json').end('{"a":1}'),
      async (port) => {
        const url = `http://127.0.0.1:${port}/x?y=1`;
        const content = await requested(toolFor([`127.0.0.1:${port}`]), { url });
        assert.equal(content, `HTTP 200 OK\nurl: ${url}\ncontent-type: application/json\n\n{"a":1}`);
      },
    );
  });

  it('with an error status are answers', async () => {
    await withServer(
      (_request, response) => response.writeHead(503, { 'retry-after': '7', 'content-type': 'text/plain' }).end('busy'),
      async (port) => {
        const content = await requested(toolFor([`127.0.0.1:${port}`]), { url: `http://127.0.0.1:${port}/` });
        assert.match(content, /^HTTP 503 Service Unavailable\n[^]*retry-after: 7\n\nbusy$/);
      },
    );
  });

  it('are cut at their longest and say so, packed ones by what they unpack to', async () => {
    // What it unpacks to has no end: whoever would unpack it whole is never done.
    const piece = gzipSync(Buffer.alloc(10_000_000, 'x'));
    const bomb = function* () {
      for (;;) yield piece;
    };
    let letGo = false;
    await withServer(
      (request, response) => {
        response.setHeader('content-type', 'text/plain; charset=utf-8');
        if (request.url !== '/bomb') return void response.end('é'.repeat(600));
        pipeline(Readable.from(bomb()), response.setHeader('content-encoding', 'gzip'), () => (letGo = true));
      },
      async (port) => {
        const tool = toolFor([`127.0.0.1:${port}`], { maxBytes: 1_001 });
        const plain = await requested(tool, { url: `http://127.0.0.1:${port}/` });
        assert.match(plain, /\n\né{500}\n\[Cut after 1001 bytes \(1200 bytes were sent\)\.\]$/);
        const packed = await requested(tool, { url: `http://127.0.0.1:${port}/bomb` });
        assert.match(packed, /\n\nx{1001}\n\[Cut after 1001 bytes/);
        await eventually('the rest not to be read', () => Promise.resolve(letGo));
      },
    );
  });

  it('that are no text say what they are', async () => {
    await withServer(
      (request, response) => {
        if (request.url === '/image') response.setHeader('content-type', 'image/png').end(Buffer.alloc(10));
        else response.end(Buffer.from([1, 0, 2]));
      },
      async (port) => {
        const tool = toolFor([`127.0.0.1:${port}`]);
        const image = await requested(tool, { url: `http://127.0.0.1:${port}/image` });
        assert.match(image, /\[Not a text but image\/png \(10 bytes were sent\): not shown\.\]$/);
        assert.match(await requested(tool, { url: `http://127.0.0.1:${port}/` }), /\[Not a text: not shown\.\]$/);
      },
    );
  });

  it('that never end are cut off at the time', async () => {
    await withServer(
      (_request, response) => void response.setHeader('content-type', 'text/plain').write('a'),
      async (port) => {
        const tool = toolFor([`127.0.0.1:${port}`], { timeoutMs: 200 });
        assert.equal((await failureOf(requested(tool, { url: `http://127.0.0.1:${port}/` }))).reason, 'timed_out');
      },
    );
  });
});

describe('http_request: requests', () => {
  it('carry method, headers and body, and a key where they may change something', async () => {
    const seen: [string | undefined, IncomingMessage['headers'], string][] = [];
    await withServer(
      (request, response) => {
        void bodyOf(request).then((body) => {
          seen.push([request.method, request.headers, body]);
          response.end();
        });
      },
      async (port) => {
        const tool = toolFor([`127.0.0.1:${port}`]);
        const url = `http://127.0.0.1:${port}/`;
        await requested(tool, {
          url,
          method: 'post',
          headers: { 'X-One': '1', Host: 'evil', 'Idempotency-Key': 'mine' },
          body: { a: 1 },
        });
        await requested(tool, { url, method: 'PUT', body: 'plain' });
        await requested(tool, { url });
      },
    );
    const [[post, headers, body], [, put, text], [get, none]] = seen as [
      (typeof seen)[0],
      (typeof seen)[0],
      (typeof seen)[0],
    ];
    assert.deepEqual(
      [post, body, headers['x-one'], headers['content-type']],
      ['POST', '{"a":1}', '1', 'application/json'],
    );
    assert.equal(headers['idempotency-key'], 'crew/default/run1/find/tool/1');
    assert.match(headers.host ?? '', /^127\.0\.0\.1:/);
    assert.deepEqual([put['content-type'], text], ['text/plain; charset=utf-8', 'plain']);
    assert.deepEqual([get, none['idempotency-key'], none['content-type']], ['GET', undefined, undefined]);
  });

  it('are not made where they cannot be meant', async () => {
    const tool = toolFor(['*']);
    const cases: [args: Record<string, unknown>, reason: string, message: RegExp][] = [
      [{ url: 'example.com' }, 'invalid_arguments', /no URL; write it in full/],
      [{ url: 'https://example.com', body: 'x' }, 'invalid_arguments', /GET sends none/],
      [{ url: 'https://example.com', headers: { 'a b': '1' } }, 'invalid_arguments', /headers: 'a b'/],
      [{ url: 'https://example.com', headers: { a: '1\r\nb: 2' } }, 'invalid_arguments', /headers: 'a'/],
      [{ url: 'https://example.com', method: 'TRACE' }, 'invalid_arguments', /method/],
      [{ url: 'ftp://example.com/' }, 'refused', /only http and https/],
      [{ url: 'file:///etc/passwd' }, 'refused', /only http and https/],
      [{ url: 'https://user:secret@example.com/' }, 'refused', /user name or a password/],
      [{ url: 'https://example.com', method: 'POST', body: 'x'.repeat(1_000_001) }, 'refused', /at most 1000000/],
    ];
    for (const [args, reason, message] of cases) {
      const failure = await failureOf(requested(tool, args));
      assert.deepEqual([failure.reason, message.test(failure.message)], [reason, true], failure.message);
      assert.doesNotMatch(failure.message, /secret/);
    }
  });

  it('to hosts that are not on the list are refused, and the list is told', async () => {
    const tool = toolFor(['api.example.com', '*.example.org', 'localhost:8080', '[::1]:81']);
    assert.match(tool.description, /api\.example\.com, \*\.example\.org, localhost:8080, \[::1\]:81/);
    const others = [
      'https://example.com/',
      'https://api.example.com.evil.net/',
      'https://evilapi.example.com/',
      'https://example.org/',
      'https://evilexample.org/',
      'https://api.example.com:8443/',
      'http://api.example.com:443/',
      'http://localhost/',
      'http://[::1]/',
    ];
    for (const url of others) {
      const { reason, message } = await failureOf(requested(tool, { url }));
      assert.deepEqual(
        [reason, /It may call: api\.example\.com/.test(message)],
        ['refused', true],
        `${url} ${message}`,
      );
    }
  });

  it('that cannot be made now may be made again, and those that may have been made may not', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const tool = toolFor([`127.0.0.1:${port}`]);
    const url = `http://127.0.0.1:${port}/`;
    assert.equal((await failureOf(requested(tool, { url }))).reason, 'unavailable');
    const lost = await failureOf(requested(tool, { url, method: 'POST', body: 'x' }));
    assert.deepEqual([lost.reason, /Whether it was done is not known/.test(lost.message)], ['failed', true]);
    await new Promise((resolve) => server.close(resolve));
    const closed = await failureOf(requested(tool, { url, method: 'POST', body: 'x' }));
    assert.deepEqual([closed.reason, /ECONNREFUSED/.test(closed.message)], ['unavailable', true], closed.message);
    // Without a network, it takes some resolvers long to say so.
    const patient = toolFor(['nowhere.invalid'], { timeoutMs: 50_000 });
    const nowhere = await failureOf(requested(patient, { url: 'http://nowhere.invalid/' }));
    assert.equal(nowhere.reason, 'unavailable');
  });
});
