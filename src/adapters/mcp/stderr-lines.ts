/** Longest line that is passed on, in characters. */
const MAX_LINE_CHARS = 500;
/** Most lines within a window. */
const MAX_LINES = 50;
const WINDOW_MS = 10_000;

/**
 * Makes lines of what a process writes and passes them on, bounded in length and rate: what a server prints must not fill
 * the log. Gives the function that takes the chunks.
 */
export function boundedLines(onLine: (line: string) => void, now: () => number = Date.now): (chunk: string) => void {
  let rest = '';
  let windowStart = 0;
  let count = 0;
  const pass = (line: string) => {
    if (line.trim() === '') return;
    if (now() - windowStart >= WINDOW_MS) {
      windowStart = now();
      count = 0;
    }
    count += 1;
    if (count < MAX_LINES) onLine(clip(line.trimEnd()));
    else if (count === MAX_LINES) onLine('(more lines follow and are left out)');
  };
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    // What has no end yet is kept as far as it would be shown.
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS + 1);
    lines.forEach(pass);
  };
}

function clip(line: string): string {
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS)}…`;
}
