import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { StdioTarget } from './config.js';
import { MessageLines } from './message-lines.js';

/** Longest time that a server gets to end by itself, and then once more after SIGTERM. */
const GRACE_MS = 2_000;
/** Longest time that output is waited for when the process has ended. */
const LAST_OUTPUT_MS = 500;

/**
 * Runs the server, and beside it a watcher on fd 3, whose other end this process holds: when that closes because we are gone
 * (kill -9 too), the watcher gives the server time to see the end of its stdin and then kills the whole group. Servers
 * with a timer or an open port do not end with their stdin, published ones among them. The shell stays to reap both: a
 * worker that is PID 1 of a container reaps only its own children. (`<&4`: what is started with & has no stdin else.)
 */
const WITH_WATCHER = `
exec 4<&0
"$0" "$@" <&4 3<&- 4<&- & server=$!
{ trap "" TERM; read -r _ <&3; sleep 3; kill -KILL 0; } </dev/null >/dev/null 2>&1 4<&- & watcher=$!
exec 3<&- 4<&- </dev/null >/dev/null 2>&1
trap : TERM
while wait $server; code=$?; kill -0 $server 2>/dev/null; do :; done
kill -KILL $watcher
wait $watcher
exit $code`;

/**
 * Stdio transport to a server in a process group of its own. Beside what the SDK's own does, it ends a server for sure with
 * all that it started (`npx` starts a shell, that starts the server), and leaves nothing behind when this process is killed.
 * Not for Windows, which has no process groups.
 */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T) => void;
  readonly #target: StdioTarget;
  readonly #onStderr: (chunk: string) => void;
  readonly #lines = new MessageLines(
    (line) => this.#readLine(line),
    (message) => this.onmessage?.(message),
  );
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #ended: Promise<void> = Promise.resolve();
  #exit: string | undefined;

  constructor(target: StdioTarget, onStderr: (chunk: string) => void) {
    this.#target = target;
    this.#onStderr = onStderr;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How the process ended, in words; undefined while it runs. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /** @throws Error of `spawn` */
  start(): Promise<void> {
    const { command, args, env, cwd } = this.#target;
    const child = spawn('/bin/sh', ['-c', WITH_WATCHER, command, ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // Never our own environment: it has the keys of everything.
      env: { ...getDefaultEnvironment(), ...env },
      ...(cwd !== undefined && { cwd }),
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.setEncoding('utf8').on('data', this.#onStderr);
    // A server that is gone is seen by its exit; these only must not end this process.
    for (const stream of child.stdio) stream?.on('error', (error) => this.onerror?.(error));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => {
        this.#ended = this.#untilEnd(child);
        resolve();
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const stdin = this.#child?.stdin;
      if (!stdin?.writable) reject(Object.assign(new Error('The server has ended'), { code: 'EPIPE' }));
      else stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the server: by the end of its stdin, else by SIGTERM, else by SIGKILL. Resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.#child?.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#endsWithin(GRACE_MS)) break;
      this.#signalGroup(signal);
    }
    await this.#ended;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const late = new AbortController();
    const timer = delay(ms, false, { signal: late.signal }).catch(() => false);
    const ended = await Promise.race([this.#ended.then(() => true), timer]);
    late.abort();
    return ended;
  }

  /** Resolves when the process and its group are gone and what it wrote is read. */
  #untilEnd(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        for (const stream of child.stdio) stream?.destroy();
        resolve();
        this.onclose?.();
      };
      let timer: NodeJS.Timeout | undefined;
      child.once('close', end);
      child.once('exit', (code, signal) => {
        this.#exit = exitInWords(code, signal);
        // What the server has left behind.
        this.#signalGroup('SIGKILL');
        timer = setTimeout(() => {
          child.off('close', end);
          end();
        }, LAST_OUTPUT_MS);
      });
    });
  }

  #read(chunk: Buffer): void {
    try {
      this.#lines.add(chunk);
    } catch (error) {
      // A line without an end: nothing that follows can be understood.
      this.onerror?.(error as Error);
      this.#signalGroup('SIGKILL');
    }
  }

  #readLine(line: string): void {
    try {
      this.onmessage?.(deserializeMessage(line));
    } catch (error) {
      // A line that is no message: the next one may be.
      this.onerror?.(error as Error);
    }
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      if (this.#child?.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nothing is left of it.
    }
  }
}

/** A shell says by its code how its command ended. */
function exitInWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === 127) return 'was not started: there is no such command';
  if (code === 126) return 'was not started: the command cannot be executed';
  const number = code !== null && code > 128 ? code - 128 : undefined;
  const name = signal ?? Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name === undefined ? `ended with code ${code}` : `was ended by ${name}`;
}
