/** Longest delay of a timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;

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
  const clock = new AbortController();
  const either = AbortSignal.any([signal, clock.signal]);
  const timer = setTimeout(() => clock.abort(late()), Math.min(timeoutMs, MAX_TIMER_MS));
  try {
    return await Promise.race([rejectedBy(either), Promise.resolve(either).then(work)]);
  } catch (error) {
    // Work that heard the signal fails in words of its own; what counts is why it was cut.
    either.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
