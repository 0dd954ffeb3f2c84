import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Suite } from 'mocha';

const INSTALLED = existsSync('local-model/node_modules/node-llama-cpp/package.json');

/** The name that the endpoint serves the default weights under. */
export const MODEL = 'smollm2-135m-instruct-demo';

/** Slots of the shared server: with two, mixed-up contexts hardly ever show. */
export const SLOTS = 4;

/** What `GET /stats` answers, as far as tests read it. */
export interface StatsView {
  received: number;
  queued: number;
  running: number;
  completed: number;
  cancelled: number;
  failed: number;
  rejected: number;
  requests: {
    clientRequestId: string | null;
    status: string;
    promptTokens: number;
    completionTokens: number;
    ms: number;
  }[];
}

/** An answer of the endpoint, streamed or not, put together. */
export interface Answer {
  text: string;
  finish: string | null;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | undefined;
  toolCalls: { id: string; type: string; function: { name: string; arguments: string } }[];
}

export interface ModelProcess {
  child: ChildProcess;
  base: string;
  /** Texts of the progress messages that came before it was ready. */
  progress: string[];
}

let shared: Promise<ModelProcess> | undefined;
let told = false;

/** Skips the suite in one line where the model's own packages are missing, unless everything is required. */
export function needsLocalModel(suite: Suite): void {
  suite.timeout(120_000);
  suite.beforeAll(async function () {
    if (!INSTALLED && process.env['REQUIRE_ALL'] !== '1') {
      if (!told) console.log('    the local model is not installed: (cd local-model && npm ci)');
      told = true;
      this.skip();
    }
    // The first start on a machine downloads 98 MB.
    this.timeout(600_000);
    shared ??= startModel({ LOCAL_MODEL_SLOTS: String(SLOTS) });
    await shared;
  });
}

after(async () => {
  const running = await shared?.catch(() => undefined);
  running?.child.kill();
});

/** Address of the one model server that all tests share. */
export async function modelBase(): Promise<string> {
  if (!shared) throw new Error('the suite has not called needsLocalModel');
  return (await shared).base;
}

/** Starts a model server of its own, with these environment variables added. Rejects with its stderr when it ends instead. */
export async function startModel(env: NodeJS.ProcessEnv): Promise<ModelProcess> {
  const child = fork('local-model/src/main.ts', {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, LOCAL_MODEL_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const progress: string[] = [];
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: { type: string; text?: string; port?: number }) => {
      if (message.type === 'progress') progress.push(message.text ?? '');
      if (message.type === 'ready') resolve(message.port ?? 0);
    });
    child.once('close', (code) => {
      reject(new Error(`exit code ${code}: ${errors.trim()}`));
    });
  });
  return { child, base: `http://127.0.0.1:${port}`, progress };
}

/** Resolves to the exit code, or to the signal that ended the process. */
export async function exitOf(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal;
}

/** One user message as a request body, at temperature 0. */
export function ask(content: string, more: object = {}): object {
  return { model: MODEL, temperature: 0, messages: [{ role: 'user', content }], ...more };
}

/** Sends a body as it is. */
export async function post(body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${await modelBase()}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

/** Asks and waits for the whole answer. */
export async function complete(body: object): Promise<Answer> {
  const response = await post(body);
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  const { choices, usage } = (await response.json()) as {
    choices: { message: { content: string | null; tool_calls?: Answer['toolCalls'] }; finish_reason: string }[];
    usage: NonNullable<Answer['usage']>;
  };
  const [choice] = choices;
  return {
    text: choice?.message.content ?? '',
    finish: choice?.finish_reason ?? null,
    usage,
    toolCalls: choice?.message.tool_calls ?? [],
  };
}

export async function stats(): Promise<StatsView> {
  const response = await fetch(`${await modelBase()}/stats`);
  return (await response.json()) as StatsView;
}

/** Looks again and again until the counts are as wanted. Fails after a minute with what it saw last. */
export async function statsWhere(wanted: (view: StatsView) => boolean): Promise<StatsView> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const view = await stats();
    if (wanted(view)) return view;
    if (Date.now() > deadline) throw new Error(`the counts never came to be: ${JSON.stringify(view)}`);
    await delay(20);
  }
}
