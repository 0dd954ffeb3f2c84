import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The part of the global `fetch` that a download needs. */
export type Fetch = (url: string, init: { signal: AbortSignal; redirect: 'follow' }) => Promise<Response>;

export interface Download {
  url: string;
  target: string;
  /** Expected size; anything longer is cut off as wrong. */
  bytes: number;
  onBytes: (bytes: number, totalBytes: number) => void;
  signal: AbortSignal;
  /** Until the answer begins. Short, so that a machine behind a firewall moves on. */
  answerTimeoutMs?: number;
  /** Longest silence in the middle of the body. */
  idleTimeoutMs?: number;
  fetch?: Fetch;
}

/**
 * Downloads a URL into a file.
 * @throws Error that says in a few words why it did not work.
 */
export async function downloadFile(download: Download): Promise<void> {
  const { url, target, bytes, onBytes, signal, answerTimeoutMs = 5_000, idleTimeoutMs = 20_000 } = download;
  const { fetch = globalThis.fetch } = download;
  const silence = new Silence(answerTimeoutMs, `no answer within ${answerTimeoutMs / 1000} s`);
  try {
    const abort = AbortSignal.any([signal, silence.signal]);
    const response = await fetch(url, { signal: abort, redirect: 'follow' });
    if (!response.ok || !response.body) throw new Error(`answered ${response.status} ${response.statusText}`.trim());
    silence.reset(idleTimeoutMs, `silent for ${idleTimeoutMs / 1000} s`);
    let received = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        silence.reset(idleTimeoutMs, `silent for ${idleTimeoutMs / 1000} s`);
        received += chunk.length;
        if (received > bytes) return done(new Error(`longer than the expected ${bytes} bytes`));
        onBytes(received, bytes);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(target), { signal: abort });
  } catch (error) {
    throw new Error(silence.reason ?? inWords(error), { cause: error });
  } finally {
    silence.stop();
  }
}

/** Aborts when nothing was heard for too long. */
class Silence {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  reason: string | undefined;

  constructor(timeoutMs: number, reason: string) {
    this.reset(timeoutMs, reason);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(timeoutMs: number, reason: string): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.reason = reason;
      this.#controller.abort();
    }, timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** `fetch failed` says nothing; its cause does. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? `${cause.code} ${cause.message}`.trim() : cause.message;
}
