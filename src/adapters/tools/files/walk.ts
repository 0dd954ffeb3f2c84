import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ToolCallError } from '../../../contract/tool-error.js';
import { asToolError, type FilesRoot } from './root.js';

/** Folders that are full of what nobody wrote. */
const SKIPPED = ['.git', 'node_modules'];
const MAX_DEPTH = 30;
/** Entries that one call looks at. */
const MAX_ENTRIES = 20_000;

/** A file or folder under the root. */
export interface Entry {
  /** Relative to the root, with `/`. */
  path: string;
  kind: 'file' | 'folder';
  /** Bytes, of a file. */
  size: number;
}

/**
 * What lies in a folder, in the order of names; with `recursive` all below it, but `.git` and `node_modules`. A link is what
 * it leads to, where that is inside; links to folders are shown and not entered, so that there are no circles.
 * @throws ToolCallError
 */
export async function* walk(
  root: FilesRoot,
  path: string,
  { recursive, signal }: { recursive: boolean; signal: AbortSignal },
): AsyncGenerator<Entry> {
  const base = await root.resolve('.');
  const start = await root.resolve(path);
  let looked = 0;

  async function* inside(folder: string, depth: number): AsyncGenerator<Entry> {
    for (const dirent of await entriesOf(folder, root.shown(base, folder))) {
      signal.throwIfAborted();
      if (++looked > MAX_ENTRIES) {
        throw new ToolCallError('failed', `There are more than ${MAX_ENTRIES} files; name a folder further down`);
      }
      // So that other work gets its turn, and a signal is heard.
      if (looked % 500 === 0) await setImmediate();
      const real = join(folder, dirent.name);
      const shown = root.shown(base, real);
      const entry = await entryOf(root, real, shown);
      if (!entry) continue;
      yield entry;
      const enter = recursive && dirent.isDirectory() && depth < MAX_DEPTH && !SKIPPED.includes(dirent.name);
      if (enter) yield* inside(real, depth + 1);
    }
  }
  yield* inside(start, 0);
}

async function entriesOf(folder: string, shown: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      throw new ToolCallError('failed', `${shown} is a file, no folder; read_file reads it`);
    }
    throw asToolError(error, shown);
  }
}

/** Undefined for what is gone, leads out or is neither file nor folder. */
async function entryOf(root: FilesRoot, real: string, path: string): Promise<Entry | undefined> {
  try {
    const own = await lstat(real);
    const stats = own.isSymbolicLink() ? await lstat(await root.resolve(path)) : own;
    if (stats.isDirectory()) return { path, kind: 'folder', size: 0 };
    return stats.isFile() ? { path, kind: 'file', size: stats.size } : undefined;
  } catch {
    return undefined;
  }
}
