import type { Payload } from '@temporalio/common';
import { EncryptionError } from '../../contract/encryption-error.js';
import type { JsonPayload, PayloadSealing } from '../../ports.js';
import type { Keyring } from './keyring.js';
import { openPayload, sealPayload, tenantOfPayload } from './payload-codec.js';

/** The `PayloadSealing` port with the keys of a ring. `onProblem` hears of each payload that cannot be opened. */
export function createPayloadSealing(keyring: Keyring, onProblem: (error: EncryptionError) => void): PayloadSealing {
  return {
    encode: (tenant, payloads) => payloads.map((payload) => toJson(sealPayload(keyring, tenant, fromJson(payload)))),
    decode: (tenant, payloads) =>
      payloads.map((payload) => {
        const sealed = fromJson(payload);
        if (tenantOfPayload(sealed) !== tenant) return payload;
        try {
          return toJson(openPayload(keyring, tenant, sealed));
        } catch (error) {
          if (!(error instanceof EncryptionError)) throw error;
          onProblem(error);
          return payload;
        }
      }),
  };
}

function fromJson({ metadata = {}, data = '' }: JsonPayload): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)] as const);
  return { metadata: Object.fromEntries(entries), data: base64(data ?? new Uint8Array()) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
