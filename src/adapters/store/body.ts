import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** How a body is kept. */
const PLAIN = 0;
const GZIP = 1;

/** From this size on compressing is worth its time, in bytes. */
const GZIP_FROM_BYTES = 1_024;

/** A text as it lies in a row. */
export interface Body {
  body: Buffer;
  encoding: number;
}

/** The text's bytes (UTF-8; half a surrogate pair becomes U+FFFD, as it has none), compressed where that makes them fewer. */
export function toBody(text: string): Body {
  const plain = Buffer.from(text, 'utf8');
  if (plain.length < GZIP_FROM_BYTES) return { body: plain, encoding: PLAIN };
  const zipped = gzipSync(plain, { level: 3 });
  return zipped.length < plain.length ? { body: zipped, encoding: GZIP } : { body: plain, encoding: PLAIN };
}

export function fromBody({ body, encoding }: Body): string {
  return (encoding === GZIP ? gunzipSync(body) : body).toString('utf8');
}

/** SHA-256 (hex) of texts, each with its length before it, so that no two lists look alike. One text: of its UTF-8 alone. */
export function digestOf(first: string, ...more: string[]): string {
  const hash = createHash('sha256').update(first, 'utf8');
  for (const text of more) hash.update(`\n${text.length}\n`).update(text, 'utf8');
  return hash.digest('hex');
}
