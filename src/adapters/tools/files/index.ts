import { z } from 'zod';
import { defineTool, type Tool } from '../../../authoring/define.js';
import { ToolCallError } from '../../../contract/tool-error.js';
import { fitsGlob } from './glob.js';
import { FilesRoot } from './root.js';
import { search } from './search.js';
import { MAX_FILE_BYTES, readText } from './text.js';
import { walk } from './walk.js';

const MAX_SHOWN_CHARS = 50_000;
const MAX_LISTED = 500;
const TIMEOUT_MS = 30_000;

const path = (what: string) => z.string().max(1_000).describe(what);
const pattern = z
  .string()
  .max(200)
  .optional()
  .describe('Only files whose path fits: *.md, reports/*.csv, src/**/*.ts. Left out: all.');
const count = (max: number) => z.int().min(1).max(max);

/** `read_file`, `list_files`, `search_files`, under the operator's folder. */
export function fileTools(folder: string): Tool[] {
  const root = new FilesRoot(folder);
  return [readFileTool(root), listFilesTool(root), searchFilesTool(root)];
}

function readFileTool(root: FilesRoot) {
  return defineTool({
    name: 'read_file',
    description: 'Reads a text file and gives its lines. Use list_files or search_files to find the path.',
    input: z.object({
      path: path('The file, for example notes/today.txt'),
      start_line: count(10_000_000).default(1).describe('The first line to read. Left out: 1.'),
      max_lines: count(5_000).default(500).describe('Lines to read at most. Left out: 500.'),
    }),
    timeoutMs: TIMEOUT_MS,
    idempotent: true,
    async run(input, { signal }) {
      const file = await root.open(input.path);
      try {
        const read = await readText(file, signal);
        if ('text' in read) return linesOf(read.text, input.start_line, input.max_lines);
        const why = read.problem === 'binary' ? 'is no text file' : `is larger than ${MAX_FILE_BYTES} bytes`;
        throw new ToolCallError('failed', `${input.path} ${why}`);
      } finally {
        await file.close();
      }
    },
  });
}

function linesOf(text: string, start: number, most: number): string {
  if (text === '') return '[The file is empty.]';
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (start > lines.length) {
    throw new ToolCallError('invalid_arguments', `start_line: the file has ${lines.length} lines`);
  }
  const shown: string[] = [];
  let chars = 0;
  for (const line of lines.slice(start - 1, start - 1 + most)) {
    if (chars + line.length > MAX_SHOWN_CHARS && shown.length > 0) break;
    shown.push(line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)} [line cut]` : line);
    chars += line.length + 1;
  }
  const last = start + shown.length - 1;
  const rest = last < lines.length ? ` Read on with start_line: ${last + 1}.` : '';
  const note = start === 1 && rest === '' ? '' : `\n[Lines ${start} to ${last} of ${lines.length}.${rest}]`;
  return shown.join('\n') + note;
}

function listFilesTool(root: FilesRoot) {
  return defineTool({
    name: 'list_files',
    description: 'Lists the files and folders in a folder. Folders end with /; files have their size in bytes.',
    input: z.object({
      path: path('The folder. Left out: the topmost.').default('.'),
      recursive: z.boolean().default(false).describe('true: also what lies in folders below.'),
      pattern,
    }),
    timeoutMs: TIMEOUT_MS,
    idempotent: true,
    async run(input, { signal }) {
      const lines: string[] = [];
      for await (const entry of walk(root, input.path.trim() || '.', { recursive: input.recursive, signal })) {
        if (input.pattern && (entry.kind === 'folder' || !fitsGlob(entry.path, input.pattern))) continue;
        if (lines.length === MAX_LISTED) {
          lines.push(`[There are more than ${MAX_LISTED}: name a folder or a pattern.]`);
          break;
        }
        lines.push(entry.kind === 'folder' ? `${entry.path}/` : `${entry.path} (${entry.size} bytes)`);
      }
      return lines.join('\n') || '[There are no files.]';
    },
  });
}

function searchFilesTool(root: FilesRoot) {
  return defineTool({
    name: 'search_files',
    description: 'Finds the lines of text files that contain a text. Gives path:line: text for each.',
    input: z.object({
      text: z.string().min(1).max(500).describe('The text to find, as it stands in a line. No pattern.'),
      path: path('The folder or file to search in. Left out: everywhere.').default('.'),
      pattern,
      match_case: z.boolean().default(false).describe('true: upper and lower case must be the same.'),
      max_results: count(200).default(50).describe('Lines to give at most. Left out: 50.'),
    }),
    timeoutMs: TIMEOUT_MS,
    idempotent: true,
    run: ({ text, path: start, pattern: glob, match_case: matchCase, max_results: most }, { signal }) =>
      search(root, { text, path: start.trim() || '.', matchCase, most, ...(glob && { glob }) }, signal),
  });
}
