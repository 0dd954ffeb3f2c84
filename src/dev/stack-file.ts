import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, startOf } from '../../scripts/lib/process-identity.mjs';

/** The running stack, for scripts and tests: addresses, and the pid of each process. */
export interface StackDescription {
  /** Base address of the gateway. */
  api: string;
  /** `host:port` of the Temporal server, where it is ours. */
  temporal?: string;
  /** Base address of the Temporal UI, where it is ours. */
  ui?: string;
  /** Address of the store, where it is ours. */
  store?: string;
  /** Base address of the model, where it is ours. */
  model?: string;
  /** Pids by name: `temporal`, `model`, `worker`, `gateway`. One that is being started again is absent. */
  processes: Record<string, number>;
}

/** With when each process started, by name: a pid alone may be somebody else's by the time that it is read. */
type Stored = StackDescription & { started: Record<string, string> };

const LOOK_EVERY_MS = 100;

/** Keeps a file that describes the running stack. It is replaced whole, so that readers never see half of it. */
export class StackFile {
  readonly #path: string;
  #stored: Stored | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Begins the description; pids come as the processes start. */
  describe(addresses: Omit<StackDescription, 'processes'>): void {
    this.#stored = { ...addresses, processes: {}, started: {} };
    this.#write();
  }

  setPid(name: string, pid: number | undefined): void {
    if (this.#stored === undefined) return;
    const { processes, started } = this.#stored;
    if (pid === undefined) {
      delete processes[name];
      delete started[name];
    } else {
      processes[name] = pid;
      started[name] = startOf(pid) ?? 'gone';
    }
    this.#write();
  }

  remove(): void {
    this.#stored = undefined;
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(this.#stored, undefined, 2)}\n`);
    renameSync(draft, this.#path);
  }
}

/** The description of the stack that runs, or ran and was killed; undefined where there is none. */
export function readStackFile(path: string): Stored | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stored;
  } catch {
    return undefined;
  }
}

/**
 * Waits for the processes of a stack whose supervisor was killed: they end by themselves when they notice. What is left after the grace is
 * killed, because two Temporal servers on one file would harm it. Returns the names of those that were killed.
 */
export async function awaitLeftovers(path: string, graceMs: number, signal?: AbortSignal): Promise<string[]> {
  const stored = readStackFile(path);
  const all = Object.entries(stored?.processes ?? {}).map(([name, pid]) => ({
    name,
    pid,
    started: stored?.started?.[name] ?? 'unknown',
  }));
  // Without its start a pid proves nothing, and a stranger's process must not be killed.
  const left = () => all.filter((one) => one.started !== 'unknown' && isSameProcess(one));
  const deadline = Date.now() + graceMs;
  while (left().length > 0 && Date.now() < deadline) await sleep(LOOK_EVERY_MS, undefined, { signal });
  const stubborn = left();
  for (const { pid } of stubborn) process.kill(pid, 'SIGKILL');
  while (left().length > 0) await sleep(LOOK_EVERY_MS, undefined, { signal });
  return stubborn.map(({ name }) => name);
}
