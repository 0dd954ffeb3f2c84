/** Longest delay of a timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;

/** A signal for one piece of work. */
export interface LinkedSignal {
  signal: AbortSignal;
  /** Fires it. Nothing happens where it has fired. */
  abort(reason?: Error): void;
  /** The work is over: nothing fires it any more but `abort`, and nothing that lives longer knows of it. */
  release(): void;
}

/**
 * Fires with the first of `sources`, for its reason, and where there is a `bound` when that time is over (`late`: for what reason).
 * Not `AbortSignal.any`: Node.js keeps such a signal, and all that listens to it, until it fires, and libraries leave their listeners
 * there. Each call stayed in memory for as long as it might have taken; on Node.js 20 for good, where no timer was among the sources.
 */
export function linkedSignal(
  sources: readonly AbortSignal[],
  bound?: { ms: number; late?: () => Error },
): LinkedSignal {
  const own = new AbortController();
  const unlink = sources.map((source) => follow(source, own));
  const timer = bound && setTimeout(() => own.abort(bound.late?.()), Math.min(bound.ms, MAX_TIMER_MS));
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    release: () => {
      clearTimeout(timer);
      for (const end of unlink) end();
    },
  };
}

function follow(source: AbortSignal, own: AbortController): () => void {
  const abort = () => own.abort(source.reason);
  if (source.aborted) abort();
  else source.addEventListener('abort', abort, { once: true });
  return () => source.removeEventListener('abort', abort);
}
