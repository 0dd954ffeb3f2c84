import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelCacheDir } from '../../local-model/src/cache.js';
import { downloadFile, type Fetch } from '../../local-model/src/download.js';
import { findWeights, type Weights, type WeightsProgress, type WeightsSource } from '../../local-model/src/weights.js';

const CONTENT = 'weights '.repeat(50);
const WEIGHTS: Weights = {
  name: 'Tiny',
  file: 'tiny.gguf',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};
const never = new AbortController().signal;

describe('local model: weights', () => {
  let cacheDir: string;
  let said: WeightsProgress[];

  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'weights-'));
    said = [];
  });

  afterEach(() => rm(cacheDir, { recursive: true }));

  const find = (sources: readonly WeightsSource[], modelPath?: string) =>
    findWeights({
      weights: WEIGHTS,
      ...(modelPath !== undefined && { modelPath }),
      cacheDir,
      sources,
      onProgress: (progress) => said.push(progress),
      signal: never,
    });

  it('takes MODEL_PATH before anything else, as it is', async () => {
    await writeFile(join(cacheDir, WEIGHTS.file), CONTENT);
    const own = join(cacheDir, 'own.gguf');
    await assert.rejects(find([serving('A', CONTENT)], own), /MODEL_PATH is .*own\.gguf, and there is no such file/);
    await writeFile(own, 'anything');
    assert.equal(await find([serving('A', CONTENT)], own), own);
  });

  it('takes the cached copy without asking any source', async () => {
    await writeFile(join(cacheDir, WEIGHTS.file), CONTENT);
    assert.equal(await find([]), join(cacheDir, WEIGHTS.file));
    assert.deepEqual(said, []);
  });

  it('fetches a damaged copy again, though its size is right', async () => {
    await writeFile(join(cacheDir, WEIGHTS.file), CONTENT.replace('w', 'W'));
    const path = await find([serving('A', CONTENT)]);
    assert.equal(await readFile(path, 'utf8'), CONTENT);
    assert.match(said[0]?.text ?? '', /is damaged \(sha256/);
  });

  it('tries the sources in their order, and keeps only what has the right checksum', async () => {
    const asked: string[] = [];
    const sources = [
      failing('A', asked),
      serving('B', 'w'.repeat(CONTENT.length), asked),
      serving('C', CONTENT, asked),
    ];
    const path = await find([...sources, serving('D', CONTENT, asked)]);
    assert.deepEqual(asked, ['A', 'B', 'C']);
    assert.equal(await readFile(path, 'utf8'), CONTENT);
    assert.deepEqual(await readdir(cacheDir), [WEIGHTS.file]);
    assert.match(said[0]?.text ?? '', /^downloading Tiny, 2 MB, once, from A$/);
    assert.deepEqual(said.at(-1), { text: 'Tiny: 0 of 0 MB', bytes: WEIGHTS.bytes, totalBytes: WEIGHTS.bytes });
  });

  it('says in one message what was tried and what to do', async () => {
    await assert.rejects(find([failing('A'), serving('B', 'short')]), (error: Error) => {
      assert.match(error.message, /A: no way through/);
      assert.match(error.message, /B: what came is not the expected file \(5 bytes instead of 400\)/);
      assert.match(error.message, /Set MODEL_PATH .* or set OPENAI_API_KEY \(or OPENAI_BASE_URL\)/);
      return true;
    });
    assert.deepEqual(await readdir(cacheDir), []);
  });

  it('lets two processes fetch at once, and clears what killed ones left a day ago', async () => {
    const stale = join(cacheDir, `${WEIGHTS.file}.old.part`);
    await writeFile(stale, 'half');
    await utimes(stale, 0, 0);
    const fresh = join(cacheDir, `${WEIGHTS.file}.now.part`);
    await writeFile(fresh, 'half');
    const paths = await Promise.all([find([serving('A', CONTENT)]), find([serving('A', CONTENT)])]);
    assert.equal(paths[0], paths[1]);
    assert.equal(await readFile(paths[0], 'utf8'), CONTENT);
    assert.deepEqual((await readdir(cacheDir)).sort(), [WEIGHTS.file, `${WEIGHTS.file}.now.part`]);
  });

  describe('download', () => {
    const download = (fetch: Fetch, bytes = CONTENT.length, patienceMs = 20_000) =>
      downloadFile({
        url: 'https://models.example/tiny.gguf',
        target: join(cacheDir, 'part'),
        bytes,
        onBytes: (received) => said.push({ text: '', bytes: received }),
        signal: never,
        answerTimeoutMs: patienceMs,
        idleTimeoutMs: patienceMs,
        fetch,
      });

    it('writes the body and counts its bytes', async () => {
      await download(() => Promise.resolve(new Response(CONTENT)));
      assert.equal(await readFile(join(cacheDir, 'part'), 'utf8'), CONTENT);
      assert.equal(said.at(-1)?.bytes, CONTENT.length);
    });

    it('gives up on a server that does not answer', async () => {
      await assert.rejects(download(hanging, CONTENT.length, 30), /no answer within 0\.03 s/);
    });

    it('gives up on a body that falls silent', async () => {
      const silent = new ReadableStream({ start: (body) => body.enqueue(Buffer.from('some')) });
      await assert.rejects(
        download(() => Promise.resolve(new Response(silent)), CONTENT.length, 30),
        /silent for 0\.03 s/,
      );
    });

    it('says why a server refused, or could not be reached', async () => {
      const refusing = () => Promise.resolve(new Response('', { status: 403, statusText: 'Forbidden' }));
      await assert.rejects(download(refusing), /answered 403 Forbidden/);
      const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
      await assert.rejects(
        download(() => Promise.reject(new TypeError('fetch failed', { cause }))),
        /ENOTFOUND/,
      );
    });

    it('stops a body that is longer than it should be', async () => {
      await assert.rejects(
        download(() => Promise.resolve(new Response(CONTENT)), 10),
        /longer than the expected 10 bytes/,
      );
    });
  });

  it('keeps downloads in the cache folder of the system', () => {
    const linux = modelCacheDir({ XDG_CACHE_HOME: '/tmp/cache' }, 'linux');
    assert.equal(linux, join('/tmp/cache', 'agent-orchestration-service', 'models'));
    assert.match(modelCacheDir({}, 'darwin'), /Library.Caches.agent-orchestration-service/);
    assert.match(modelCacheDir({ LOCALAPPDATA: 'C:/local' }, 'win32'), /^C:.local.agent-orchestration-service/);
  });
});

function serving(label: string, content: string, asked: string[] = []): WeightsSource {
  return {
    label,
    bytes: 2_000_000,
    async fetch(target, onBytes) {
      asked.push(label);
      await writeFile(target, content);
      onBytes(content.length, content.length);
    },
  };
}

function failing(label: string, asked: string[] = []): WeightsSource {
  return {
    label,
    bytes: 2_000_000,
    fetch() {
      asked.push(label);
      return Promise.reject(new Error('no way through'));
    },
  };
}

const hanging: Fetch = (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
