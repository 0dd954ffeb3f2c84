import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { isToolCallError } from '../../../src/contract/tool-error.js';
import { http, options, startEverythingOverHttp, stop, until, withMcp, type Mcp } from './support.js';

const never = new AbortController().signal;
const say = ({ source }: Mcp, message: string) => source.call('web/echo', { message }, options());
const LONG = ['web/trigger-long-running-operation', { duration: 60, steps: 60 }] as const;

describe('MCP servers over streamable HTTP: sessions and crashes (server-everything)', function () {
  this.timeout(120_000);
  let server: { url: string; port: number; child: ChildProcess };
  /** What the server printed. */
  let said = '';

  beforeEach(async () => {
    said = '';
    server = await startEverythingOverHttp(0, (chunk) => (said += chunk));
  });
  afterEach(() => stop(server.child));
  const posts = () => said.split('Received MCP POST request').length;

  it('describe their tools and are called, in one session', async () => {
    await withMcp([http(server.url)], async (mcp) => {
      const all = await mcp.source.describe(['web/*'], never);
      assert.ok(all.some(({ name }) => name === 'web/echo'));
      const answers = await Promise.all(['a', 'b', 'c'].map((message) => say(mcp, message)));
      assert.deepEqual(
        answers.map(({ content }) => content),
        ['Echo: a', 'Echo: b', 'Echo: c'],
      );
      const image = await mcp.source.call('web/get-tiny-image', {}, options());
      assert.match(image.content, /\[image: image\/png, \d+ bytes, not shown\]/);
      assert.equal(mcp.groups().length, 1);
    });
  });

  it('are stopped in what they do, by the caller and by the bound of time', async () => {
    await withMcp([http(server.url)], async (mcp) => {
      await say(mcp, 'x');
      const gone = new AbortController();
      const reason = new Error('cancelled');
      const before = posts();
      const calling = mcp.source.call(LONG[0], LONG[1], options({ signal: gone.signal }));
      const failed = assert.rejects(calling, (error) => error === reason);
      await until('the server has the call', () => posts() > before);
      gone.abort(reason);
      await failed;
      await assert.rejects(mcp.source.call(LONG[0], LONG[1], options({ timeoutMs: 1_500 })), { reason: 'timed_out' });
      assert.equal((await say(mcp, 'y')).content, 'Echo: y');
    });
  });

  it('that are killed in the middle of a call cost that call, and the next one finds the server that came after', async () => {
    await withMcp([http(server.url)], async (mcp) => {
      await say(mcp, 'x');
      const before = posts();
      const calling = mcp.source.call(LONG[0], LONG[1], options());
      const failed = assert.rejects(calling, { reason: 'unavailable' });
      await until('the server has the call', () => posts() > before);
      await stop(server.child);
      const startedAt = Date.now();
      await failed;
      assert.ok(Date.now() - startedAt < 20_000, 'long before the time-out');
      await assert.rejects(say(mcp, 'down'), (error) => {
        assert.ok(isToolCallError(error));
        assert.equal(error.reason, 'unavailable');
        assert.match(error.message, /^The MCP server 'web' cannot be reached \(ECONNREFUSED\)$/);
        return true;
      });
      server = await startEverythingOverHttp(server.port);
      assert.equal((await say(mcp, 'up')).content, 'Echo: up');
    });
  });

  it('that were started anew between calls cost nothing', async () => {
    await withMcp([http(server.url)], async (mcp) => {
      await say(mcp, 'x');
      await stop(server.child);
      server = await startEverythingOverHttp(server.port);
      const both = await Promise.all([say(mcp, 'y'), say(mcp, 'z')]);
      assert.deepEqual(
        both.map(({ content }) => content),
        ['Echo: y', 'Echo: z'],
      );
      assert.equal(mcp.groups().length, 2, 'one new session for both');
    });
  });

  it('end their session when the source is closed', async () => {
    await withMcp([http(server.url)], async (mcp) => {
      await say(mcp, 'x');
      await mcp.source.close?.();
      await until('the server has ended the session', () => said.includes('Received session termination request'));
      await assert.rejects(say(mcp, 'late'), { reason: 'unavailable' });
    });
  });

  it('that are not there say so', async () => {
    await stop(server.child);
    await withMcp([http(server.url)], async ({ source }) => {
      await assert.rejects(source.describe(['web/*'], never), {
        reason: 'unavailable',
        message: "The MCP server 'web' cannot be reached (ECONNREFUSED)",
      });
    });
  });
});
