import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { McpServer } from '../../../src/adapters/mcp/config.js';
import { createMcpSource } from '../../../src/adapters/mcp/source.js';
import { memoryLogger } from '../../support/logger.js';
import { everything, options, processesOf, serverPid, stdio, until, withMcp, type Mcp } from './support.js';

const never = new AbortController().signal;
const say = ({ source }: Mcp, message: string) => source.call('everything/echo', { message }, options());
const LONG = ['everything/trigger-long-running-operation', { duration: 60, steps: 60 }] as const;

/** The group of the server that was connected to last. */
const lastGroup = ({ groups }: Mcp) => groups().at(-1) ?? assert.fail('no server was connected to');

const anywhere = (text: string) => execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(text);

/** The published server, started by a shell as `npx` would. */
function everythingBehind(script: string): McpServer {
  const { target } = everything();
  assert.ok(target.kind === 'stdio');
  const args = ['-c', script, 'sh', target.command, ...target.args];
  return { ...everything(), target: { ...target, command: 'sh', args } };
}

describe('processes of MCP servers', function () {
  this.timeout(120_000);
  if (process.platform === 'win32') {
    before('needs process groups, which Windows has not', function () {
      if (process.env.REQUIRE_ALL === '1') throw new Error('needs process groups');
      this.skip();
    });
  }

  it('are one for all calls, also when the first ones come together', async () => {
    await withMcp([everything()], async (mcp) => {
      const first = Array.from({ length: 10 }, (_, n) => say(mcp, String(n)));
      const described = mcp.source.describe(['everything/*'], never);
      assert.deepEqual(
        (await Promise.all(first)).map(({ content }) => content),
        Array.from({ length: 10 }, (_, n) => `Echo: ${n}`),
      );
      await described;
      assert.equal(mcp.groups().length, 1);
    });
  });

  it('that are killed in the middle of a call cost that call, and the next one has a new process', async () => {
    await withMcp([everything()], async (mcp) => {
      await say(mcp, 'first');
      const group = lastGroup(mcp);
      const calling = mcp.source.call(LONG[0], LONG[1], options());
      // One stdin: the server has the long call when it answers this one.
      await say(mcp, 'second');
      process.kill(serverPid(group), 'SIGKILL');
      await assert.rejects(calling, {
        reason: 'unavailable',
        message: "The MCP server 'everything' was ended by SIGKILL",
      });
      assert.equal((await say(mcp, 'again')).content, 'Echo: again');
      assert.equal(mcp.groups().length, 2);
      assert.deepEqual(processesOf(group), []);
    });
  });

  it('that are killed between calls cost nothing, though nobody may have noticed yet', async () => {
    await withMcp([everything()], async (mcp) => {
      for (let round = 1; round <= 3; round++) {
        assert.equal((await say(mcp, 'x')).content, 'Echo: x');
        assert.equal(mcp.groups().length, round);
        const group = lastGroup(mcp);
        process.kill(serverPid(group), 'SIGKILL');
        await until('the process has ended', () => processesOf(group).length === 0);
      }
    });
  });

  it('are all gone when the source is closed, and no new ones come', async () => {
    await withMcp([everything()], async (mcp) => {
      await say(mcp, 'x');
      // With a timer it does not end with its stdin.
      await mcp.source.call('everything/toggle-simulated-logging', {}, options());
      const group = lastGroup(mcp);
      const calling = mcp.source.call(LONG[0], LONG[1], options());
      const failed = assert.rejects(calling, { reason: 'unavailable' });
      await mcp.source.close?.();
      assert.deepEqual(processesOf(group), []);
      await failed;
      await assert.rejects(say(mcp, 'late'), { reason: 'unavailable' });
      assert.equal(mcp.groups().length, 1);
    });
  });

  it('end also when they ignore their stdin and SIGTERM', async () => {
    await withMcp([everythingBehind(`trap '' TERM; "$@"; sleep 1000`)], async (mcp) => {
      await say(mcp, 'x');
      const group = lastGroup(mcp);
      await mcp.source.close?.();
      assert.deepEqual(processesOf(group), []);
    });
  });

  it('take what they have started with them, also when they crash', async () => {
    await withMcp([everythingBehind('sleep 1000 & exec "$@"')], async (mcp) => {
      await say(mcp, 'x');
      const group = lastGroup(mcp);
      assert.ok(processesOf(group).some(({ command }) => command === 'sleep 1000'));
      process.kill(serverPid(group), 'SIGKILL');
      await until('nothing is left', () => processesOf(group).length === 0);
      assert.equal((await say(mcp, 'y')).content, 'Echo: y');
      await mcp.source.close?.();
      assert.deepEqual(processesOf(lastGroup(mcp)), []);
    });
  });

  it('are not waited for when they never answer', async () => {
    const silent = stdio('silent', ['-e', 'setInterval(() => {}, 1000)'], { connectTimeoutMs: 500 });
    await withMcp([silent], async ({ source }) => {
      const startedAt = Date.now();
      await assert.rejects(source.describe(['silent/*'], never), {
        reason: 'unavailable',
        message: "The MCP server 'silent' was not ready within 500 ms (connect_timeout_seconds)",
      });
      assert.ok(Date.now() - startedAt < 15_000, 'long before the time-out that is usual');
      await assert.rejects(source.call('silent/x', {}, options({ timeoutMs: 200 })), { reason: 'timed_out' });
    });
  });

  it('end when the source is closed while they start', async () => {
    const marker = `waiting-${process.pid}`;
    const silent = stdio('silent', ['-e', `setInterval(() => {}, 1000) // ${marker}`]);
    const source = createMcpSource({ servers: [silent], logger: memoryLogger(), clientVersion: '1' });
    const describing = assert.rejects(source.describe(['silent/*'], never), {
      reason: 'unavailable',
      message: /being closed/,
    });
    await until('it has started', () => anywhere(marker));
    await source.close?.();
    await describing;
    assert.ok(!anywhere(marker));
  });

  const cases: [title: string, command: string, args: string[], expected: RegExp][] = [
    ['a command that is not there', 'no-such-command-anywhere', [], /'s' was not started: there is no such command$/],
    ['a program that ends', process.execPath, ['-e', 'process.exit(3)'], /'s' ended with code 3$/],
  ];
  for (const [title, command, args, expected] of cases) {
    it(`say what happened for ${title}`, async () => {
      const server = { ...stdio('s', []), target: { kind: 'stdio' as const, command, args, env: {} } };
      await withMcp([server], async ({ source, lines }) => {
        await assert.rejects(source.describe(['s/*'], never), { reason: 'unavailable', message: expected });
        assert.ok(lines.some(({ level, message }) => level === 'warn' && /could not be connected/.test(message)));
      });
    });
  }

  it('do not outlive a worker that is killed', async () => {
    const script = fileURLToPath(new URL('client-process.ts', import.meta.url));
    const worker = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    worker.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    await until('the servers are there', () => printed.includes('\n') || worker.exitCode !== null, 60_000);
    const groups = JSON.parse(printed) as number[];
    assert.equal(groups.length, 2);
    const exited = once(worker, 'exit');
    for (const group of groups) assert.ok(processesOf(group).length > 0);
    worker.kill('SIGKILL');
    await exited;
    await until('nothing is left', () => groups.every((group) => processesOf(group).length === 0));
  });
});
