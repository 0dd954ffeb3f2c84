/** Ctrl-C under npm is heard twice: from the terminal, and passed on by npm. What comes this soon is the same wish. */
const SAME_WISH_MS = 1_000;

/**
 * Listens for the wish to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the parent that started this process.
 * The first aborts the returned signal, with the name of the wish as its reason; a later one calls `onAgain`.
 */
export function listenForStop(
  onAgain: () => void,
  source: NodeJS.EventEmitter & { connected?: boolean } = process,
  now: () => number = Date.now,
): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  const wish = (name: string) => {
    if (!stop.signal.aborted) {
      first = now();
      stop.abort(name);
    } else if (now() - first > SAME_WISH_MS) onAgain();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.on(name, () => wish(name));
  source.on('disconnect', () => wish('SIGHUP'));
  // Gone before anybody listened.
  if (source.connected === false) wish('SIGHUP');
  return stop.signal;
}
