import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const TEXT_TYPES =
  /^(text\/.*|application\/(json|.*\+json|xml|.*\+xml|javascript|ecmascript|x-javascript|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|yaml|x-yaml|toml|graphql|sql))$/;

/** Bytes at the start that tell a text from something else where the server does not say what it sends. */
const SNIFFED_BYTES = 1_024;

/** What was read of a body. */
export interface ReadBody {
  bytes: Buffer;
  /** True: there is more than was read. */
  cut: boolean;
}

/**
 * Reads at most `maxBytes` of a body, decompressed. Counted is what comes out, piece by piece: a small body that unpacks to
 * a huge one is cut like any other.
 * @throws Error where it is packed in a way that we do not know, or broken
 */
export async function readBody(body: Readable, encoding: string, maxBytes: number): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Let go of before its end, a body says so as an error.
  body.on('error', () => undefined);
  const unpacked = unpack(body, encoding);
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
      if (size > maxBytes) return { bytes: Buffer.concat(chunks), cut: true };
    }
  } finally {
    body.destroy();
  }
  return { bytes: Buffer.concat(chunks), cut: false };
}

function unpack(body: Readable, encoding: string): Readable {
  const unpacker = unpackerOf(encoding.trim().toLowerCase());
  if (!unpacker) return body;
  body.on('error', (error) => unpacker.destroy(error));
  unpacker.on('close', () => body.destroy());
  return body.pipe(unpacker);
}

function unpackerOf(encoding: string) {
  switch (encoding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new Error(`the answer is packed as '${encoding.slice(0, 40)}', which is not known here`);
  }
}

/** `application/json` of `application/json; charset=utf-8`. */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether it can be shown as text, by what the server says it is. Undefined: it does not say. */
export function isText(contentType: string): boolean | undefined {
  const type = mediaType(contentType);
  return type === '' ? undefined : TEXT_TYPES.test(type);
}

/** Whether it looks like text: there is no NUL at its start. */
export function looksLikeText(bytes: Buffer): boolean {
  return !bytes.subarray(0, SNIFFED_BYTES).includes(0);
}

/** The bytes as text, in the charset that the server names. A character that the cut went through is left out. */
export function decoded({ bytes, cut }: ReadBody, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  return decoderOf(charset).decode(bytes, { stream: cut });
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
