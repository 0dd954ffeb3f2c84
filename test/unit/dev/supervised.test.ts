import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  backoffMs,
  ChildFailure,
  stopInOrder,
  Supervised,
  type ChildEvents,
  type ChildSpec,
} from '../../../src/dev/supervised.js';
import { isRunning, politeChild, script, until, useTempDir } from './helpers.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const GRACE_MS = 10_000;

describe('the supervisor of a process', function () {
  this.timeout(60_000);
  const dir = useTempDir();
  let started: Supervised[] = [];

  beforeEach(() => {
    started = [];
  });
  afterEach(async () => {
    for (const child of started) child.kill();
    await stopInOrder(started, GRACE_MS);
  });

  const supervise = (file: string, events: ChildEvents = {}, more: Partial<ChildSpec> = {}) => {
    const logFile = join(dir.path, 'logs', 'child.log');
    const spec = {
      name: 'child',
      file: process.execPath,
      args: [file],
      cwd: dir.path,
      env: process.env,
      logFile,
      ...more,
    };
    const child = new Supervised(spec, events);
    started.push(child);
    return child;
  };

  it('starts it again after kill -9, under another pid, and says so', async () => {
    const told: string[] = [];
    const child = supervise(politeChild(dir.path, 'child'), {
      onDeath: ({ signal }, delayMs) => told.push(`${signal} ${delayMs}`),
      onRecovered: () => told.push('recovered'),
    });
    assert.equal((await child.start()).port, 1234);
    const first = child.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await until('the recovery', () => told.includes('recovered'));
    assert.deepEqual(told, ['SIGKILL 0', 'recovered']);
    assert.notEqual(child.pid, first);
    assert.ok(isRunning(child.pid ?? 0));
  });

  it('gives up after five deaths within a minute, with the end of the log', async () => {
    const file = script(
      dir.path,
      'weak.mjs',
      `console.log('the reason'); process.send({ type: 'ready' }); process.exitCode = 3; process.disconnect();`,
    );
    let deaths = 0;
    const error = await new Promise<ChildFailure>((resolve, reject) => {
      const child = supervise(file, { onDeath: () => (deaths += 1), onGivenUp: resolve });
      child.start().catch(reject);
    });
    assert.equal(deaths, 4);
    assert.match(error.message, /ended 5 times within a minute \(at last: exit code 3\)[^]*the reason/);
  });

  it('does not start one again that exits by itself before it ever worked', async () => {
    const file = script(dir.path, 'broken.mjs', `console.error('PORT=x: expected a number'); process.exit(1);`);
    const deaths: unknown[] = [];
    const child = supervise(file, { onDeath: () => deaths.push(1) });
    await assert.rejects(child.start(), (error: Error) => {
      assert.ok(error instanceof ChildFailure);
      assert.match(error.message, /child could not start \(exit code 1\)[^]*PORT=x: expected a number/);
      return true;
    });
    assert.deepEqual(deaths, []);
  });

  it('fails one that gives no sign of life', async () => {
    const file = script(dir.path, 'mute.mjs', 'setInterval(() => {}, 1000);');
    await assert.rejects(supervise(file, {}, { readyTimeoutMs: 200 }).start(), /no sign of life/);
  });

  it('takes a program without a voice for ready when its probe says so', async () => {
    const file = script(dir.path, 'mute.mjs', 'setInterval(() => {}, 1000);');
    const child = supervise(file, {}, { probe: () => Promise.resolve() });
    await child.start();
    assert.ok(isRunning(child.pid ?? 0));
  });

  it('stops several in the given order', async () => {
    const children = ['gateway', 'worker', 'temporal'].map((name) => supervise(politeChild(dir.path, name)));
    await Promise.all(children.map((child) => child.start()));
    await stopInOrder(children, GRACE_MS);
    assert.equal(readFileSync(join(dir.path, 'journal'), 'utf8'), 'gateway\nworker\ntemporal\n');
  });

  it('kills one that does not stop within the grace, and does not start it again', async () => {
    const file = script(dir.path, 'deaf.mjs', `process.on('SIGTERM', () => {}); process.send({ type: 'ready' });`);
    const child = supervise(file);
    await child.start();
    const pid = child.pid ?? 0;
    await child.stop(100);
    assert.equal(isRunning(pid), false);
    assert.equal(child.pid, undefined);
  });

  it('keeps the log of the start before', async () => {
    const file = script(dir.path, 'talker.mjs', `console.log(process.pid); process.send({ type: 'ready' });`);
    for (let round = 0; round < 2; round += 1) {
      const child = supervise(file);
      await child.start();
      await child.stop(GRACE_MS);
    }
    const [now, before] = ['child.log', 'child.previous.log'].map((name) =>
      readFileSync(join(dir.path, 'logs', name), 'utf8'),
    );
    assert.match(now ?? '', /^\d+\n$/);
    assert.match(before ?? '', /^\d+\n$/);
    assert.notEqual(now, before);
  });

  it('waits longer before each further start', () => {
    assert.deepEqual([1, 2, 3, 4].map(backoffMs), [0, 500, 1_000, 2_000]);
  });
});

describe('kill -9 of the supervisor', function () {
  this.timeout(60_000);
  const dir = useTempDir();

  it('leaves no process behind, not even a program that knows nothing of its parent', async () => {
    const polite = politeChild(dir.path, 'polite');
    const stubborn = script(dir.path, 'stubborn.mjs', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
    const supervisor = spawn(
      process.execPath,
      ['--import', 'tsx', script(dir.path, 'supervisor.mts', supervisorSource(polite, stubborn))],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      let said = '';
      supervisor.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const pids = JSON.parse(await until('its pids', () => /^.*\n/.exec(said)?.[0])) as number[];
      assert.equal(pids.filter(isRunning).length, 2);
      supervisor.kill('SIGKILL');
      await until('all to be gone', () => !pids.some(isRunning));
    } finally {
      supervisor.kill('SIGKILL');
    }
  });
});

/** Starts one child directly, and one through the tether with a short grace; prints both pids. */
function supervisorSource(polite: string, stubborn: string): string {
  return `
    import { Supervised } from ${JSON.stringify(join(ROOT, 'src/dev/supervised.ts'))};
    const base = { file: process.execPath, cwd: '.', env: process.env };
    const direct = new Supervised({ ...base, name: 'direct', args: [${JSON.stringify(polite)}], logFile: ${JSON.stringify(`${polite}.log`)} });
    const pid = new Promise((resolve) => {
      const args = [${JSON.stringify(join(ROOT, 'scripts/lib/tether.mjs'))}, '200', process.execPath, ${JSON.stringify(stubborn)}];
      let first;
      const onPid = (pid) => { if (first !== undefined && pid !== first) resolve(pid); first ??= pid; };
      void new Supervised({ ...base, name: 'tethered', args, logFile: ${JSON.stringify(`${stubborn}.log`)} }, { onPid }).start();
    });
    await direct.start();
    console.log(JSON.stringify([direct.pid, await pid]));
  `;
}
