import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryLock, waitForLock } from '../../../scripts/lib/pid-lock.mjs';
import { startOf } from '../../../scripts/lib/process-identity.mjs';
import { script, until, useTempDir } from './helpers.js';

const LOCK = fileURLToPath(new URL('../../../scripts/lib/pid-lock.mjs', import.meta.url));

describe('a lock that names its holder', function () {
  this.timeout(30_000);
  const dir = useTempDir();
  const file = () => join(dir.path, 'stack.lock');

  it('is had by one at a time, and free again when released', () => {
    const first = tryLock(file());
    assert.ok(first.held && !first.stale);
    const second = tryLock(file());
    assert.ok(!second.held);
    assert.equal(second.holder.pid, process.pid);
    first.release();
    assert.equal(existsSync(file()), false);
    assert.ok(tryLock(file()).held);
    assert.deepEqual(readdirSync(dir.path), ['stack.lock'], 'no drafts are left');
  });

  it('is taken over from a process that was killed', async () => {
    const source = `import { tryLock } from ${JSON.stringify(LOCK)}; tryLock(process.argv[2]); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, [script(dir.path, 'holder.mjs', source), file()]);
    let said = '';
    holder.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('the lock to be held', () => said.includes('held'));
    const refused = tryLock(file());
    assert.ok(!refused.held && refused.holder.pid === holder.pid);
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await ended;
    const taken = tryLock(file());
    assert.ok(taken.held && taken.stale);
  });

  it('is not held by another process that has the dead holder’s pid by now', () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, started: 'another time', since: '', nonce: 'x' }));
    // Only where the system tells when a process started can the two be told apart.
    const taken = tryLock(file());
    assert.equal(taken.held, startOf(process.pid) !== 'unknown');
  });

  for (const content of ['', 'not JSON', '{"pid":-1,"started":"x","nonce":"y"}', '{"pid":0,"started":"unknown"}']) {
    it(`is taken over where the file is broken: ${JSON.stringify(content)}`, () => {
      writeFileSync(file(), content);
      assert.ok(tryLock(file()).held);
    });
  }

  it('is not given back by one who lost it', () => {
    const lock = tryLock(file());
    assert.ok(lock.held);
    writeFileSync(
      file(),
      JSON.stringify({ pid: process.pid, started: startOf(process.pid), since: '', nonce: 'other' }),
    );
    lock.release();
    assert.ok(existsSync(file()));
  });

  it('can be waited for', async () => {
    const first = tryLock(file());
    assert.ok(first.held);
    const waits: number[] = [];
    const second = await waitForLock(file(), {
      onWait: ({ pid }) => {
        waits.push(pid);
        first.release();
      },
    });
    assert.deepEqual(waits, [process.pid]);
    second.release();
  });

  it('is had by exactly one of many that find a dead holder at the same time', () => {
    writeFileSync(file(), JSON.stringify({ pid: 999_999_999, started: '1', since: '', nonce: 'dead' }));
    const source = `
      import { tryLock } from ${JSON.stringify(LOCK)};
      import { appendFileSync, readFileSync } from 'node:fs';
      const tried = process.argv[2] + '.tried';
      appendFileSync(tried, tryLock(process.argv[2]).held ? 'x' : '.');
      // Whoever has it stays until all have tried.
      while (readFileSync(tried, 'utf8').length < 8) await new Promise((resolve) => setTimeout(resolve, 20));`;
    const path = script(dir.path, 'racer.mjs', source);
    if (process.platform === 'win32') return;
    const racers = `for i in 1 2 3 4 5 6 7 8; do "$0" "$1" "$2" & done; wait`;
    execFileSync('sh', ['-c', racers, process.execPath, path, file()]);
    assert.equal(readFileSync(`${file()}.tried`, 'utf8').replaceAll('.', ''), 'x');
  });
});
