import type { DataConverter } from '@temporalio/common';
import { createPayloadSealing } from './adapters/encryption/codec-server.js';
import type { Keyring } from './adapters/encryption/keyring.js';
import { createPayloadCodec } from './adapters/encryption/payload-codec.js';
import { modulePath } from './adapters/module-path.js';
import type { EncryptionError } from './contract/encryption-error.js';
import type { Logger, PayloadSealing } from './ports.js';

/** How often the same problem is logged, at most. */
const SAY_AGAIN_MS = 60_000;

/**
 * What every client, worker and replay of ours converts payloads with. Without keys it encrypts nothing, and says of what lies
 * encrypted which key is missing.
 */
export function composeDataConverter(
  { encryption }: { encryption: Keyring },
  logger?: Pick<Logger, 'error'>,
): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(encryption, problemLog(logger))],
    ...(encryption.active !== undefined && { failureConverterPath: failureConverterPath() }),
  };
}

/** What Temporal's UI and CLI have payloads decoded with; undefined where nothing is encrypted. */
export function composePayloadSealing(
  { encryption }: { encryption: Keyring },
  logger: Pick<Logger, 'error'>,
): PayloadSealing | undefined {
  return encryption.active === undefined ? undefined : createPayloadSealing(encryption, problemLog(logger));
}

/** The module that puts messages of failures into payloads, for workers and workflow bundles. */
export function failureConverterPath(): string {
  return modulePath(import.meta.url, './adapters/encryption/encoded-failures');
}

/** The prebuilt bundle to load: where data is encrypted, the one beside it that puts messages of failures into payloads. */
export function bundlePath(configured: string, { encryption }: { encryption: Keyring }): string {
  return encryption.active === undefined ? configured : encryptedBundle(configured);
}

/** `workflow-bundle.js` → `workflow-bundle.encrypted.js` */
export function encryptedBundle(path: string): string {
  return path.replace(/\.js$/, '.encrypted.js');
}

/** Logs what cannot be opened: a run that stands still for it is tried again for ever, so not every time. */
function problemLog(logger: Pick<Logger, 'error'> | undefined): (error: EncryptionError) => void {
  const said = new Map<string, number>();
  return ({ problem, keyId = '?', message }) => {
    const now = Date.now();
    const key = `${problem} ${keyId}`;
    if (now - (said.get(key) ?? -SAY_AGAIN_MS) < SAY_AGAIN_MS) return;
    said.set(key, now);
    logger?.error({ code: problem === 'key_missing' ? 'encryption_key_missing' : 'encryption_broken', keyId }, message);
  };
}
