import type { ProcessIdentity } from './process-identity.mjs';

/** Who holds a lock, and since when (ISO 8601). */
export interface LockHolder extends ProcessIdentity {
  since: string;
}

export interface HeldLock {
  held: true;
  /** True when the lock of a holder that is gone was taken over. */
  stale: boolean;
  release(): void;
}

export type LockResult = HeldLock | { held: false; holder: LockHolder };

/** Takes the lock, or says who has it. A holder that is gone loses it. */
export function tryLock(file: string): LockResult;

/** Waits until the lock is free, then takes it. `onWait` is called once if somebody else holds it. Rejects when `signal` aborts. */
export function waitForLock(
  file: string,
  options?: { onWait?: (holder: LockHolder) => void; signal?: AbortSignal | undefined },
): Promise<HeldLock>;
