import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheDir } from '../../../temporal/cache-dir.js';
import { CLI_VERSION, findTemporalCli, TemporalCliNotFound, type CliTools } from '../../../temporal/find-cli.js';
import { useTempDir } from '../dev/helpers.js';

const GOOD = { text: '1.5.1 (Server 1.29.1, UI 2.42.1)', server: [1, 29] as const };
const OLD = { text: '0.10.0 (Server 1.20.0, UI 2.10.0)', server: [1, 20] as const };

describe('finding the Temporal CLI', () => {
  const dir = useTempDir();
  const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    XDG_CACHE_HOME: dir.path,
    PATH: ['/first', '/second'].join(delimiter),
    ...more,
  });
  const cached = () => join(dir.path, 'agent-orchestration-service', `temporal-cli-${CLI_VERSION}`, 'temporal');

  /** Tools for which these paths are there, and that note what they were asked. */
  const fakes = (present: string[], more: Partial<CliTools> = {}) => {
    const asked: string[] = [];
    const tools: CliTools = {
      exists: (path) => present.includes(path) || existsSync(path),
      verify: (path) => {
        asked.push(`verify ${path}`);
        return Promise.resolve(GOOD);
      },
      download: () => {
        asked.push('download');
        return Promise.reject(new Error('temporal.download cannot be reached'));
      },
      build: (_version, folder) => {
        asked.push('build');
        return put(folder);
      },
      ...more,
    };
    return {
      asked,
      find: (extra: NodeJS.ProcessEnv = {}) => findTemporalCli({ env: env(extra), platform: 'linux', tools }),
    };
  };
  const put = (folder: string): Promise<string> => {
    const path = join(folder, 'temporal');
    writeFileSync(path, 'new');
    return Promise.resolve(path);
  };

  it('takes TEMPORAL_CLI before anything else', async () => {
    const { find, asked } = fakes(['/mine/temporal', '/first/temporal']);
    const found = await find({ TEMPORAL_CLI: '/mine/temporal' });
    assert.deepEqual(found, { path: '/mine/temporal', source: 'TEMPORAL_CLI', version: GOOD.text });
    assert.deepEqual(asked, ['verify /mine/temporal']);
  });

  it('does not look elsewhere where TEMPORAL_CLI does not work', async () => {
    for (const tools of [
      {},
      { exists: () => true, verify: () => Promise.reject(new Error('it does not run: boom')) },
    ]) {
      const { find } = fakes(['/first/temporal'], tools);
      await assert.rejects(find({ TEMPORAL_CLI: '/mine/temporal' }), (error: Error) => {
        assert.ok(error instanceof TemporalCliNotFound);
        assert.match(
          error.message,
          /^TEMPORAL_CLI is \/mine\/temporal, which cannot be used: (there is no such file|it does not run: boom)/,
        );
        return true;
      });
    }
  });

  it('takes the first one on the PATH, then the copy in the cache', async () => {
    assert.equal((await fakes(['/second/temporal', cached()]).find()).path, '/second/temporal');
    const { find, asked } = fakes([cached()]);
    assert.deepEqual(await find(), { path: cached(), source: 'cache', version: GOOD.text });
    assert.deepEqual(asked, [`verify ${cached()}`]);
  });

  it('passes over one on the PATH that is too old or broken', async () => {
    for (const first of [() => Promise.resolve(OLD), () => Promise.reject(new Error('no answer'))]) {
      const verify = (path: string) => (path === '/first/temporal' ? first() : Promise.resolve(GOOD));
      assert.equal((await fakes(['/first/temporal', cached()], { verify }).find()).source, 'cache');
    }
  });

  it('downloads before it builds, and keeps what it got in the cache', async () => {
    const { find, asked } = fakes([], { download: (_version, folder) => put(folder) });
    assert.equal((await find()).source, 'download');
    assert.equal(readFileSync(cached(), 'utf8'), 'new');
    assert.equal(asked.length, 1, 'what was downloaded is tried once, and nothing is built');
    assert.deepEqual(readdirSync(dirname(cached())), ['temporal'], 'no lock or part is left');
  });

  it('builds where the download does not work, and replaces a broken copy', async () => {
    const { find, asked } = fakes([], {
      verify: (path) => (path === cached() ? Promise.reject(new Error('it does not run')) : Promise.resolve(GOOD)),
    });
    const other = fakes([], { download: (_version, folder) => put(folder) });
    await other.find();
    assert.equal((await find()).source, 'build');
    assert.deepEqual(asked, ['download', 'build']);
  });

  it('gets it once when two ask at the same time', async () => {
    const { find, asked } = fakes([]);
    const both = await Promise.all([find(), find()]);
    assert.deepEqual(both.map(({ source }) => source).sort(), ['build', 'cache']);
    assert.deepEqual(asked.filter((what) => what === 'build').length, 1);
  });

  it('says what was tried and what to do where nothing works', async () => {
    const { find } = fakes([], { build: () => Promise.reject(new Error('go is not on the PATH')) });
    await assert.rejects(find(), (error: Error) => {
      assert.ok(error instanceof TemporalCliNotFound);
      for (const part of [
        /TEMPORAL_CLI: not set/,
        /temporal on the PATH: not there/,
        /official download: temporal\.download cannot be reached/,
        /build with Go: go is not on the PATH/,
        /install the Temporal CLI/,
        /TEMPORAL_ADDRESS=/,
      ]) {
        assert.match(error.message, part);
      }
      return true;
    });
    assert.equal(existsSync(cached()), false);
  });
});

describe('the cache folder', () => {
  for (const [platform, env, expected] of [
    ['linux', {}, '/home/me/.cache/agent-orchestration-service'],
    ['linux', { XDG_CACHE_HOME: '/cache' }, '/cache/agent-orchestration-service'],
    ['darwin', { XDG_CACHE_HOME: '/cache' }, '/home/me/Library/Caches/agent-orchestration-service'],
  ] as const) {
    it(`is ${expected} on ${platform}`, () => assert.equal(cacheDir(env, platform, '/home/me'), expected));
  }
});
