import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/crew-world.js';
import { opens } from '../support/free-port.js';
import { stopped } from '../support/store.js';

/** What a part is started with. */
export interface PartSpec {
  name: string;
  command: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Its output is kept in this file. */
  log: string;
  /** Resolves when it serves. */
  ready(child: ChildProcess): Promise<void>;
}

/** Longest until a part serves, on a machine that is busy. */
const READY_MS = 90_000;

/** Longest until a part that is told to end has. */
const END_MS = 30_000;

/** A process that is killed and started again. */
export class Part {
  readonly name: string;
  readonly #spec: PartSpec;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;

  constructor(spec: PartSpec) {
    this.name = spec.name;
    this.#spec = spec;
    this.#log = createWriteStream(spec.log, { flags: 'a' });
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it until it serves: one that ends before, as it finds what the last one left, is started again. */
  async start(): Promise<void> {
    const until = Date.now() + READY_MS;
    while (Date.now() < until) {
      const { command, env, cwd } = this.#spec;
      const [program = '', ...args] = command;
      const child = spawn(program, args, {
        env: { ...process.env, ...env },
        ...(cwd !== undefined && { cwd }),
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child.stdout?.pipe(this.#log, { end: false });
      child.stderr?.pipe(this.#log, { end: false });
      this.#child = child;
      const ended = new Promise<false>((resolve) => child.once('exit', () => resolve(false)));
      const failed = new Promise<never>((_, reject) => child.once('error', reject));
      const limit = new AbortController();
      const late = pause(until - Date.now(), false, { signal: limit.signal }).catch(() => false);
      const serves = await Promise.race([this.#spec.ready(child).then(() => true), ended, failed, late]);
      limit.abort();
      if (serves) return;
      await stopped(child, 'SIGKILL');
      await pause(200);
    }
    throw new Error(`${this.name} does not serve; see ${this.#spec.log}`);
  }

  /** Ends it with -9. */
  kill(): Promise<void> {
    return stopped(this.#child, 'SIGKILL');
  }

  /** Ends it by and by. False where it had to be killed. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<boolean> {
    const ending = stopped(this.#child, signal).then(() => true);
    const limit = new AbortController();
    const late = pause(END_MS, false, { signal: limit.signal }).catch(() => false);
    const ended = await Promise.race([ending, late]);
    limit.abort();
    if (!ended) await this.kill();
    return ended;
  }
}

/** Says itself that it serves, as our own processes do. */
export function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('message', () => resolve()));
}

/** Serves when its port takes connections. */
export function opensPort(port: number): () => Promise<void> {
  return async () => {
    await eventually(`port ${port}`, () => opens(port), READY_MS);
  };
}
