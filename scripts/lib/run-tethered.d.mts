export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called with every line of output. */
  onLine?: (line: string) => void;
  /** Ends the command; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface RunResult {
  /** 127 where the command cannot be started, null where a signal ended it. */
  code: number | null;
  /** The last lines of its output. */
  lines: string[];
  timedOut: boolean;
}

/** Runs a command to its end, quietly. It ends with this process whatever happens to it. */
export function runTethered(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
