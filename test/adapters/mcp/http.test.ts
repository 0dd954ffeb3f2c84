import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { isToolCallError } from '../../../src/contract/tool-error.js';
import { fail, http, options, startEverythingOverHttp, stop, withMcp, withOddServer } from './support.js';

const never = new AbortController().signal;
const reason = (expected: string) => (error: unknown) => isToolCallError(error) && error.reason === expected;

describe('MCP servers over streamable HTTP (server-everything)', function () {
  this.timeout(120_000);
  it('describe and do what they do over stdio', async () => {
    const { url, child } = await startEverythingOverHttp();
    try {
      await withMcp([http(url)], async ({ source }) => {
        const [echo] = await source.describe(['web/echo'], never);
        assert.equal(echo?.name, 'web/echo');
        assert.deepEqual(await source.call('web/echo', { message: 'hi' }, options()), { content: 'Echo: hi' });
      });
    } finally {
      await stop(child);
    }
  });

  it('are unavailable while they are away, and used again when they are back', async () => {
    const first = await startEverythingOverHttp();
    await withMcp([http(first.url)], async ({ source }) => {
      await source.call('web/echo', { message: 'one' }, options());
      await stop(first.child);
      await assert.rejects(source.call('web/echo', { message: 'two' }, options()), reason('unavailable'));
      const second = await startEverythingOverHttp(first.port);
      try {
        const outcome = await source.call('web/echo', { message: 'three' }, options()).catch(async (error: unknown) => {
          // The session went with the server: the call that finds out is one that Temporal makes again.
          if (!reason('unavailable')(error)) throw error;
          return source.call('web/echo', { message: 'three' }, options());
        });
        assert.deepEqual(outcome, { content: 'Echo: three' });
      } finally {
        await stop(second.child);
      }
    });
  });

  it('that refuse the caller are refused, in words about the configuration', async () => {
    const refusing = (_: unknown, response: ServerResponse) => {
      response.writeHead(401).end();
      return true;
    };
    await withOddServer(refusing, async (url) => {
      await withMcp([http(url)], async ({ source }) => {
        await assert.rejects(source.call('web/echo', { message: 'hi' }, options()), reason('refused'));
      });
    });
  });

  it('say which arguments do not fit, for the model', async () => {
    await withOddServer(
      (rpc, response) => {
        if (rpc.method !== 'tools/call') return false;
        fail(response, rpc, -32602, 'message: expected a text');
        return true;
      },
      async (url) => {
        await withMcp([http(url)], async ({ source }) => {
          await assert.rejects(source.call('web/do', {}, options()), reason('invalid_arguments'));
        });
      },
    );
  });

  it('carry the idempotency key', async () => {
    await withOddServer(
      () => false,
      async (url, seen) => {
        await withMcp([http(url)], async ({ source }) => {
          await source.call('web/do', {}, options({ idempotencyKey: 'crew/t/r/a/tool/7' })).catch(() => undefined);
          const call = seen.find(({ method }) => method === 'tools/call');
          assert.match(JSON.stringify(call?.params?._meta), /crew\/t\/r\/a\/tool\/7/);
        });
      },
    );
  });
});
