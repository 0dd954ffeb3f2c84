import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './crew-world.js';
import { freePort } from './free-port.js';

/** What the running stack says of itself. */
interface StackDescription {
  api: string;
  model: string;
  /** Its address. */
  temporal: string;
  processes: Record<string, number>;
}

/** One request as the model's `/stats` shows it. */
export interface ModelCall {
  clientRequestId: string | null;
  status: string;
}

/** Longest until something of it is as it is to be, on a machine that is busy. */
const PATIENCE_MS = 200_000;

/** The real stack, started as a user starts it, with a data folder of its own. */
export class TestStack {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'stack-'));
  /** All that it printed. */
  output = '';
  #process: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);

  /** Starts it with these arguments; resolves at once. */
  async start(args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<void> {
    const ports = await Promise.all([freePort(), freePort()]);
    const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start', ...args], {
      env: {
        ...withoutSettings(process.env),
        AOS_DATA_DIR: this.dataDir,
        PORT: String(ports[0]),
        LOCAL_MODEL_PORT: String(ports[1]),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#process = child;
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves to the exit code. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until it says on its output that it is up. */
  async said(pattern: RegExp, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.#patiently(`the stack to say ${pattern}`, () => Promise.resolve(pattern.test(this.output)), timeoutMs);
  }

  describe(): StackDescription | undefined {
    try {
      return JSON.parse(readFileSync(join(this.dataDir, 'stack.json'), 'utf8')) as StackDescription;
    } catch {
      return undefined;
    }
  }

  async ready(): Promise<StackDescription> {
    return this.#patiently('the stack to be ready', async () => {
      const stack = this.describe();
      const response = stack && (await fetch(`${stack.api}/readyz`).catch(() => undefined));
      return response?.ok && stack;
    });
  }

  /** Kills a part with -9. Resolves when another one runs in its place. */
  async kill(part: string): Promise<void> {
    const pid = this.describe()?.processes[part];
    if (pid === undefined) throw new Error(`no process ${part}`);
    process.kill(pid, 'SIGKILL');
    await this.#patiently(`${part} to be started again`, () => {
      const now = this.describe()?.processes[part];
      return Promise.resolve(now !== undefined && now !== pid);
    });
  }

  /** The calls that the local model has seen. */
  async modelCalls(): Promise<ModelCall[]> {
    const response = await fetch(`${this.describe()?.model}/stats`);
    return ((await response.json()) as { requests: ModelCall[] }).requests;
  }

  async get<T>(path: string): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.describe()?.api}${path}`);
    return { status: response.status, body: (await response.json()) as T };
  }

  async post<T>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.describe()?.api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** The same with a key of its own: where it is told to come again, it does. */
  async postUntilTaken<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    const key = { 'idempotency-key': randomUUID() };
    return this.#patiently(`an answer to ${path}`, async () => {
      const answer = await this.post<T>(path, body, key).catch(() => undefined);
      return answer?.status !== 503 && answer;
    });
  }

  /** Waits until a run has ended, through restarts of whatever answers. */
  async endOf(runId: string): Promise<{ status: string; result?: { output: string }; tasks: { output?: string }[] }> {
    return this.#patiently(`run ${runId} to end`, async () => {
      const answer = await this.get<{ status: string; endedAt?: string; tasks: [] }>(`/v1/runs/${runId}`).catch(
        () => undefined,
      );
      return answer?.status === 200 && answer.body.endedAt !== undefined && answer.body;
    });
  }

  /** Asks it to stop, and sees that nothing of it is left. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#process?.kill(signal);
    return this.#ended;
  }

  remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #patiently<T>(what: string, probe: () => Promise<T | undefined | false>, timeoutMs = PATIENCE_MS): Promise<T> {
    return eventually(what, probe, timeoutMs).catch((error: Error) => {
      throw new Error(`${error.message}\n--- its output\n${this.output}`);
    });
  }
}

/** Waits until none of these processes is left. */
export async function allGone(pids: number[]): Promise<void> {
  await eventually('all processes to end', () => Promise.resolve(!pids.some(isAlive)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A developer's own settings must not change what is tested. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TEMPORAL_|OPENAI_|MODEL_)/.test(name)));
}
