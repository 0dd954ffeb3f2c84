import { gunzipSync, gzipSync } from 'node:zlib';
import type { StoreCipher } from '../../ports.js';
import { HEAD_BYTES } from '../encryption/store-cipher.js';

/** How a body is kept: bits. */
const GZIP = 1;
const SEALED = 2;

/** From this size on compressing is worth its time, in bytes. */
const GZIP_FROM_BYTES = 1_024;

/** A text as it lies in a row. */
export interface Body {
  body: Buffer;
  encoding: number;
}

/** Whose a body is, and of what row: it does not open in another. */
export interface Owner {
  cipher: StoreCipher;
  tenant: string;
  kind: string;
}

/**
 * The text's bytes (UTF-8; half a surrogate pair becomes U+FFFD, as it has none), compressed where that makes them fewer, then
 * encrypted where there are keys.
 */
export function toBody(text: string, { cipher, tenant, kind }: Owner): Body {
  const { body, encoding } = compressed(text);
  const sealed = cipher.sealBytes(tenant, kind, body);
  return sealed ? { body: sealed, encoding: encoding | SEALED } : { body, encoding };
}

/** @throws EncryptionError */
export function fromBody({ body, encoding }: Body, { cipher, tenant, kind }: Owner): string {
  const opened = encoding & SEALED ? cipher.openBytes(tenant, kind, body) : body;
  return (encoding & GZIP ? gunzipSync(opened) : opened).toString('utf8');
}

/** The same body in the same row, sealed once more: as `writer` does it. @throws EncryptionError */
export function resealed({ body, encoding }: Body, { cipher, tenant, kind }: Owner, writer: StoreCipher): Body {
  const opened = encoding & SEALED ? cipher.openBytes(tenant, kind, body) : body;
  const sealed = writer.sealBytes(tenant, kind, opened);
  return sealed ? { body: sealed, encoding: encoding | SEALED } : { body: opened, encoding: encoding & ~SEALED };
}

/** In SQL: the beginning of a sealed body, which says which key it is sealed with; empty where it lies plain. */
export const BODY_HEAD = `CASE WHEN encoding & ${SEALED} <> 0 THEN substring(body FROM 1 FOR ${HEAD_BYTES}) ELSE ''::bytea END`;

function compressed(text: string): Body {
  const plain = Buffer.from(text, 'utf8');
  if (plain.length < GZIP_FROM_BYTES) return { body: plain, encoding: 0 };
  const zipped = gzipSync(plain, { level: 3 });
  return zipped.length < plain.length ? { body: zipped, encoding: GZIP } : { body: plain, encoding: 0 };
}
