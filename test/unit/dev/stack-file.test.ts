import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../../../scripts/lib/process-identity.mjs';
import { awaitLeftovers, readStackFile, StackFile } from '../../../src/dev/stack-file.js';
import { isRunning, script, until, useTempDir } from './helpers.js';

describe('the description of the running stack', function () {
  this.timeout(30_000);
  const dir = useTempDir();
  const path = () => join(dir.path, 'stack.json');
  const ADDRESSES = { api: 'http://127.0.0.1:8000', temporal: '127.0.0.1:7233' };

  it('has the addresses and the pids as they come and go, and is gone with the stack', () => {
    const file = new StackFile(path());
    file.describe(ADDRESSES);
    file.setPid('worker', 11);
    file.setPid('gateway', 22);
    file.setPid('worker', undefined);
    file.setPid('worker', 33);
    const { started: _started, ...rest } = readStackFile(path()) ?? {};
    assert.deepEqual(rest, { ...ADDRESSES, processes: { gateway: 22, worker: 33 } });
    file.remove();
    file.setPid('worker', undefined);
    assert.equal(existsSync(path()), false);
  });

  it('is not there where the file is broken', () => {
    writeFileSync(path(), '{"api": "http');
    assert.equal(readStackFile(path()), undefined);
  });
});

describe('what a killed stack left running', function () {
  this.timeout(30_000);
  const dir = useTempDir();
  const path = () => join(dir.path, 'stack.json');
  const pids: number[] = [];

  afterEach(() => {
    for (const pid of pids.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });

  const sleeper = async (): Promise<number> => {
    const child = spawn(process.execPath, [script(dir.path, 'sleeper.mjs', 'setInterval(() => {}, 1000);')]);
    const pid = await until('a pid', () => child.pid);
    pids.push(pid);
    return pid;
  };

  it('is killed after the grace, and named', async () => {
    const pid = await sleeper();
    const file = new StackFile(path());
    file.describe({ api: 'http://127.0.0.1:8000' });
    file.setPid('temporal', pid);
    assert.deepEqual(await awaitLeftovers(path(), 50), ['temporal']);
    assert.equal(isRunning(pid), false);
  });

  it('is never another process that has the pid by now', async () => {
    const pid = await sleeper();
    const stored = { api: '', processes: { temporal: pid }, started: { temporal: `${startOf(pid)}0` } };
    writeFileSync(path(), JSON.stringify(stored));
    assert.deepEqual(await awaitLeftovers(path(), 50), []);
    assert.ok(isRunning(pid));
  });

  it('is nothing, where there is no description or one without starts', async () => {
    assert.deepEqual(await awaitLeftovers(path(), 50), []);
    const pid = await sleeper();
    writeFileSync(path(), JSON.stringify({ api: '', processes: { temporal: pid } }));
    assert.deepEqual(await awaitLeftovers(path(), 50), []);
    assert.ok(isRunning(pid));
  });
});
