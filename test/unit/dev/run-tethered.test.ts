import assert from 'node:assert/strict';
import { runTethered } from '../../../scripts/lib/run-tethered.mjs';
import { isRunning, script, until, useTempDir } from './helpers.js';

describe('running a command to its end', function () {
  this.timeout(30_000);
  const dir = useTempDir();
  const run = (source: string, options: Parameters<typeof runTethered>[2] = {}) =>
    runTethered(process.execPath, [script(dir.path, 'command.mjs', source)], options);

  it('gives its exit code and what it printed, line by line', async () => {
    const seen: string[] = [];
    const source = `console.log('one'); console.error('two'); process.exitCode = 3;`;
    const { code, lines, timedOut } = await run(source, { onLine: (line) => seen.push(line) });
    assert.deepEqual([code, timedOut], [3, false]);
    assert.deepEqual([...lines].sort(), ['one', 'two']);
    assert.deepEqual(seen, lines);
  });

  it('gives 127 and why where there is no such command', async () => {
    const { code, lines } = await runTethered('no-such-command', []);
    assert.equal(code, 127);
    assert.match(lines.join(), /no-such-command cannot be started/);
  });

  it('ends it when the time is over', async () => {
    const { code, timedOut } = await run('setInterval(() => {}, 1000);', { timeoutMs: 300 });
    assert.deepEqual([code, timedOut], [null, true]);
  });

  it('ends it when asked to, and what it started too', async () => {
    const stop = new AbortController();
    const source = `
      import { spawn } from 'node:child_process';
      console.log(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid);
      setInterval(() => {}, 1000);`;
    let pid = 0;
    const onLine = (line: string) => {
      pid = Number(line);
      stop.abort(new Error('enough'));
    };
    await assert.rejects(run(source, { signal: stop.signal, onLine }), /enough/);
    await until('the grandchild to be gone', () => pid > 0 && !isRunning(pid));
  });

  it('does not begin where it was asked to stop before', async () => {
    await assert.rejects(run('', { signal: AbortSignal.abort(new Error('too late')) }), /too late/);
  });
});
