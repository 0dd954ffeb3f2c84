import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { http, options, stdio, withMcp, withOddServer, type Mcp, type Misbehave } from '../adapters/mcp/support.js';

const SERVER = fileURLToPath(new URL('./large-server.mjs', import.meta.url));
const TOO_LONG = /^failed: The MCP server answered with more than 10000000 bytes, which is too much: ask for less$/;

function saidBy({ source }: Mcp, name: string): Promise<string> {
  return source.call(name, {}, options()).then(
    ({ content }) => content,
    (error: Error & { reason?: string }) => `${error.reason}: ${error.message}`,
  );
}

describe('MCP servers that answer with 100 MB', () => {
  for (const tool of ['large', 'large-id-last']) {
    it(`are told to the model, over stdio, and go on for all other calls: ${tool}`, async () => {
      await withMcp([stdio('big', [SERVER])], async (mcp) => {
        const [large, hi] = await Promise.all([saidBy(mcp, `big/${tool}`), saidBy(mcp, 'big/hi')]);
        assert.match(large, TOO_LONG);
        assert.equal(hi, 'hi');
        assert.equal(await saidBy(mcp, 'big/hi'), 'hi');
        assert.equal(mcp.groups().length, 1, 'the same process');
      });
    });
  }

  it('without an end are ended, and another process serves the next call', async () => {
    await withMcp([stdio('big', [SERVER])], async (mcp) => {
      assert.match(await saidBy(mcp, 'big/endless'), /^unavailable: The MCP server 'big' was ended by SIGKILL$/);
      assert.equal(await saidBy(mcp, 'big/hi'), 'hi');
      assert.equal(mcp.groups().length, 2);
    });
  });

  const ways: [way: string, type: string, begin: string][] = [
    ['in one piece', 'application/json', '{"result":{"content":[{"type":"text","text":"'],
    ['as an event', 'text/event-stream', 'data: {"result":{"content":[{"type":"text","text":"'],
  ];
  for (const [way, type, begin] of ways) {
    it(`are told to the model and let go of, over HTTP ${way}`, async () => {
      let sent = 0;
      const misbehave: Misbehave = (rpc, response) => {
        if (rpc.method !== 'tools/call') return false;
        response.writeHead(200, { 'content-type': type });
        void pour(response, begin, 100, (bytes) => (sent += bytes));
        return true;
      };
      await withOddServer(misbehave, async (url) => {
        await withMcp([http(url)], async (mcp) => {
          assert.match(await saidBy(mcp, 'web/do'), TOO_LONG);
          assert.ok(sent < 40_000_000, `${sent} bytes were sent`);
        });
      });
    });
  }

  it('of an error have no more of it read than its beginning', async () => {
    let sent = 0;
    const misbehave: Misbehave = (rpc, response) => {
      if (rpc.method !== 'tools/call') return false;
      response.writeHead(500);
      void pour(response, '', 100, (bytes) => (sent += bytes));
      return true;
    };
    await withOddServer(misbehave, async (url) => {
      await withMcp([http(url)], async (mcp) => {
        assert.match(await saidBy(mcp, 'web/do'), /^unavailable: .* answered with status 500$/);
        assert.ok(sent < 40_000_000, `${sent} bytes were sent`);
      });
    });
  });
});

/** Writes as fast as it is taken. */
async function pour(response: ServerResponse, begin: string, megabytes: number, count: (bytes: number) => void) {
  const gone = once(response, 'close');
  response.write(begin);
  for (let at = 0; at < megabytes && !response.destroyed; at++) {
    count(1_000_000);
    if (!response.write('x'.repeat(1_000_000))) await Promise.race([once(response, 'drain'), gone]);
  }
  response.end();
}
