import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fitsGlob } from '../../../src/adapters/tools/files/glob.js';
import { fileTools } from '../../../src/adapters/tools/files/index.js';
import { testTool } from '../../../src/authoring/index.js';
import { failureOf, inFolder } from './support.js';

/** A folder with a root in it, beside which there is a secret. */
async function withRoot(
  work: (call: (name: string, args: Record<string, unknown>) => Promise<string>, root: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'notes', 'old'), { recursive: true });
    mkdirSync(join(root, '.git'));
    writeFileSync(join(folder, 'secret.txt'), 'the secret');
    writeFileSync(join(root, 'a.txt'), 'Alpha\nbeta\r\nGAMMA alpha\n');
    writeFileSync(join(root, 'notes', 'b.md'), '# Beta\n');
    writeFileSync(join(root, 'notes', 'old', 'c.md'), 'alpha again');
    writeFileSync(join(root, '.git', 'config'), 'alpha');
    writeFileSync(join(root, 'image.bin'), Buffer.from([0x61, 0, 0x62]));
    writeFileSync(join(root, 'latin.txt'), Buffer.from([0x61, 0xe9]));
    const tools = new Map(fileTools(root).map((tool) => [tool.name, tool]));
    await work(async (name, args) => (await testTool(tools.get(name)!, args)).content, root);
  });
}

