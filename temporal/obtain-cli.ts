import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CliVersion } from './verify-cli.js';

const PART = 'part-';
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Gets a CLI into the cache: `fetch` puts it into an empty folder beside its place and returns its path there, it is tried, and only then
 * renamed into place. Several processes may do this at once; whoever is last wins, and all of them have a whole file.
 * @throws whatever `fetch` throws, or why the result does not work
 */
export async function obtainCli(
  target: string,
  fetch: (folder: string) => Promise<string>,
  verify: (path: string, signal?: AbortSignal) => Promise<CliVersion>,
  signal?: AbortSignal,
): Promise<CliVersion> {
  const home = dirname(target);
  await mkdir(home, { recursive: true });
  await removeLeftovers(home);
  const folder = await mkdtemp(join(home, PART));
  try {
    const path = await fetch(folder);
    const version = await verify(path, signal);
    await rename(path, target);
    return version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders of attempts that were killed. One that may still be in use is younger than a day. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name);
    const info = name.startsWith(PART) ? await stat(path).catch(() => undefined) : undefined;
    if (info && Date.now() - info.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
