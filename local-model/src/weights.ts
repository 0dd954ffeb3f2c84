import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file of weights, known to the byte. */
export interface Weights {
  /** What people call it. */
  name: string;
  file: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** SmolLM2-135M-Instruct in 4 bits. By Hugging Face, Apache-2.0; quantized by QuantFactory. */
export const SMOLLM2: Weights = {
  name: 'SmolLM2-135M-Instruct',
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
};

/** Somewhere to get the weights from. */
export interface WeightsSource {
  /** As in "downloading from <label>". */
  label: string;
  /** Size of the download. */
  bytes: number;
  /** Writes the weights to the file `target`, or throws. `onBytes` is told how many bytes are there so far. */
  fetch(target: string, onBytes: (bytes: number, totalBytes: number) => void, signal: AbortSignal): Promise<void>;
}

/** How far a download has come. `bytes` and `totalBytes` are absent where only words are known. */
export interface WeightsProgress {
  text: string;
  bytes?: number;
  totalBytes?: number;
}

export interface WeightsRequest {
  weights: Weights;
  /** The person's own file, which wins over everything. */
  modelPath?: string;
  /** Where a download is kept for the next start. */
  cacheDir: string;
  /** In the order to try. */
  sources: readonly WeightsSource[];
  onProgress: (progress: WeightsProgress) => void;
  signal: AbortSignal;
}

const STALE_PART_MS = 24 * 60 * 60 * 1000;

/**
 * Path of a weights file that can be loaded: the person's own, the cached one, or a fresh download.
 * Two processes may do this at once: each downloads into a file of its own and renames it into place when it is whole.
 * @throws Error with one message for a person: what was tried and what to do.
 */
export async function findWeights(request: WeightsRequest): Promise<string> {
  const { weights, modelPath, cacheDir, onProgress } = request;
  if (modelPath !== undefined) return ownFile(modelPath);

  const target = join(cacheDir, weights.file);
  const cached = await mismatch(target, weights);
  if (cached === undefined) return target;
  if (cached !== 'absent') onProgress({ text: `${target} is damaged (${cached}); fetching it again` });

  await mkdir(cacheDir, { recursive: true });
  await removeStaleParts(target);
  const failures: string[] = [];
  for (const source of request.sources) {
    try {
      await download(source, target, request);
      return target;
    } catch (error) {
      request.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`  ${source.label}: ${reason}`);
      onProgress({ text: `${source.label} did not work: ${reason}` });
    }
  }
  throw new Error(
    [
      `The demo model ${weights.name} could not be fetched. Tried:`,
      `  ${target}: ${cached}`,
      ...failures,
      `Set MODEL_PATH to a copy of ${weights.file}, or set OPENAI_API_KEY (or OPENAI_BASE_URL) to use another model.`,
    ].join('\n'),
  );
}

async function ownFile(modelPath: string): Promise<string> {
  const info = await stat(modelPath).catch(() => undefined);
  if (info?.isFile()) return modelPath;
  throw new Error(
    `MODEL_PATH is ${modelPath}, and there is no such file. Correct it, or unset it to use the demo model.`,
  );
}

async function download(source: WeightsSource, target: string, request: WeightsRequest): Promise<void> {
  const { weights, onProgress, signal } = request;
  onProgress({ text: `downloading ${weights.name}, ${megabytes(source.bytes)} MB, once, from ${source.label}` });
  const part = `${target}.${randomUUID()}.part`;
  const report = throttled((bytes: number, totalBytes: number) => {
    const text = `${weights.name}: ${megabytes(bytes)} of ${megabytes(totalBytes)} MB`;
    onProgress({ text, bytes, totalBytes });
  });
  try {
    await source.fetch(part, report, signal);
    const wrong = await mismatch(part, weights);
    if (wrong !== undefined) throw new Error(`what came is not the expected file (${wrong})`);
    await moveIntoPlace(part, target, weights);
  } finally {
    await rm(part, { force: true });
  }
}

async function moveIntoPlace(part: string, target: string, weights: Weights): Promise<void> {
  try {
    await rename(part, target);
  } catch (error) {
    // Windows refuses to replace a file that another process has loaded; if that one is whole, all is well.
    if ((await mismatch(target, weights)) !== undefined) throw error;
  }
}

/** Why the file is not these weights; undefined when it is. Hashing takes about a third of a second at each start. */
async function mismatch(path: string, weights: Weights): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 'absent';
  if (info.size !== weights.bytes) return `${info.size} bytes instead of ${weights.bytes}`;
  const sha256 = await hashFile(path);
  return sha256 === weights.sha256 ? undefined : `sha256 ${sha256} instead of ${weights.sha256}`;
}

/** SHA-256 of a file, in lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Parts of downloads that were killed stay behind; a day later nobody is writing them any more. */
async function removeStaleParts(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(target)}.`)) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > STALE_PART_MS) await rm(path, { recursive: true, force: true });
  }
}

function throttled(report: (bytes: number, totalBytes: number) => void): (bytes: number, totalBytes: number) => void {
  let last = 0;
  return (bytes, totalBytes) => {
    const now = Date.now();
    if (now - last < 500 && bytes < totalBytes) return;
    last = now;
    report(bytes, totalBytes);
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}
