import { Parent } from './parent.js';

/** What the main function of a process works with. */
export interface Process {
  parent: Parent;
  /** Aborts when the process is to end. */
  stop: AbortSignal;
}

/**
 * Runs the main function of a process. It ends with exit code 0 when told to stop, and with 1 and one message on
 * stderr when it fails.
 */
export async function runProcess(main: (process: Process) => Promise<void>): Promise<void> {
  const parent = new Parent();
  const stop = new AbortController();
  parent.onStop(() => {
    stop.abort();
    // This long a download may take to remove its part; nothing else is worth waiting for.
    setTimeout(() => process.exit(0), 50);
  });
  try {
    await main({ parent, stop: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
