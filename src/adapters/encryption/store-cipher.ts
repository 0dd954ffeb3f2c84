import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { EncryptionError } from '../../contract/encryption-error.js';
import type { StoreCipher } from '../../ports.js';
import { decrypt, encrypt } from './aes.js';
import type { Keyring } from './keyring.js';

/** What a sealed text begins with. Nothing that is kept plain does: it is JSON, or a secret of a known form. */
const SEALED = 'enc1:';

/** Version of the bytes: this, the length of the key's id, the id, what `encrypt` made. */
const VERSION = 1;

/** Longest id of a key, in bytes. */
const MAX_ID_BYTES = 64;

/** So much of what is kept says which key it is sealed with: bytes of sealed bytes, characters of a sealed text. */
export const HEAD_BYTES = 2 + MAX_ID_BYTES;
export const HEAD_CHARS = SEALED.length + 4 * Math.ceil(HEAD_BYTES / 3);

/**
 * The id of the key that something kept is sealed with, by its beginning; undefined where it lies plain, as empty bytes do. `?`:
 * of a version that is not known.
 */
export function keyIdOf(head: string | Uint8Array): string | undefined {
  if (typeof head === 'string' ? !head.startsWith(SEALED) : head.length === 0) return undefined;
  const bytes = typeof head === 'string' ? Buffer.from(head.slice(SEALED.length), 'base64') : head;
  const [version, idLength = 0] = bytes;
  if (version !== VERSION) return '?';
  return Buffer.from(bytes.subarray(2, 2 + idLength)).toString('utf8');
}

/**
 * The `StoreCipher` port with the keys of a ring. Digests are made with the ring's last key, the oldest, so that a new key before it
 * changes none of them.
 */
export function createStoreCipher(keyring: Keyring): StoreCipher {
  const keyed = (keyId: string, tenant: string, texts: readonly string[]) =>
    hexOf(createHmac('sha256', keyring.key(keyId, 'digest', tenant)), texts);
  const plain = (texts: readonly string[]) => hexOf(createHash('sha256'), texts);
  const cipher: StoreCipher = {
    seal(tenant, kind, text) {
      const sealed = cipher.sealBytes(tenant, kind, Buffer.from(text, 'utf8'));
      return sealed ? SEALED + sealed.toString('base64') : text;
    },
    open: (tenant, kind, kept) =>
      cipher.isSealed(kept)
        ? cipher.openBytes(tenant, kind, Buffer.from(kept.slice(SEALED.length), 'base64')).toString('utf8')
        : kept,
    isSealed: (kept) => kept.startsWith(SEALED),
    sealBytes(tenant, kind, bytes) {
      const keyId = keyring.active;
      if (keyId === undefined) return undefined;
      const id = Buffer.from(keyId, 'utf8');
      return Buffer.concat([Buffer.of(VERSION, id.length), id, encrypt(keyring, keyId, placeOf(tenant, kind), bytes)]);
    },
    openBytes(tenant, kind, kept) {
      const [version, idLength = 0] = kept;
      if (version !== VERSION) throw EncryptionError.notAuthentic('?');
      const keyId = Buffer.from(kept.subarray(2, 2 + idLength)).toString('utf8');
      return decrypt(keyring, keyId, placeOf(tenant, kind), kept.subarray(2 + idLength));
    },
    digest(tenant, ...texts) {
      const oldest = keyring.ids.at(-1);
      return oldest === undefined ? plain(texts) : keyed(oldest, tenant, texts);
    },
    digests: (tenant, ...texts) => [...keyring.ids.reverse().map((keyId) => keyed(keyId, tenant, texts)), plain(texts)],
  };
  return cipher;
}

function placeOf(tenant: string, kind: string) {
  return { use: 'store', tenant, kind } as const;
}

/** Of texts, each with its length before it, so that no two lists look alike. One text: of its UTF-8 alone. */
function hexOf(hash: Hash | Hmac, [first = '', ...more]: readonly string[]): string {
  hash.update(first, 'utf8');
  for (const text of more) hash.update(`\n${text.length}\n`).update(text, 'utf8');
  return hash.digest('hex');
}
