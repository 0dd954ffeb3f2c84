import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isToolCallError } from '../../../src/contract/tool-error.js';
import { everything, options, processesOf, program, stdio, withMcp, type Mcp } from './support.js';

const never = new AbortController().signal;

async function toolNames({ source }: Mcp, ...names: string[]): Promise<string[]> {
  return (await source.describe(names, never)).map(({ name }) => name);
}

describe('MCP servers over stdio (server-everything, server-filesystem)', function () {
  this.timeout(120_000);
  it('are named without starting them', async () => {
    await withMcp([everything()], async ({ source, lines }) => {
      assert.deepEqual(source.names(), { tools: [], servers: ['everything'] });
      assert.ok(source.owns('everything/echo'));
      assert.ok(source.owns('everything/*'));
      assert.ok(!source.owns('everything'));
      assert.ok(!source.owns('other/echo'));
      await Promise.resolve();
      assert.deepEqual(lines, []);
    });
  });

  it('describe their tools, one by one and all', async () => {
    await withMcp([everything()], async (mcp) => {
      const [echo] = await mcp.source.describe(['everything/echo'], never);
      assert.equal(echo?.name, 'everything/echo');
      assert.match(echo.description, /Echoes back/);
      assert.equal(echo.parameters.type, 'object');
      assert.deepEqual(echo.parameters.required, ['message']);
      assert.deepEqual(
        [echo.timeoutMs, echo.idempotent, echo.cacheable, echo.resultAsAnswer],
        [60_000, true, false, false],
      );
      const all = await toolNames(mcp, 'everything/*');
      for (const name of ['echo', 'get-sum', 'get-tiny-image']) assert.ok(all.includes(`everything/${name}`), name);
      // What can only be called as a task of the protocol is left out.
      assert.ok(!all.includes('everything/simulate-research-query'));
    });
  });

  it('are called', async () => {
    await withMcp([everything()], async ({ source }) => {
      const call = (tool: string, args: Record<string, unknown> = {}) =>
        source.call(`everything/${tool}`, args, options());
      assert.deepEqual(await call('echo', { message: 'hello' }), { content: 'Echo: hello' });
      assert.match((await call('get-sum', { a: 2, b: 40 })).content, /42/);
      const structured = await call('get-structured-content', { location: 'New York' });
      assert.equal(typeof JSON.parse(structured.content), 'object');
      const image = (await call('get-tiny-image')).content;
      assert.match(image, /\[image: image\/png, \d+ bytes, not shown\]/);
      assert.ok(!image.includes('iVBOR'), 'no base64');
      const resource = (await call('get-resource-reference', { resourceType: 'Blob', resourceId: 1 })).content;
      assert.match(resource, /\[resource: \S+, \S+, \d+ bytes, not shown\]/);
      assert.match((await call('get-resource-links', { count: 1 })).content, /\[resource: \S+, /);
    });
  });

  it('say by isError what went wrong', async () => {
    await withMcp([everything()], async ({ source }) => {
      const wrong = await source.call('everything/get-sum', { a: 'x', b: 1 }, options());
      assert.equal(wrong.isError, true);
      assert.match(wrong.content, /Invalid arguments for tool get-sum/);
    });
  });

  it('get what is configured of our environment, and their secrets stay out of results', async () => {
    process.env.OURS_ALONE = 'not-theirs';
    const server = everything({ env: { PLAIN: 'yes', API_TOKEN: 'hush-hush-hush' }, secrets: ['hush-hush-hush'] });
    try {
      await withMcp([server], async ({ source }) => {
        const { content } = await source.call('everything/get-env', {}, options());
        const env = JSON.parse(content) as Record<string, string>;
        assert.equal(env.PLAIN, 'yes');
        assert.equal(env.API_TOKEN, '[secret]');
        assert.equal(env.PATH, process.env.PATH);
        assert.equal(env.OURS_ALONE, undefined);
      });
    } finally {
      delete process.env.OURS_ALONE;
    }
  });

  it('are stopped in what they do when the caller goes away', async () => {
    await withMcp([everything()], async ({ source, groups }) => {
      const gone = new AbortController();
      const reason = new Error('the run was cancelled');
      const args = { duration: 30, steps: 30 };
      const name = 'everything/trigger-long-running-operation';
      await source.describe([name], never);
      const calling = assert.rejects(
        source.call(name, args, options({ signal: gone.signal })),
        (error) => error === reason,
      );
      // One stdin: the server has the long call when it answers this one.
      await source.call('everything/echo', { message: 'first' }, options());
      gone.abort(reason);
      await calling;
      // The others go on with the same process.
      assert.equal((await source.call('everything/echo', { message: 'x' }, options())).content, 'Echo: x');
      assert.equal(groups().length, 1);
    });
  });

  it('have a bound of time, which progress does not move', async () => {
    await withMcp([everything()], async ({ source }) => {
      await source.describe(['everything/*'], never);
      const startedAt = Date.now();
      const args = { duration: 20, steps: 200 };
      await assert.rejects(
        source.call('everything/trigger-long-running-operation', args, options({ timeoutMs: 1_500 })),
        (error) => isToolCallError(error) && error.reason === 'timed_out' && /1500 ms/.test(error.message),
      );
      assert.ok(Date.now() - startedAt < 15_000, 'before the tool is done');
    });
  });

  it('refuse what they do not have, with the nearest name', async () => {
    await withMcp([everything()], async ({ source }) => {
      const missing = (error: unknown) =>
        isToolCallError(error) && error.reason === 'not_found' && /Did you mean 'get-sum'/.test(error.message);
      await assert.rejects(source.describe(['everything/get-sun'], never), missing);
      await assert.rejects(source.call('everything/get-sun', {}, options()), missing);
    });
  });

  it('are limited to what the operator allows and does not deny', async () => {
    const server = everything({ allow: ['get-*', 'echo'], deny: ['get-env', '*image*'] });
    await withMcp([server], async (mcp) => {
      const all = await toolNames(mcp, 'everything/*');
      assert.ok(all.includes('everything/echo') && all.includes('everything/get-sum'), all.join());
      assert.ok(!all.some((name) => /get-env|image|toggle/.test(name)), all.join());
      await assert.rejects(mcp.source.describe(['everything/get-env'], never), { reason: 'not_found' });
      await assert.rejects(mcp.source.call('everything/get-env', {}, options()), { reason: 'refused' });
    });
  });

  it('are believed about what may be repeated, unless the operator says otherwise', async () => {
    const about = async (idempotent?: boolean | string[]) => {
      const found: Record<string, boolean> = {};
      await withMcp([everything(idempotent === undefined ? {} : { idempotent })], async ({ source }) => {
        const names = ['everything/echo', 'everything/toggle-simulated-logging'];
        for (const tool of await source.describe(names, never)) found[tool.name.slice(11)] = tool.idempotent;
      });
      return found;
    };
    assert.deepEqual(await about(), { echo: true, 'toggle-simulated-logging': false });
    assert.deepEqual(await about(['toggle-simulated-logging']), { echo: false, 'toggle-simulated-logging': true });
    assert.deepEqual(await about(false), { echo: false, 'toggle-simulated-logging': false });
  });

  it('read and write files', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-files-')));
    try {
      await withMcp([stdio('files', [program('server-filesystem'), root]), everything()], async ({ source }) => {
        const path = join(root, 'a.txt');
        const described = await source.describe(['files/*', 'everything/echo'], never);
        const write = described.find(({ name }) => name === 'files/write_file');
        assert.ok(write);
        assert.ok(described.some(({ name }) => name === 'everything/echo'));
        await source.call('files/write_file', { path, content: 'grüße' }, options());
        assert.equal(readFileSync(path, 'utf8'), 'grüße');
        assert.equal((await source.call('files/read_text_file', { path }, options())).content, 'grüße');
        const outside = await source.call('files/read_text_file', { path: '/etc/passwd' }, options());
        assert.equal(outside.isError, true);
        assert.match(outside.content, /outside allowed directories/);
      });
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('write to the log, not to our stderr', async () => {
    await withMcp([everything()], async ({ source, lines, groups }) => {
      await source.call('everything/echo', { message: 'x' }, options());
      const wrote = lines.filter(({ message }) => message === 'MCP server wrote');
      assert.match(JSON.stringify(wrote), /Starting default \(STDIO\) server/);
      assert.equal(processesOf(groups()[0] ?? 0).length, 3, 'the server, its shell and its watcher');
    });
  });
});
