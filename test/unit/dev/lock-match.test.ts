import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearStamp, whyNotInstalled, writeStamp } from '../../../scripts/lib/lock-match.mjs';
import { useTempDir } from './helpers.js';

const LOCKED = {
  '': { name: 'root' },
  'node_modules/hono': { version: '4.13.19', integrity: 'sha512-a' },
  'node_modules/hono/node_modules/zod': { version: '4.6.7', integrity: 'sha512-b' },
  'node_modules/only-on-macos': { version: '1.0.0', integrity: 'sha512-c', optional: true },
};

describe('whether node_modules is what the lock file says', () => {
  const dir = useTempDir();
  const writeLock = (packages: object) =>
    writeFileSync(join(dir.path, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  const install = (...paths: string[]) => {
    for (const path of paths) {
      mkdirSync(join(dir.path, path), { recursive: true });
      writeFileSync(join(dir.path, path, 'package.json'), '{}');
    }
  };
  const installAll = () => install('node_modules/hono', 'node_modules/hono/node_modules/zod');

  beforeEach(() => writeLock(LOCKED));

  it('is not, in a fresh clone', () => {
    assert.equal(whyNotInstalled(dir.path), 'not installed yet');
  });

  it('is, after a complete install, without packages for other platforms', () => {
    installAll();
    writeStamp(dir.path);
    assert.equal(whyNotInstalled(dir.path), undefined);
  });

  it('is not, where an install was interrupted: packages or the stamp are missing', () => {
    install('node_modules/hono');
    writeStamp(dir.path);
    assert.match(whyNotInstalled(dir.path) ?? '', /did not finish/);
    installAll();
    assert.equal(whyNotInstalled(dir.path), undefined);
    clearStamp(dir.path);
    assert.notEqual(whyNotInstalled(dir.path), undefined);
  });

  it('is not, after a package was removed by hand', () => {
    installAll();
    writeStamp(dir.path);
    rmSync(join(dir.path, 'node_modules/hono/node_modules/zod'), { recursive: true });
    assert.match(whyNotInstalled(dir.path) ?? '', /did not finish/);
  });

  it('is not, after the lock file changed', () => {
    installAll();
    writeStamp(dir.path);
    writeLock({ ...LOCKED, 'node_modules/hono': { version: '4.14.0', integrity: 'sha512-new' } });
    assert.match(whyNotInstalled(dir.path) ?? '', /package-lock\.json has changed/);
  });

  it('is, where npm itself noted the same packages, whoever ran it', () => {
    installAll();
    const { '': _root, ...installed } = LOCKED;
    writeFileSync(join(dir.path, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    assert.equal(whyNotInstalled(dir.path), undefined);
    const other = { ...installed, 'node_modules/hono': { version: '4.13.18', integrity: 'sha512-old' } };
    writeFileSync(join(dir.path, 'node_modules/.package-lock.json'), JSON.stringify({ packages: other }));
    assert.match(whyNotInstalled(dir.path) ?? '', /has changed/);
  });

  it('says what to do where the lock file is broken', () => {
    writeFileSync(join(dir.path, 'package-lock.json'), '<<<<<<< HEAD');
    assert.throws(() => whyNotInstalled(dir.path), /package-lock\.json is missing or broken: restore it/);
  });
});
