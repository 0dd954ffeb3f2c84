import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { OWN_GROUP, signalGroup } from '../../scripts/lib/process-group.mjs';

/** What to run. */
export interface Command {
  file: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Takes everything that the process prints. */
  logFile: string;
}

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What the processes of the stack tell their parent. */
export type ChildMessage =
  { type: 'ready'; port?: number; model?: string } | { type: 'progress'; text: string } | { type: 'pid'; pid: number };

/** One run of a command, in a process group of its own, so that Ctrl-C in the terminal does not reach it directly. */
export class GroupProcess {
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  constructor(command: Command, onMessage: (message: ChildMessage) => void) {
    const log = openSync(command.logFile, 'a');
    try {
      this.#child = spawn(command.file, [...command.args], {
        ...OWN_GROUP,
        cwd: command.cwd,
        env: command.env,
        // Straight into the file: what is printed outlives this process, and cannot block on it.
        stdio: ['ignore', log, log, 'ipc'],
      });
    } finally {
      closeSync(log);
    }
    this.exited = new Promise((resolve) => {
      this.#child.on('error', () => this.#child.pid === undefined && resolve({ code: 127, signal: null }));
      this.#child.once('exit', (code, signal) => {
        this.killGroup();
        resolve({ code, signal });
      });
    });
    this.#child.on('message', (message) => {
      if (isChildMessage(message)) onMessage(message);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to end: SIGTERM, or on Windows, which has none, the end of the IPC channel. */
  askToStop(): void {
    if (process.platform !== 'win32') this.#child.kill('SIGTERM');
    else if (this.#child.connected) this.#child.disconnect();
  }

  /** Ends it and all that it started, at once. */
  killGroup(): void {
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
  }
}

/** Begins a log file anew and keeps the one before as `NAME.previous.log`. */
export function rotateLog(logFile: string): void {
  mkdirSync(dirname(logFile), { recursive: true });
  try {
    renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The last lines of a log file. */
export function tailOf(logFile: string, lines: number): string[] {
  try {
    const text = readFileSync(logFile, 'utf8');
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-lines);
  } catch {
    return [];
  }
}

function isChildMessage(message: unknown): message is ChildMessage {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  if (message.type === 'progress') return 'text' in message && typeof message.text === 'string';
  if (message.type === 'pid') return 'pid' in message && Number.isInteger(message.pid);
  return message.type === 'ready';
}
