import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editorOf, readText, serviceOf, terminalOf, userOf } from '../../src/cli-host.js';

describe('what the command line takes from the outside', () => {
  it('looks for the service where it is told, else where npm start runs, else at the default', () => {
    const folder = mkdtempSync(join(tmpdir(), 'host-'));
    try {
      const env = { AOS_DATA_DIR: folder };
      assert.deepEqual(serviceOf(env), { url: 'http://127.0.0.1:8000', from: 'the default' });
      writeFileSync(join(folder, 'stack.json'), '{"api": "http://127.0.0.1:8011", "processes": {}}');
      assert.deepEqual(serviceOf(env), { url: 'http://127.0.0.1:8011', from: 'npm start' });
      assert.deepEqual(serviceOf({ ...env, CREW_URL: 'http://there' }), { url: 'http://there', from: 'CREW_URL' });
      writeFileSync(join(folder, 'stack.json'), 'half of');
      assert.equal(serviceOf(env).from, 'the default');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('colours nothing where NO_COLOR says so, and everything where FORCE_COLOR does', () => {
    assert.deepEqual(terminalOf({ NO_COLOR: '1', FORCE_COLOR: '1' }).colours, { out: false, err: false });
    assert.deepEqual(terminalOf({ FORCE_COLOR: '1' }).colours, { out: true, err: true });
    assert.deepEqual(terminalOf({ FORCE_COLOR: '0' }).colours, { out: false, err: false });
    assert.equal(userOf({ CREW_USER: 'ada' }), 'ada');
    assert.ok(userOf({}).length > 0);
  });

  it('gives a text as the editor left it, and decides nothing where there is no editor or it failed', async () => {
    const env = { PATH: process.env['PATH'] };
    assert.equal(await editorOf({ ...env, EDITOR: 'sed -i s/a/b/' })('a text', 'md'), 'b text');
    await assert.rejects(editorOf({ ...env, EDITOR: 'false' })('a', 'md'), /nothing was decided/);
    await assert.rejects(editorOf(env)('a', 'md'), /VISUAL or EDITOR/);
    await assert.rejects(readText('/nothing/here'), /\/nothing\/here: cannot be read \(ENOENT\)/);
  });
});
