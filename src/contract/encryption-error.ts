import { FailureType } from './failures.js';
import { StoreError } from './store-error.js';

/** Why something that lies encrypted could not be opened. */
export type EncryptionProblem =
  /** Its key is not among those that are configured. */
  | 'key_missing'
  /** It was changed, belongs to another tenant or place, or its key's bytes are not those of then. */
  | 'not_authentic';

const NAMES: Record<EncryptionProblem, FailureType> = {
  key_missing: FailureType.encryptionKeyMissing,
  not_authentic: FailureType.encryptionNotAuthentic,
};

/** What lies encrypted cannot be opened here. `message` is fit to be shown: it names the key's id, never a key or a content. */
export class EncryptionError extends StoreError {
  readonly problem: EncryptionProblem;
  readonly keyId: string | undefined;

  constructor(problem: EncryptionProblem, message: string, keyId?: string) {
    super('sealed', message);
    // The SDK makes it the type of the failure, where an activity's arguments cannot be opened.
    this.name = NAMES[problem];
    this.problem = problem;
    this.keyId = keyId;
  }

  static keyMissing(keyId: string): EncryptionError {
    const message = `This is encrypted with the key '${keyId}', which is not configured here; add it to ENCRYPTION_KEYS`;
    return new EncryptionError('key_missing', message, keyId);
  }

  static notAuthentic(keyId: string): EncryptionError {
    const message = `What lies encrypted with the key '${keyId}' cannot be opened: it was changed, belongs elsewhere, or the key is another than then`;
    return new EncryptionError('not_authentic', message, keyId);
  }
}

/** The encryption error behind an error, through what others wrap around it. */
export function encryptionErrorIn(error: unknown): EncryptionError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof EncryptionError) return at;
  }
  return undefined;
}
