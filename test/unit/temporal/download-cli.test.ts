import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { downloadCli, type DownloadCommand } from '../../../temporal/download-cli.js';
import { useTempDir } from '../dev/helpers.js';

/** A download that runs this source; FOLDER is where it shall write. */
const running =
  (source: string): DownloadCommand =>
  (_version, folder) => ['--input-type=module', '--eval', `const FOLDER = ${JSON.stringify(folder)}; ${source}`];

describe('downloading the Temporal CLI', function () {
  this.timeout(60_000);
  const dir = useTempDir();
  const patience = { beginMs: 30_000, silenceMs: 30_000 };
  const download = (source: string, onProgress: (text: string) => void = () => {}, times = patience) =>
    downloadCli('1.5.1', dir.path, onProgress, undefined, { command: running(source), patience: times });
  const WRITE = `import { writeFileSync, renameSync } from 'node:fs'; const PART = FOLDER + '/temporal-v1.5.1.downloading';`;

  it('returns what was downloaded', async () => {
    const path = await download(`${WRITE} writeFileSync(PART, 'x'); renameSync(PART, FOLDER + '/temporal-v1.5.1');`);
    assert.equal(basename(path), 'temporal-v1.5.1');
  });

  it('moves on soon where nothing answers', async () => {
    const impatient = { beginMs: 300, silenceMs: 60_000 };
    await assert.rejects(download('setInterval(() => {}, 1000);', undefined, impatient), /no answer within 0\.3 s/);
  });

  it('lets it take its time to begin, however short a silence in the middle may be', async () => {
    const slow = `await new Promise((resolve) => setTimeout(resolve, 1_200)); ${WRITE}
      writeFileSync(PART, 'x'); renameSync(PART, FOLDER + '/temporal-v1.5.1');`;
    const path = await download(slow, undefined, { beginMs: 30_000, silenceMs: 300 });
    assert.equal(basename(path), 'temporal-v1.5.1');
  });

  it('gives up where the download stands still, after saying how far it came', async () => {
    const said: string[] = [];
    const stalled = `${WRITE} writeFileSync(PART, Buffer.alloc(3_000_000)); setInterval(() => {}, 1000);`;
    const impatient = { beginMs: 60_000, silenceMs: 1_500 };
    await assert.rejects(
      download(stalled, (text) => said.push(text), impatient),
      /stood still/,
    );
    assert.ok(said.some((text) => text.includes('3 MB')));
    assert.deepEqual(readdirSync(dir.path), ['temporal-v1.5.1.downloading'], 'a part is never taken for the whole');
  });

  for (const [message, expected] of [
    ['client error (Connect): dns error: failed to lookup address information', /name cannot be resolved/],
    ['error sending request for url (https://x): client error (Connect): tcp connect error', /cannot be reached/],
    ['HTTP status client error (404 Not Found) for url (https://x)', /answered 404 Not Found/],
  ] as const) {
    it(`says in a few words: ${message.slice(0, 50)}`, async () => {
      await assert.rejects(download(`throw new Error(${JSON.stringify(message)});`), expected);
    });
  }
});
