import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EncryptionError } from '../../contract/encryption-error.js';
import type { Keyring, KeyUse } from './keyring.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a secret belongs: it does not open anywhere else. */
export interface Place {
  use: KeyUse;
  tenant: string;
  /** What it is, and where it lies; empty where that may change. */
  kind: string;
}

/** Encrypts with one key of the ring: nonce, what was encrypted, tag. */
export function encrypt(keyring: Keyring, keyId: string, place: Place, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyring.key(keyId, place.use, place.tenant), nonce);
  cipher.setAAD(authenticated(keyId, place));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The opposite. @throws EncryptionError */
export function decrypt(keyring: Keyring, keyId: string, place: Place, sealed: Uint8Array): Buffer {
  const key = keyring.key(keyId, place.use, place.tenant);
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw EncryptionError.notAuthentic(keyId);
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(keyId, place));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw EncryptionError.notAuthentic(keyId);
  }
}

/** No two places look alike, whatever characters they are of. */
function authenticated(keyId: string, { use, tenant, kind }: Place): Buffer {
  return Buffer.from(JSON.stringify(['crew', 1, use, tenant, kind, keyId]), 'utf8');
}
