import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTethered } from '../scripts/lib/run-tethered.mjs';
import { formatMegabytes } from '../scripts/lib/terminal.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRIPT = fileURLToPath(new URL('./sdk-download.ts', import.meta.url));
const LOOK_EVERY_MS = 250;

/** How long to wait for the download to begin, and for more of it. A firewall that drops packets would hold it for minutes. */
export interface Patience {
  beginMs: number;
  silenceMs: number;
}

const PATIENCE: Patience = { beginMs: 15_000, silenceMs: 30_000 };

/** What the download runs; a seam for tests. */
export type DownloadCommand = (version: string, folder: string) => readonly string[];

const sdkDownload: DownloadCommand = (version, folder) => ['--import', 'tsx', SCRIPT, version, folder];

/**
 * Has the Temporal SDK download the official CLI into `folder`; returns the program's path.
 * @throws Error that says in a few words why it did not work
 */
export async function downloadCli(
  version: string,
  folder: string,
  onProgress: (text: string) => void,
  signal?: AbortSignal,
  { patience = PATIENCE, command = sdkDownload }: { patience?: Patience; command?: DownloadCommand } = {},
): Promise<string> {
  onProgress('asking temporal.download for the official build');
  const giveUp = new AbortController();
  const watch = watchGrowth(folder, patience, onProgress, giveUp);
  try {
    const either = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
    const result = await runTethered(process.execPath, command(`v${version}`, folder), { cwd: ROOT, signal: either });
    const [file] = await programsIn(folder);
    // The server that the SDK starts afterwards does not matter: the caller tries the program itself.
    if (file !== undefined) return file;
    throw new Error(reasonIn(result.lines));
  } finally {
    clearInterval(watch);
  }
}

function watchGrowth(
  folder: string,
  { beginMs, silenceMs }: Patience,
  onProgress: (text: string) => void,
  giveUp: AbortController,
): NodeJS.Timeout {
  let size = -1;
  let grewAt = Date.now();
  const look = async () => {
    const now = await bytesIn(folder);
    if (now !== size && now > 0) {
      size = now;
      grewAt = Date.now();
      onProgress(`downloading the official build, about 50 MB, once: ${formatMegabytes(now)} unpacked`);
    }
    const silent = Date.now() - grewAt;
    if (silent <= (size > 0 ? silenceMs : beginMs)) return;
    const why =
      size > 0
        ? `the download stood still for ${silenceMs / 1000} s`
        : `temporal.download: no answer within ${beginMs / 1000} s`;
    giveUp.abort(new Error(why));
  };
  return setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
}

async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder)) sum += (await stat(join(folder, name))).size;
  return sum;
}

async function programsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /^temporal-/.test(name) && !name.endsWith('.downloading'))
    .map((name) => join(folder, name));
}

/** The SDK prints a stack and a chain of causes; people need the innermost one. */
function reasonIn(lines: readonly string[]): string {
  const text = lines.join(' ').replace(/\s+/g, ' ');
  if (/dns|resolve/i.test(text)) return 'temporal.download: the name cannot be resolved';
  if (/error sending request|connect/i.test(text)) return 'temporal.download cannot be reached';
  const status = /HTTP status [^(]*\((\d+ [^)]+)\)/i.exec(text)?.[1];
  if (status !== undefined) return `temporal.download answered ${status}`;
  const error = lines.find((line) => /error/i.test(line))?.trim();
  return `the SDK could not download it${error === undefined ? '' : `: ${error}`}`;
}
