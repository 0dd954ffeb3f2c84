import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CliError, type CliDeps, type Terminal } from './cli/command.js';
import type { KnownStack } from './doctor.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_URL = 'http://127.0.0.1:8000';

/** Where the service is: `CREW_URL`, else the stack that `npm start` runs here, else the default address. */
export function serviceOf(env: NodeJS.ProcessEnv): CliDeps['service'] {
  if (env['CREW_URL']) return { url: env['CREW_URL'], from: 'CREW_URL' };
  const stack = stackOf(env);
  return stack?.api === undefined ? { url: DEFAULT_URL, from: 'the default' } : { url: stack.api, from: 'npm start' };
}

/** What the running stack says of itself, where there is one. */
export function stackOf(env: NodeJS.ProcessEnv): (KnownStack & { api?: string }) | undefined {
  try {
    const file = join(resolve(ROOT, env['AOS_DATA_DIR'] ?? '.data'), 'stack.json');
    return JSON.parse(readFileSync(file, 'utf8')) as KnownStack & { api?: string };
  } catch {
    return undefined;
  }
}

/** The terminal, and whether colours may go to it. NO_COLOR and FORCE_COLOR have the last word. */
export function terminalOf(env: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  const coloured = (stream: NodeJS.WriteStream) => {
    if (env['NO_COLOR']) return false;
    if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
    return stream.isTTY === true && env['TERM'] !== 'dumb';
  };
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true && env['TERM'] !== 'dumb',
    outIsTerminal: stdout.isTTY === true,
    colours: { out: coloured(stdout), err: coloured(stderr) },
    columns: () => stderr.columns ?? 100,
    input: stdin,
    output: stderr,
  };
}

/** The name that decisions carry: `CREW_USER`, else the account's. */
export function userOf(env: NodeJS.ProcessEnv): string {
  if (env['CREW_USER']) return env['CREW_USER'];
  try {
    return userInfo().username || 'anonymous';
  } catch {
    return 'anonymous';
  }
}

/** A file's text, or with `-` all of standard input. @throws CliError */
export async function readText(path: string): Promise<string> {
  if (path === '-') return textOf(process.stdin);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
}

/** Opens a text in the person's editor, and gives it as they left it. @throws CliError */
export function editorOf(env: NodeJS.ProcessEnv): CliDeps['edit'] {
  return async (text, extension) => {
    const editor = env['VISUAL'] || env['EDITOR'];
    if (!editor) throw new CliError('Set VISUAL or EDITOR to your editor, or give the text with --file');
    const folder = mkdtempSync(join(tmpdir(), 'crew-'));
    try {
      const file = join(folder, `edit.${extension}`);
      writeFileSync(file, text);
      // Editors are set with arguments, and with quotes, as a shell reads them.
      const child = spawn(`${editor} "$CREW_EDIT_FILE"`, {
        shell: true,
        stdio: 'inherit',
        env: { ...env, CREW_EDIT_FILE: file },
      });
      const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('exit', done));
      if (code !== 0) throw new CliError(`The editor (${editor}) ended with ${code}: nothing was decided`);
      return readFileSync(file, 'utf8');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Calls back on Ctrl-C, and on being told to end, until what it gives is called. */
export function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}

/** A reader that has gone, such as `head`, is no error. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // As others end that write into a pipe nobody reads, without the signal.
      process.exit(0);
    });
}
