import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { ToolErrorReason } from '../../../src/contract/tool-error.js';
import { fail, http, options, reply, until, withMcp, withOddServer, type Misbehave, type Rpc } from './support.js';

const never = new AbortController().signal;

const onCall =
  (act: (response: ServerResponse, rpc: Rpc) => void): Misbehave =>
  (rpc, response) => {
    if (rpc.method !== 'tools/call') return false;
    act(response, rpc);
    return true;
  };
const status =
  (code: number): Misbehave =>
  (_, response) => {
    response.writeHead(code).end('<h1>internal details</h1>');
    return true;
  };

describe('MCP servers that are odd', () => {
  const failures: [title: string, misbehave: Misbehave, reason: ToolErrorReason, message: RegExp][] = [
    ['401', status(401), 'refused', /refused us with status 401: check the headers/],
    ['403', status(403), 'refused', /403/],
    ['404 at once', status(404), 'unavailable', /answered with status 404; is its url right\?/],
    ['503', status(503), 'unavailable', /answered with status 503$/],
    ['a redirect elsewhere', (_, response) => redirect(response), 'unavailable', /status 302/],
    ['500 to a call', onCall((response) => response.writeHead(500).end()), 'unavailable', /status 500/],
    ['413 to a call', onCall((response) => response.writeHead(413).end()), 'invalid_arguments', /this long/],
    [
      'wrong arguments',
      onCall((r, rpc) => fail(r, rpc, -32602, 'a: expected b')),
      'invalid_arguments',
      /^a: expected b$/,
    ],
    ['no such method', onCall((r, rpc) => fail(r, rpc, -32601, 'what?')), 'not_found', /what\?/],
    ['an internal error', onCall((r, rpc) => fail(r, rpc, -32603, 'oops')), 'failed', /^oops$/],
    [
      'an error with the code of a closed connection',
      onCall((r, rpc) => fail(r, rpc, -32000, 'busy')),
      'failed',
      /^busy$/,
    ],
    ['what is no result', onCall((r, rpc) => reply(r, rpc, { content: 'text' })), 'failed', /no result of a tool/],
    [
      'a page of HTML',
      onCall((r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>')),
      'unavailable',
      /not of the protocol/,
    ],
    ['a broken connection', onCall((r) => r.socket?.destroy()), 'unavailable', /cannot be reached/],
    ['a stream that ends before the answer', onCall(emptyStream), 'unavailable', /went away before it answered/],
    ['a stream that is cut before the answer', onCall(cutStream), 'unavailable', /went away before it answered/],
  ];
  for (const [title, misbehave, reason, message] of failures) {
    it(`that answer with ${title}: ${reason}`, async () => {
      await withOddServer(misbehave, async (url) => {
        await withMcp([http(url)], async ({ source }) => {
          await assert.rejects(source.call('web/do', {}, options()), (error: Error & { reason?: string }) => {
            assert.equal(error.reason, reason);
            assert.match(error.message, message);
            assert.doesNotMatch(error.message, /internal details/);
            return true;
          });
        });
      });
    });
  }

  const resumptions: [title: string, onResume: (response: ServerResponse, call: Rpc) => void, expected: RegExp][] = [
    ['has the answer', (response, call) => stream(response, `data: ${answerTo(call)}`), /^late$/],
    ['fails', (response) => response.writeHead(500).end(), /went away before it answered/],
    ['is not offered', (response) => response.writeHead(405).end(), /went away before it answered/],
    ['is broken off', (response) => response.socket?.destroy(), /went away before it answered/],
  ];
  for (const [title, onResume, expected] of resumptions) {
    it(`that end a stream to be resumed, which ${title}`, async () => {
      let call: Rpc | undefined;
      const misbehave: Misbehave = (rpc, response, request) => {
        if (rpc.method === 'tools/call') {
          call = rpc;
          stream(response, 'id: 1\ndata:');
          return true;
        }
        if (rpc.method !== 'GET' || !call || request.headers['last-event-id'] !== '1') return false;
        onResume(response, call);
        return true;
      };
      await withOddServer(misbehave, async (url) => {
        await withMcp([http(url)], async ({ source }) => {
          const said = await source.call('web/do', {}, options()).then(
            ({ content }) => content,
            (error: Error & { reason?: string }) => `${error.reason}: ${error.message}`,
          );
          assert.match(said, expected);
          assert.doesNotMatch(said, /timed_out/);
        });
      });
    });
  }

  it('get the configured headers and the key of the call, and no secret comes back', async () => {
    let header: string | undefined;
    const misbehave: Misbehave = (rpc, response, request) => {
      header = request.headers.authorization;
      if (rpc.method !== 'tools/call') return false;
      reply(response, rpc, { content: [{ type: 'text', text: `you sent ${header}` }] });
      return true;
    };
    await withOddServer(misbehave, async (url, seen) => {
      const server = http(url, { headers: { Authorization: 'Bearer very-secret' }, secrets: ['very-secret'] });
      await withMcp([server], async ({ source }) => {
        const { content } = await source.call('web/do', {}, options({ idempotencyKey: 'wf/act' }));
        assert.equal(header, 'Bearer very-secret');
        assert.equal(content, 'you sent Bearer [secret]');
        assert.deepEqual(seen.find(({ method }) => method === 'tools/call')?.params?._meta, {
          'agent-orchestration-service/idempotencyKey': 'wf/act',
        });
      });
    });
  });

  it('are told when a call is given up, and not told so of calls that were answered', async () => {
    const hang: Misbehave = (rpc) => rpc.method === 'tools/call' && rpc.params?.name === 'hang';
    const tools = [
      { name: 'do', inputSchema: { type: 'object' } },
      { name: 'hang', inputSchema: { type: 'object' } },
    ];
    await withOddServer(
      (rpc, response, request) => listing(tools)(rpc, response, request) || hang(rpc, response, request),
      async (url, seen) => {
        await withMcp([http(url)], async ({ source }) => {
          await source.describe(['web/*'], never);
          const later = new AbortController();
          // The bound of the first call comes while the second one hangs.
          await source.call('web/do', {}, options({ signal: later.signal, timeoutMs: 1_500 }));
          await assert.rejects(source.call('web/hang', {}, options({ timeoutMs: 2_000 })), { reason: 'timed_out' });
          later.abort();
          const cancelled = () => seen.filter(({ method }) => method === 'notifications/cancelled');
          await until('the server is told', () => cancelled().length > 0);
          const hung = seen.find(({ params }) => params?.name === 'hang');
          assert.deepEqual(
            cancelled().map(({ params }) => params?.requestId),
            [hung?.id],
          );
        });
      },
    );
  });

  it('have their list read to its end, without what is broken in it', async () => {
    const pages: Record<string, object> = {
      '': {
        tools: [{ name: 'one', description: 'x'.repeat(5_000), inputSchema: { type: 'object' } }],
        nextCursor: 'p2',
      },
      p2: {
        tools: [
          { name: 'no-schema' },
          { name: 'a-text', inputSchema: { type: 'string' } },
          { name: 'has blank', inputSchema: { type: 'object' } },
          { name: 'one', description: 'again', inputSchema: { type: 'object' } },
          7,
        ],
        nextCursor: 'p3',
      },
      p3: {
        tools: [{ name: 'three', inputSchema: { type: 'object' }, outputSchema: { type: 'object', $ref: '#/no' } }],
      },
    };
    const misbehave: Misbehave = (rpc, response) => {
      if (rpc.method !== 'tools/list') return false;
      reply(response, rpc, pages[rpc.params?.cursor ?? ''] ?? {});
      return true;
    };
    await withOddServer(misbehave, async (url) => {
      await withMcp([http(url)], async ({ source, lines }) => {
        const tools = await source.describe(['web/*'], never);
        assert.deepEqual(
          tools.map(({ name, description }) => [name, description.length]),
          [
            ['web/one', 4_000],
            ['web/three', 0],
          ],
        );
        const left = lines.filter(({ message }) => /left out/.test(message)).map(({ fields }) => fields);
        assert.deepEqual(
          left.map((fields) => (fields as { tool: string }).tool),
          ['no-schema', 'a-text', 'has blank', 'one', '(no name)'],
        );
      });
    });
  });

  it('are asked for their list once, and again when they say that it changed', async () => {
    const tools = [{ name: 'old', inputSchema: { type: 'object' } }];
    let push: ServerResponse | undefined;
    const misbehave: Misbehave = (rpc, response, request) => {
      if (rpc.method !== 'GET') return listing(tools)(rpc, response, request);
      push = response.writeHead(200, { 'content-type': 'text/event-stream' });
      push.flushHeaders();
      return true;
    };
    await withOddServer(misbehave, async (url, seen) => {
      await withMcp([http(url)], async ({ source }) => {
        const describe = async () => (await source.describe(['web/*'], never)).map(({ name }) => name);
        const lists = () => seen.filter(({ method }) => method === 'tools/list').length;
        await describe();
        await source.call('web/old', {}, options());
        assert.deepEqual(await describe(), ['web/old']);
        assert.equal(lists(), 1);
        await until('the stream of notifications is open', () => push !== undefined);
        tools.push({ name: 'new', inputSchema: { type: 'object' } });
        push?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n\n`);
        // Nothing tells when a notification has arrived: the list does.
        await until('the list is read again', () => {
          void describe();
          return lists() === 2;
        });
        assert.deepEqual(await describe(), ['web/old', 'web/new']);
        assert.equal(lists(), 2);
      });
    });
  });

  it('may have tools that they did not tell of before', async () => {
    const tools = [{ name: 'old', inputSchema: { type: 'object' } }];
    await withOddServer(
      (rpc, response, request) => listing(tools)(rpc, response, request),
      async (url) => {
        await withMcp([http(url)], async ({ source }) => {
          await assert.rejects(source.call('web/new', {}, options()), { reason: 'not_found' });
          tools.push({ name: 'new', inputSchema: { type: 'object' } });
          assert.equal((await source.call('web/new', {}, options())).content, 'done');
        });
      },
    );
  });

  it('are not waited for when they never answer initialise, nor the notification after it', async () => {
    for (const method of ['initialize', 'notifications/initialized']) {
      await withOddServer(
        (rpc) => rpc.method === method,
        async (url) => {
          await withMcp([http(url, { connectTimeoutMs: 300 })], async ({ source }) => {
            const startedAt = Date.now();
            await assert.rejects(source.describe(['web/*'], never), {
              reason: 'unavailable',
              message: /not ready within 300 ms/,
            });
            assert.ok(Date.now() - startedAt < 15_000, 'long before the time-out that is usual');
          });
        },
      );
    }
  });

  it('have what is too long cut', async () => {
    const misbehave = onCall((r, rpc) => reply(r, rpc, { content: [{ type: 'text', text: 'x'.repeat(1_500_000) }] }));
    await withOddServer(misbehave, async (url) => {
      await withMcp([http(url)], async ({ source }) => {
        const { content } = await source.call('web/do', {}, options());
        assert.match(content.slice(999_999), /^x\n\[Cut after 1000000 of 1500000 characters\.\]$/);
      });
    });
  });
});

function listing(tools: object[]): Misbehave {
  return (rpc, response) => {
    if (rpc.method !== 'tools/list') return false;
    reply(response, rpc, { tools });
    return true;
  };
}

function redirect(response: ServerResponse): boolean {
  response.writeHead(302, { location: 'http://elsewhere.example/' }).end();
  return true;
}

function emptyStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
  response.end();
}

function stream(response: ServerResponse, event: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${event}\n\n`);
}

function answerTo({ id }: Rpc): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'late' }] } });
}

function cutStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
  setTimeout(() => response.socket?.destroy(), 50);
}
