import { linkedSignal } from '../contract/linked-signal.js';

/**
 * Waits for `work` no longer than `timeoutMs`, and no longer than until `signal` fires: also where the work does not listen
 * to the signal that it is given. It then goes on unwatched; work that never gives up the thread cannot be cut.
 * @throws what the work throws; `late()` where the time was up; the signal's reason where it fired
 */
export async function within<T>(
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
  work: (signal: AbortSignal) => T | Promise<T>,
  late: () => Error,
): Promise<T> {
  signal.throwIfAborted();
  const either = linkedSignal([signal], { ms: timeoutMs, late });
  try {
    return await Promise.race([rejectedBy(either.signal), Promise.resolve(either.signal).then(work)]);
  } catch (error) {
    // Work that heard the signal fails in words of its own; what counts is why it was cut.
    either.signal.throwIfAborted();
    throw error;
  } finally {
    either.release();
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
