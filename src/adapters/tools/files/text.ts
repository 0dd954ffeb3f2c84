import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';

/** Largest file that is read or searched, in bytes. */
export const MAX_FILE_BYTES = 5_000_000;

const CHUNK_BYTES = 256 * 1024;

/** What a file turned out to be. */
export type FileText = { text: string } | { problem: 'binary' | 'too large' };

/**
 * A file's text. What is read is counted, whatever size the file says it has: files of the system say 0, and files grow.
 * Binary: a NUL in it, or no UTF-8.
 */
export async function readText(file: FileHandle, signal: AbortSignal): Promise<FileText> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    size += bytesRead;
    if (size > MAX_FILE_BYTES) return { problem: 'too large' };
    const chunk = buffer.subarray(0, bytesRead);
    if (chunk.includes(0)) return { problem: 'binary' };
    chunks.push(chunk);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return { problem: 'binary' };
  }
}
