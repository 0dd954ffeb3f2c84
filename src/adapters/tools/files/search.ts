import { stat } from 'node:fs/promises';
import { isToolCallError } from '../../../contract/tool-error.js';
import { fitsGlob } from './glob.js';
import type { FilesRoot } from './root.js';
import { MAX_FILE_BYTES, readText } from './text.js';
import { walk, type Entry } from './walk.js';

/** Bytes that one call searches. */
const MAX_SEARCHED_BYTES = 50_000_000;
const MAX_LINE_CHARS = 300;

/** What to look for, and where. */
export interface Search {
  text: string;
  path: string;
  glob?: string;
  matchCase: boolean;
  /** Lines to give at most. */
  most: number;
}

/** The lines that hold the text, as `path:line: text`, and what was left out. @throws ToolCallError */
export async function search(root: FilesRoot, wanted: Search, signal: AbortSignal): Promise<string> {
  const found: string[] = [];
  let [files, bytes] = [0, 0];
  for await (const { path, size } of filesOf(root, wanted, signal)) {
    if (size > MAX_FILE_BYTES) continue;
    if (bytes + size > MAX_SEARCHED_BYTES) {
      found.push(`[Stopped after ${files} files: there is more to search; name a folder or a pattern.]`);
      return found.join('\n');
    }
    const text = await textOf(root, path, signal);
    if (text === undefined) continue;
    files++;
    bytes += size;
    for (const line of hits(text, wanted)) {
      if (found.length === wanted.most) {
        found.push(`[There are more: name a folder, a pattern or a longer text.]`);
        return found.join('\n');
      }
      found.push(`${path}:${line}`);
    }
  }
  return found.join('\n') || `[No line contains it. Files searched: ${files}.]`;
}

async function* filesOf(
  root: FilesRoot,
  { path, glob }: Search,
  signal: AbortSignal,
): AsyncGenerator<Pick<Entry, 'path' | 'size'>> {
  const stats = await stat(await root.resolve(path));
  if (stats.isFile()) {
    yield { path, size: stats.size };
    return;
  }
  for await (const entry of walk(root, path, { recursive: true, signal })) {
    if (entry.kind === 'file' && (glob === undefined || fitsGlob(entry.path, glob))) yield entry;
  }
}

/** Undefined for what is no text, or may not be read: there is more to search. */
async function textOf(root: FilesRoot, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const file = await root.open(path);
    try {
      const read = await readText(file, signal);
      return 'text' in read ? read.text : undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isToolCallError(error)) return undefined;
    throw error;
  }
}

function* hits(text: string, { text: wanted, matchCase }: Search): Generator<string> {
  const folded = (line: string) => (matchCase ? line : line.toLowerCase());
  const needle = folded(wanted);
  if (!folded(text).includes(needle)) return;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const column = folded(line).indexOf(needle);
    if (column < 0) continue;
    // Of a long line the part around the hit.
    const start = line.length <= MAX_LINE_CHARS ? 0 : Math.max(0, column - MAX_LINE_CHARS / 3);
    yield `${at + 1}: ${line.slice(start, start + MAX_LINE_CHARS).trim()}`;
  }
}