describe('file tools', () => {
  it('read files, by lines', async () => {
    await withRoot(async (call, root) => {
      assert.equal(await call('read_file', { path: 'a.txt' }), 'Alpha\nbeta\nGAMMA alpha');
      assert.equal(await call('read_file', { path: './notes/b.md' }), '# Beta');
      const part = await call('read_file', { path: 'a.txt', start_line: '2', max_lines: 1 });
      assert.equal(part, 'beta\n[Lines 2 to 2 of 3. Read on with start_line: 3.]');
      assert.equal(await call('read_file', { path: 'a.txt', start_line: 3 }), 'GAMMA alpha\n[Lines 3 to 3 of 3.]');
      assert.equal((await failureOf(call('read_file', { path: 'a.txt', start_line: 4 }))).reason, 'invalid_arguments');
      writeFileSync(join(root, 'long.txt'), `${'x'.repeat(60_000)}\nend`);
      assert.match(await call('read_file', { path: 'long.txt' }), /x \[line cut\]\n\[Lines 1 to 1 of 2\. Read on/);
      writeFileSync(join(root, 'empty.txt'), '');
      assert.equal(await call('read_file', { path: 'empty.txt' }), '[The file is empty.]');
    });
  });

  it('do not show what is no text, too large or not there', async () => {
    await withRoot(async (call, root) => {
      writeFileSync(join(root, 'large.txt'), 'x'.repeat(5_000_001));
      const cases: [path: string, message: RegExp][] = [
        ['image.bin', /is no text file/],
        ['latin.txt', /is no text file/],
        ['large.txt', /is larger than 5000000 bytes/],
        ['nothing.txt', /There is no nothing\.txt; list_files shows/],
        ['a.txt/b', /There is no a\.txt\/b/],
      ];
      for (const [path, message] of cases) {
        const failure = await failureOf(call('read_file', { path }));
        assert.deepEqual([failure.reason, message.test(failure.message)], ['failed', true], failure.message);
        assert.ok(!failure.message.includes(root));
      }
    });
  });

  it('list folders', async () => {
    await withRoot(async (call) => {
      assert.equal(
        await call('list_files', {}),
        ['.git/', 'a.txt (24 bytes)', 'image.bin (3 bytes)', 'latin.txt (2 bytes)', 'notes/'].join('\n'),
      );
      assert.equal(
        await call('list_files', { path: 'notes', recursive: true }),
        ['notes/b.md (7 bytes)', 'notes/old/', 'notes/old/c.md (11 bytes)'].join('\n'),
      );
      assert.equal(
        await call('list_files', { recursive: true, pattern: '*.md' }),
        'notes/b.md (7 bytes)\nnotes/old/c.md (11 bytes)',
      );
      assert.equal(await call('list_files', { pattern: '*.none' }), '[There are no files.]');
      assert.match((await failureOf(call('list_files', { path: 'a.txt' }))).message, /a\.txt is a file, no folder/);
    });
  });

  it('say where a list was cut', async () => {
    await withRoot(async (call, root) => {
      mkdirSync(join(root, 'many'));
      for (let n = 0; n < 510; n++) writeFileSync(join(root, 'many', `${n}.txt`), 'x');
      const lines = (await call('list_files', { path: 'many' })).split('\n');
      assert.deepEqual([lines.length, lines.at(-1)], [501, '[There are more than 500: name a folder or a pattern.]']);
    });
  });

  it('search texts, without regard to case unless asked', async () => {
    await withRoot(async (call, root) => {
      const all = await call('search_files', { text: 'alpha' });
      assert.equal(all, 'a.txt:1: Alpha\na.txt:3: GAMMA alpha\nnotes/old/c.md:1: alpha again');
      assert.equal(await call('search_files', { text: 'Alpha', match_case: true }), 'a.txt:1: Alpha');
      assert.equal(
        await call('search_files', { text: 'alpha', pattern: 'notes/**/*.md' }),
        'notes/old/c.md:1: alpha again',
      );
      assert.equal(await call('search_files', { text: 'beta', path: 'a.txt' }), 'a.txt:2: beta');
      assert.equal(await call('search_files', { text: '.*' }), '[No line contains it. Files searched: 3.]');
      writeFileSync(join(root, 'many.txt'), 'needle\n'.repeat(60));
      const many = (await call('search_files', { text: 'needle' })).split('\n');
      assert.deepEqual([many.length, /^\[There are more/.test(many.at(-1)!)], [51, true]);
      writeFileSync(join(root, 'wide.txt'), `${'-'.repeat(100_000)}pin${'-'.repeat(100_000)}`);
      const [wide] = (await call('search_files', { text: 'pin' })).split('\n');
      assert.ok(wide!.includes('pin') && wide!.length < 400);
    });
  });

  it('refuse every way out of the folder', async () => {
    await withRoot(async (call, root) => {
      symlinkSync('../secret.txt', join(root, 'link.txt'));
      symlinkSync('..', join(root, 'up'));
      symlinkSync('/etc', join(root, 'etc'));
      symlinkSync('loop', join(root, 'loop'));
      const ways = [
        '../secret.txt',
        'notes/../../secret.txt',
        'notes/..',
        '..',
        '..\\secret.txt',
        '/etc/passwd',
        'C:\\Windows\\win.ini',
        'c:win.ini',
        '\\\\host\\share',
        join(root, 'a.txt'),
        'a.txt\0.md',
        'link.txt',
        'up/secret.txt',
        'up/root/../secret.txt',
        'etc/passwd',
        'loop',
      ];
      for (const path of ways) {
        for (const name of ['read_file', 'list_files', 'search_files']) {
          const failure = await failureOf(call(name, { path, text: 'secret' }));
          assert.equal(failure.reason, 'refused', `${name} ${path}: ${failure.message}`);
        }
      }
      assert.doesNotMatch(await call('list_files', { recursive: true }), /link\.txt|up|etc|secret/);
      assert.match(await call('search_files', { text: 'the secret' }), /^\[No line/);
    });
  });

  it('follow links that stay inside, and no circle', async () => {
    await withRoot(async (call, root) => {
      symlinkSync('a.txt', join(root, 'same.txt'));
      symlinkSync('..', join(root, 'notes', 'round'));
      assert.match(await call('read_file', { path: 'same.txt' }), /^Alpha/);
      assert.match(await call('read_file', { path: 'notes/round/a.txt' }), /^Alpha/);
      const listed = await call('list_files', { recursive: true });
      assert.match(listed, /same\.txt \(24 bytes\)/);
      assert.match(listed, /notes\/round\/\n/);
      assert.doesNotMatch(listed, /round\/./);
    });
  });

  it('refuse what is no regular file, without waiting for it', async function () {
    if (process.platform === 'win32') this.skip();
    await withRoot(async (call, root) => {
      execFileSync('mkfifo', [join(root, 'pipe')]);
      for (const path of ['pipe', 'notes', '.']) {
        const failure = await failureOf(call('read_file', { path }));
        assert.deepEqual([failure.reason, /no regular file/.test(failure.message)], ['refused', true], path);
      }
      assert.match(await call('search_files', { text: 'alpha' }), /^a\.txt:1/);
      assert.doesNotMatch(await call('list_files', {}), /pipe/);
    });
  });
});

describe('patterns of paths', () => {
  const fitting: [pattern: string, path: string][] = [
    ['*.md', 'a.md'],
    ['*.md', 'x/y/a.md'],
    ['x/*.md', 'x/a.md'],
    ['x/**/*.md', 'x/a.md'],
    ['x/**/*.md', 'x/y/z/a.md'],
    ['**/b/**', 'a/b/c/d'],
    ['?.txt', 'a.txt'],
    ['a*b*c', 'aXbbYc'],
    ['./x/*', 'x/a'],
  ];
  const other: [pattern: string, path: string][] = [
    ['*.md', 'a.mdx'],
    ['x/*.md', 'x/y/a.md'],
    ['x/**/*.md', 'y/a.md'],
    ['?.txt', 'ab.txt'],
    ['*.MD', 'a.md'],
    ['[a].md', 'a.md'],
  ];

  it('fit as people know them', () => {
    for (const [pattern, path] of fitting) assert.equal(fitsGlob(path, pattern), true, `${pattern} ${path}`);
    for (const [pattern, path] of other) assert.equal(fitsGlob(path, pattern), false, `${pattern} ${path}`);
  });

  it('fit what they were made of, and take no time that grows with their stars', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c]{1,6}$/), { minLength: 2, maxLength: 6 }), fc.nat(), (parts, n) => {
        const starred = parts.map((part, at) => (at === n % parts.length ? '**' : part.replace(/b+/, '*')));
        assert.equal(fitsGlob(parts.join('/'), starred.join('/')), true);
      }),
    );
    assert.equal(fitsGlob(`${'a'.repeat(1_000)}`, `${'*a'.repeat(100)}b`), false);
    assert.equal(fitsGlob(`${'a/'.repeat(1_000)}a`, `${'**/a/'.repeat(60)}b`), false);
  });
});
