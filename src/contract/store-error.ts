/** Why the store could not do what was asked. */
export type StoreErrorReason =
  /** It cannot be reached, or is starting; another try may help. */
  | 'unavailable'
  /** It answered with something that another try will not change. `message` says what. */
  | 'refused'
  /** It lies encrypted and cannot be opened with the keys here (`EncryptionError`). */
  | 'sealed';

/** The error of the `Store` port. `message` is fit to be shown. */
export class StoreError extends Error {
  readonly reason: StoreErrorReason;

  constructor(reason: StoreErrorReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.reason = reason;
  }
}

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof StoreError;
}
