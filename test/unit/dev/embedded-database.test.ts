import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/dev/embedded-database.js';
import { useTempDir } from './helpers.js';

describe('the embedded database', function () {
  this.timeout(120_000);
  const dir = useTempDir();

  it('is made where there is none, over what a killed start left half made', async () => {
    const folder = join(dir.path, 'data', 'store');
    mkdirSync(`${folder}.making`, { recursive: true });
    writeFileSync(join(`${folder}.making`, 'PG_VERSION'), '18');
    const made = await openDatabase(folder);
    await made.exec("CREATE TABLE kept (name text); INSERT INTO kept VALUES ('tea')");
    await made.close();
    assert.ok(!existsSync(`${folder}.making`));
    // As if the process that had it open had been killed.
    writeFileSync(join(folder, 'postmaster.pid'), `${process.pid}\n`);
    const again = await openDatabase(folder);
    assert.deepEqual((await again.query('SELECT name FROM kept')).rows, [{ name: 'tea' }]);
    await again.close();
  });

  it('leaves a folder alone that holds something else', async () => {
    const folder = join(dir.path, 'store');
    mkdirSync(folder);
    writeFileSync(join(folder, 'letter.txt'), 'Dear Sir or Madam');
    await assert.rejects(openDatabase(folder), /letter|neither empty nor a database/);
    assert.ok(existsSync(join(folder, 'letter.txt')));
    assert.ok(!existsSync(join(folder, 'PG_VERSION')));
  });
});
