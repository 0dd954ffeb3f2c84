/**
 * What the store does with texts before they are kept, and with digests by which they are found. With no keys configured it leaves
 * both as they are. What `kind` says goes into the authenticated data with the tenant: a text that is put into another tenant's
 * row, or another kind's, does not open there. Methods that open throw an `EncryptionError`.
 */
export interface StoreCipher {
  /** A text as it is kept in a text column. `kind`: what it is (`webhook-secret`), and where it belongs, if that is known. */
  seal(tenant: string, kind: string, text: string): string;
  /** The text again. One that was kept before there were keys is given as it is. */
  open(tenant: string, kind: string, kept: string): string;
  /** Whether a kept text is a sealed one. */
  isSealed(kept: string): boolean;
  /** Bytes as they are kept; undefined where there are no keys, and they are kept as they are. */
  sealBytes(tenant: string, kind: string, bytes: Uint8Array): Buffer | undefined;
  /** What `sealBytes` made, as it was before. */
  openBytes(tenant: string, kind: string, kept: Uint8Array): Buffer;
  /**
   * The digest (64 hexadecimal digits) by which a list of texts is found: keyed, a key each tenant, so that nobody without the keys
   * can tell what it is of. With no keys SHA-256.
   */
  digest(tenant: string, ...texts: [string, ...string[]]): string;
  /** The same under each key that could have been used, and without one: for finding what was kept before. */
  digests(tenant: string, ...texts: [string, ...string[]]): string[];
}

/** A payload in the JSON form of Temporal's codec servers: values are base64. */
export interface JsonPayload {
  metadata?: Record<string, string> | undefined;
  data?: string | undefined;
}

/** Payloads of one tenant for Temporal's UI and CLI. */
export interface PayloadSealing {
  /** As they are stored. */
  encode(tenant: string, payloads: readonly JsonPayload[]): JsonPayload[];
  /** As they were. Those of another tenant, and those that cannot be opened, are given as they are. */
  decode(tenant: string, payloads: readonly JsonPayload[]): JsonPayload[];
}
