import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs code in a process of its own, whose console is adopted. Gives its lines. */
async function linesOf(code: string, level = 'warn'): Promise<Record<string, unknown>[]> {
  const program = `
    import { createLogger, adoptLibraries } from './src/adapters/logger.ts';
    adoptLibraries(createLogger('worker', '${level}'));
    ${code}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout, stderr } = await run(process.execPath, args);
  assert.equal(stderr, '');
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('what libraries say', function () {
  this.timeout(120_000);

  it('comes as lines of ours: by the console, as a warning of Node.js, by OpenTelemetry', async () => {
    const lines = await linesOf(`
      console.warn('%s is deprecated\\nuse another', 'it');
      console.log('chatter');
      process.emitWarning('old', 'DeprecationWarning');
      const { diag } = await import('@opentelemetry/api');
      diag.error('the collector is away');
      await new Promise((resolve) => setTimeout(resolve, 50));
    `);
    assert.deepEqual(
      lines.map(({ level, from, msg }) => [level, from, msg]).sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)),
      [
        ['warn', 'console', 'it is deprecated\nuse another'],
        ['warn', 'node', 'old'],
        ['error', 'opentelemetry', 'the collector is away'],
      ],
    );
  });

  it("has LangChain's own warnings in it, at the level of libraries", async () => {
    // LangChain says by the console that a callback failed.
    const code = `
      const { CallbackManager } = await import('@langchain/core/callbacks/manager');
      const manager = CallbackManager.fromHandlers({ handleLLMStart: () => { throw new Error('sk-0123456789abcdef0123') } });
      await manager.handleLLMStart({ lc: 1, type: 'not_implemented', id: ['x'] }, ['hi']);
      await new Promise((resolve) => setTimeout(resolve, 100));
    `;
    const lines = await linesOf(code);
    assert.ok(lines.some(({ from, msg }) => from === 'console' && /handleLLMStart/.test(String(msg))));
    assert.ok(!JSON.stringify(lines).includes('0123456789abcdef0123'));
    assert.deepEqual(await linesOf(code, 'silent'), []);
  });
});

describe('lines of a process', function () {
  this.timeout(30_000);

  const ends: [how: string, code: string][] = [
    ['by itself', ''],
    ['at once', 'process.exit(0);'],
    ['by an error', `process.on('uncaughtException', () => process.exit(0)); throw new Error('of a test');`],
  ];
  for (const [how, code] of ends) {
    it(`are all there, in their order, where it ends ${how}`, async () => {
      const lines = await linesOf(`
        const [one, other] = [createLogger('worker', 'info'), createLogger('gateway', 'info')];
        for (let at = 0; at < 1_000; at++) (at % 2 ? one : other).info({ at, text: 'x'.repeat(100) }, 'line');
        await new Promise((resolve) => setImmediate(resolve));
        one.info({ at: 1_000 }, 'line');
        other.info({ at: 1_001 }, 'line');
        ${code}
      `);
      assert.deepEqual(
        lines.map(({ at }) => at),
        Array.from({ length: 1_002 }, (_, at) => at),
      );
    });
  }
});
