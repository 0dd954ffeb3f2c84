import { setTimeout as sleep } from 'node:timers/promises';
import { GroupProcess, rotateLog, tailOf, type Command, type Exit } from './child-process.js';

/** A process that is kept alive. */
export interface ChildSpec extends Command {
  /** Key in the description of the running stack, for example `worker`. */
  name: string;
  /** Resolves when it serves; for programs that do not say so themselves. Aborted when the process ends. */
  probe?: (signal: AbortSignal) => Promise<void>;
  /** Longest silence before it is ready; each sign of progress begins it anew. */
  readyTimeoutMs?: number;
}

/** What a process says when it is ready. */
export interface ReadyFacts {
  port?: number;
  /** The name that a model is served under. */
  model?: string;
}

/** What the outside is told. */
export interface ChildEvents {
  /** Before it is ready: what it does. */
  onProgress?(text: string): void;
  /** It died, and is started again after `delayMs`. */
  onDeath?(exit: Exit, delayMs: number): void;
  /** It serves again after a death. */
  onRecovered?(): void;
  /** It died for good. */
  onGivenUp?(error: ChildFailure): void;
  /** Its pid changed. */
  onPid?(pid: number | undefined): void;
}

/** A process of the stack does not work. The message has the end of its log. */
export class ChildFailure extends Error {
  override readonly name = 'ChildFailure';
}

const MAX_DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;
const READY_TIMEOUT_MS = 120_000;
const TAIL_LINES = 15;

/** Milliseconds to wait after the n-th death within a minute: at once the first time, then longer. */
export function backoffMs(deaths: number): number {
  return deaths <= 1 ? 0 : 500 * 2 ** (deaths - 2);
}

/** Starts a process, starts it again when it dies, and stops it. */
export class Supervised {
  readonly spec: ChildSpec;
  readonly #events: ChildEvents;
  #process: GroupProcess | undefined;
  #pid: number | undefined;
  #ready: ReadyFacts | undefined;
  #deaths: number[] = [];
  #silent = false;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(spec: ChildSpec, events: ChildEvents = {}) {
    this.spec = spec;
    this.#events = events;
  }

  /** Pid of the process that does the work, which may be a child of the one that was started. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /**
   * Starts it. Resolves with what it said when it was ready for the first time.
   * @throws ChildFailure when it ends by itself, gets nowhere, or dies too often before that
   */
  start(): Promise<ReadyFacts> {
    rotateLog(this.spec.logFile);
    return new Promise((resolve, reject) => {
      this.#running = this.#keepAlive(resolve, reject);
    });
  }

  /** Stops it: asks, and after the grace kills. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#process?.askToStop();
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.#running;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stop.abort();
    this.#process?.killGroup();
  }

  async #keepAlive(onFirstReady: (ready: ReadyFacts) => void, onFailure: (error: Error) => void) {
    while (!this.#stop.signal.aborted) {
      const wasReady = this.#ready !== undefined;
      const exit = await this.#runOnce((ready) => {
        this.#ready = ready;
        if (wasReady) this.#events.onRecovered?.();
        else onFirstReady(ready);
      });
      this.#setPid(undefined);
      if (this.#stop.signal.aborted) break;
      const failure = this.#failureAfter(exit);
      if (failure !== undefined) {
        onFailure(failure);
        if (this.#ready !== undefined) this.#events.onGivenUp?.(failure);
        return;
      }
      const delayMs = backoffMs(this.#deaths.length);
      this.#events.onDeath?.(exit, delayMs);
      await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    onFailure(new ChildFailure(`${this.spec.name} was stopped`));
  }

  /** One life, from start to exit. */
  async #runOnce(onReady: (ready: ReadyFacts) => void): Promise<Exit> {
    const { spec } = this;
    const ended = new AbortController();
    let waiting: NodeJS.Timeout | undefined;
    const expectSign = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        this.#silent = true;
        this.#process?.killGroup();
      }, spec.readyTimeoutMs ?? READY_TIMEOUT_MS);
    };
    const becomeReady = (ready: ReadyFacts) => {
      clearTimeout(waiting);
      if (!ended.signal.aborted) onReady(ready);
    };
    const child = new GroupProcess(spec, (message) => {
      if (message.type === 'pid') this.#setPid(message.pid);
      else if (message.type === 'ready') becomeReady(message);
      else {
        expectSign();
        this.#events.onProgress?.(message.text);
      }
    });
    this.#process = child;
    this.#setPid(child.pid);
    expectSign();
    void spec.probe?.(ended.signal).then(
      () => becomeReady({}),
      () => undefined,
    );
    const exit = await child.exited;
    ended.abort();
    clearTimeout(waiting);
    return exit;
  }

  /** Why it is not started again, or undefined. One that exits by itself before it ever worked would do so again. */
  #failureAfter(exit: Exit): ChildFailure | undefined {
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (this.#ready === undefined && this.#silent) return this.#failure('gave no sign of life for too long');
    if (this.#ready === undefined && exit.signal === null)
      return this.#failure(`could not start (${describeExit(exit)})`);
    if (this.#deaths.length < MAX_DEATHS) return undefined;
    return this.#failure(`ended ${this.#deaths.length} times within a minute (at last: ${describeExit(exit)})`);
  }

  #failure(what: string): ChildFailure {
    const tail = tailOf(this.spec.logFile, TAIL_LINES);
    const log = tail.length === 0 ? ['    (nothing)'] : tail.map((line) => `    ${line}`);
    return new ChildFailure(
      [`The ${this.spec.name} ${what}. The end of its log, ${this.spec.logFile}:`, '', ...log].join('\n'),
    );
  }

  #setPid(pid: number | undefined): void {
    if (pid === this.#pid) return;
    this.#pid = pid;
    this.#events.onPid?.(pid);
  }
}

/** Stops processes one after the other, each with the same grace. */
export async function stopInOrder(children: Iterable<Supervised>, graceMs: number): Promise<void> {
  for (const child of children) await child.stop(graceMs);
}

/** `SIGKILL`, or `exit code 1`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ?? `exit code ${code}`;
}
