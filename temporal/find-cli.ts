import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { waitForLock } from '../scripts/lib/pid-lock.mjs';
import { buildCli } from './build-cli.js';
import { cacheDir } from './cache-dir.js';
import { downloadCli } from './download-cli.js';
import { obtainCli } from './obtain-cli.js';
import { isTooOld, OLDEST_SERVER, verifyCli, type CliVersion } from './verify-cli.js';

/** The version that is downloaded or built. Any other on the PATH will do, if its server is new enough. */
export const CLI_VERSION = '1.5.1';

/** Where a CLI came from. */
export type CliSource = 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'build';

/** A Temporal CLI that was seen to run. `version` is what it says of itself. */
export interface TemporalCli {
  path: string;
  source: CliSource;
  /** As in `1.5.1 (Server 1.29.1, UI 2.42.1)`. */
  version: string;
}

/** No Temporal CLI could be had. The message tells what was tried and what to install. */
export class TemporalCliNotFound extends Error {
  override readonly name = 'TemporalCliNotFound';
}

/** What the search does to the outside; a seam for tests. */
export interface CliTools {
  exists: (path: string) => boolean;
  verify: (path: string, signal?: AbortSignal) => Promise<CliVersion>;
  download: Fetch;
  build: Fetch;
}

type Fetch = (
  version: string,
  folder: string,
  onProgress: (text: string) => void,
  signal?: AbortSignal,
) => Promise<string>;

export interface FindCliOptions {
  /** Told what goes on, in words for people, whenever that changes. */
  onProgress?: (text: string) => void;
  /** Told, once each, of what is downloaded or built and how big it is. */
  onNotice?: (text: string) => void;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  tools?: CliTools;
}

const TOOLS: CliTools = { exists: existsSync, verify: verifyCli, download: downloadCli, build: buildCli };

/** A place and why it did not do. */
type Attempt = readonly [string, string];

/**
 * Finds a Temporal CLI that runs, or gets one. In this order: `TEMPORAL_CLI`, `temporal` on the PATH, the copy in the user's
 * cache folder, the SDK's download of the official build, a build with Go. Two processes that need one at the same time
 * get it once.
 * @throws TemporalCliNotFound when nothing works, or when `TEMPORAL_CLI` names a program that does not
 */
export async function findTemporalCli(options: FindCliOptions = {}): Promise<TemporalCli> {
  const { signal, env = process.env, platform = process.platform, tools = TOOLS } = options;
  const explicit = env['TEMPORAL_CLI'];
  if (explicit) return useExplicit(resolve(explicit), tools, signal);

  const exe = platform === 'win32' ? 'temporal.exe' : 'temporal';
  const cached = join(cacheDir(env, platform), `temporal-cli-${CLI_VERSION}`, exe);
  const tried: Attempt[] = [];
  const present =
    (await tryCopy('PATH', 'temporal on the PATH', onPath(exe, env, tools), tools, tried, signal)) ??
    (await tryCopy('cache', cached, cached, tools, tried, signal));
  return present ?? fetchOnce(cached, tried, tools, options);
}

/** Undefined where the copy is not there or does not do; then `tried` has why. */
async function tryCopy(
  source: CliSource,
  place: string,
  path: string | undefined,
  tools: CliTools,
  tried: Attempt[],
  signal: AbortSignal | undefined,
): Promise<TemporalCli | undefined> {
  if (path === undefined || !tools.exists(path)) {
    tried.push([place, 'not there']);
    return undefined;
  }
  try {
    const version = await tools.verify(path, signal);
    if (!isTooOld(version)) return { path, source, version: version.text };
    tried.push([place, `too old: ${version.text}, and at least Server ${OLDEST_SERVER.join('.')} is needed`]);
  } catch (error) {
    signal?.throwIfAborted();
    tried.push([place, reason(error)]);
  }
  return undefined;
}

/** Gets a CLI into the cache, unless another process has just done so. */
async function fetchOnce(
  cached: string,
  tried: Attempt[],
  tools: CliTools,
  { signal, onProgress = () => {}, onNotice = () => {} }: FindCliOptions,
): Promise<TemporalCli> {
  let waited = false;
  const lock = await waitForLock(`${cached}.lock`, {
    signal,
    onWait: ({ pid }) => {
      waited = true;
      onProgress(`waiting for process ${pid}, which is getting it already`);
    },
  });
  try {
    const meanwhile = waited ? await tryCopy('cache', cached, cached, tools, [], signal) : undefined;
    if (meanwhile) return meanwhile;
    for (const { source, place, fetch, notice } of fetches(tools)) {
      try {
        onNotice(notice);
        const get = (folder: string) => fetch(CLI_VERSION, folder, onProgress, signal);
        const version = await obtainCli(cached, get, tools.verify, signal);
        return { path: cached, source, version: version.text };
      } catch (error) {
        signal?.throwIfAborted();
        tried.push([place, reason(error)]);
      }
    }
  } finally {
    lock.release();
  }
  throw notFound(tried);
}

/** The ways to get a CLI, in order. */
function fetches(tools: CliTools) {
  const size = '210 MB on the disk, once';
  return [
    {
      source: 'download',
      place: 'official download',
      fetch: tools.download,
      notice: `No Temporal CLI here yet: downloading version ${CLI_VERSION} (about 50 MB, ${size}).`,
    },
    {
      source: 'build',
      place: 'build with Go',
      fetch: tools.build,
      notice: `The download did not work: building it from source with Go (1 to 6 minutes, ${size}).`,
    },
  ] as const;
}

async function useExplicit(path: string, tools: CliTools, signal?: AbortSignal): Promise<TemporalCli> {
  try {
    if (!tools.exists(path)) throw new Error('there is no such file');
    const version = await tools.verify(path, signal);
    return { path, source: 'TEMPORAL_CLI', version: version.text };
  } catch (error) {
    signal?.throwIfAborted();
    throw new TemporalCliNotFound(
      `TEMPORAL_CLI is ${path}, which cannot be used: ${reason(error)}.\n` +
        'Correct it, or unset it to have the Temporal CLI found or fetched.',
    );
  }
}

function onPath(exe: string, env: NodeJS.ProcessEnv, tools: CliTools): string | undefined {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, exe)).find((path) => tools.exists(path));
}

function notFound(tried: readonly Attempt[]): TemporalCliNotFound {
  return new TemporalCliNotFound(
    [
      'There is no Temporal server to run on: no Temporal CLI was found, and none could be fetched. Tried, in this order:',
      '',
      '  TEMPORAL_CLI: not set',
      ...tried.map(([place, why]) => `  ${place}: ${why}`),
      '',
      'Do one of these, then run the command again:',
      '  - install the Temporal CLI so that `temporal` is on the PATH: https://docs.temporal.io/cli',
      '  - install Go, with which it is built from source in a few minutes: https://go.dev/dl',
      '  - use a Temporal server that runs elsewhere: TEMPORAL_ADDRESS=host:7233 npm start',
    ].join('\n'),
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
