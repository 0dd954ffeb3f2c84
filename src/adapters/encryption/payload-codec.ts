import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { EncryptionError } from '../../contract/encryption-error.js';
import { tenantInId } from '../../contract/ids.js';
import { decrypt, encrypt } from './aes.js';
import type { Keyring } from './keyring.js';

const PayloadMessage = proto.temporal.api.common.v1.Payload;

/** Metadata of a payload that is encrypted, as Temporal's samples name them; the tenant is ours. */
const ENCODING = 'encoding';
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const TENANT = 'encryption-tenant';

/** The tenant of what belongs to none: Temporal names no workflow for it. */
const NO_TENANT = '';

/**
 * Encrypts the payloads of Temporal: arguments, results, memos, summaries, details of failures. The tenant, which is in the id of
 * the workflow that a payload belongs to, is authenticated: what is put into a workflow of another tenant does not open there.
 * Payloads from before there were keys pass. `onProblem` hears of each that cannot be opened.
 */
export function createPayloadCodec(keyring: Keyring, onProblem: (error: EncryptionError) => void): PayloadCodec {
  return {
    encode: (payloads, context) =>
      attempt(() => payloads.map((payload) => sealPayload(keyring, tenantIn(context) ?? NO_TENANT, payload))),
    decode: (payloads, context) =>
      attempt(() => {
        try {
          return payloads.map((payload) => openPayload(keyring, tenantIn(context), payload));
        } catch (error) {
          if (error instanceof EncryptionError) onProblem(error);
          throw error;
        }
      }),
  };
}

/** A payload as it is stored; as it is where there are no keys. */
export function sealPayload(keyring: Keyring, tenant: string, payload: Payload): Payload {
  const keyId = keyring.active;
  if (keyId === undefined) return payload;
  const plain = PayloadMessage.encode(payload).finish();
  return {
    metadata: {
      [ENCODING]: Buffer.from(ENCRYPTED),
      [KEY_ID]: Buffer.from(keyId),
      ...(tenant !== NO_TENANT && { [TENANT]: Buffer.from(tenant) }),
    },
    data: encrypt(keyring, keyId, placeOf(tenant), plain),
  };
}

/**
 * A payload as it was. `reader`: the tenant that it is read for, where that is known; what belongs to no tenant may be read for any.
 * @throws EncryptionError
 */
export function openPayload(keyring: Keyring, reader: string | undefined, payload: Payload): Payload {
  if (!isEncrypted(payload)) return payload;
  const keyId = textOf(payload, KEY_ID);
  const tenant = tenantOfPayload(payload) ?? NO_TENANT;
  if (reader !== undefined && tenant !== NO_TENANT && tenant !== reader) throw EncryptionError.notAuthentic(keyId);
  const plain = PayloadMessage.decode(decrypt(keyring, keyId, placeOf(tenant), payload.data ?? new Uint8Array()));
  return { metadata: plain.metadata, data: plain.data };
}

function isEncrypted(payload: Payload): boolean {
  return textOf(payload, ENCODING) === ENCRYPTED && payload.metadata?.[KEY_ID] !== undefined;
}

/** The tenant that an encrypted payload says it belongs to; that it is true shows when it opens. */
export function tenantOfPayload(payload: Payload): string | undefined {
  return isEncrypted(payload) ? textOf(payload, TENANT) || undefined : undefined;
}

function textOf({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString('utf8');
}

/** Not the workflow: schedules, memos and results are read under other ids than they were written under. */
function placeOf(tenant: string) {
  return { use: 'payload', tenant, kind: '' } as const;
}

function tenantIn(context: SerializationContext | undefined): string | undefined {
  return context?.workflowId === undefined ? undefined : tenantInId(context.workflowId);
}

/** Gives what is thrown to whoever waits. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
