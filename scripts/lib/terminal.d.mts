type Paint = (text: string) => string;

export interface Step {
  /** Changes what the step is said to be doing. */
  update: (text: string) => void;
  done(result: string): void;
  fail(result: string): void;
  /** Ends the step without a line. */
  clear(): void;
  /** Milliseconds since the step began. */
  elapsed(): number;
}

export interface Terminal {
  /** Prints a line that stays. */
  line(text?: string): void;
  /** Begins a piece of work that is shown while it lasts. */
  step(label: string, text: string): Step;
  /** Takes the live line away and stops redrawing. */
  close(): void;
  /** Whether the output is a terminal whose last line can be redrawn. */
  readonly live: boolean;
  /** Columns of the terminal, at least 40. */
  width(): number;
}

export interface TerminalStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export function createTerminal(options?: {
  stream?: TerminalStream;
  env?: Record<string, string | undefined>;
  colors?: { green: Paint; red: Paint; cyan: Paint; dim: Paint };
  now?: () => number;
}): Terminal;

/** `1.4 s`, `38 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string;

/** `98 MB` (10^6 bytes). */
export function formatMegabytes(bytes: number): string;
