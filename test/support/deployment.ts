import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { WorkflowHandle } from '@temporalio/client';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import type { RunView } from '../../src/contract/views.js';
import { startScriptedModel, type ScriptedModel } from '../../src/scripted-model/server.js';
import { eventually } from './crew-world.js';
import { uniqueName } from './crews.js';
import { freePort } from './free-port.js';
import type { Release } from './release.js';
import { partSettings } from './part-settings.js';
import { startEmbeddedStore, stopped } from './store.js';
import type { TestServer } from './temporal.js';

/** A command of a release that has ended. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** A worker or gateway of a release, as a real process. */
export interface RunningPart {
  /** What Temporal knows its worker by. */
  identity: string;
  /** Tells it to stop. Gives its exit code, null where it was killed. */
  stop(): Promise<number | null>;
}

/** One deployment of workers, with gateways: of several releases, on one Temporal namespace and store. */
export interface Deployment {
  name: string;
  model: ScriptedModel;
  /** Starts a worker, which is ready then. */
  worker(release: Release): Promise<RunningPart>;
  /** Starts a gateway in place of the one before. */
  gateway(release: Release): Promise<void>;
  /** Runs a command of the image: `builds`, `set-current`. */
  main(release: Release, ...args: string[]): Promise<Said>;
  /** Runs the command `crew` of a release. */
  crew(release: Release, ...args: string[]): Promise<Said>;
  call<T>(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; body: T }>;
  /** Starts a run, by its crew. */
  start(crew: string): Promise<string>;
  /** Waits until the gateway shows a run so. */
  until(runId: string, what: string, holds: (run: RunView) => boolean): Promise<RunView>;
  handle(runId: string): WorkflowHandle;
}

/** Does something with a deployment of its own. At the end its processes are gone, and its runs are ended. */
export async function withDeployment(
  { env }: TestServer,
  crew: Record<string, unknown>,
  work: (deployment: Deployment) => Promise<void>,
): Promise<void> {
  // Its tenant is the default one, of whose runs the webhooks of other tests would hear.
  const { databaseUrl, process: store } = await startEmbeddedStore();
  const model = await startScriptedModel({ script: { answers: [{ text: 'Written', repeat: true }] } });
  const crews = mkdtempSync(join(tmpdir(), 'crews-'));
  writeFileSync(join(crews, 'crew.yaml'), stringify(crew));
  const name = uniqueName('deployment');
  const settings = (release: Release): NodeJS.ProcessEnv => ({
    ...partSettings({ address: env.address, databaseUrl, modelUrl: model.url, crews, taskQueue: name }),
    WORKFLOW_BUNDLE: 'build/workflow-bundle.js',
    WORKER_DEPLOYMENT_NAME: name,
    WORKER_BUILD_ID: release.buildId,
  });
  const running: ChildProcess[] = [];
  const runs: string[] = [];
  let api = { url: '', process: undefined as ChildProcess | undefined };
  const start = async (part: string, release: Release, own: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, ['dist/main.js', part], {
      cwd: release.folder,
      env: { ...settings(release), ...own },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
    await new Promise<void>((done, failed) => {
      child.once('message', () => done());
      child.once('exit', (code) => failed(new Error(`${part} ${release.buildId} ended with ${code}:\n${output}`)));
    });
    return child;
  };
  const command = (release: Release, file: string, args: string[]) =>
    new Promise<Said>((done) => {
      const options = { cwd: release.folder, env: settings(release), timeout: 150_000 };
      const child = execFile(process.execPath, [file, ...args], options, (_error, out, err) =>
        done({ code: child.exitCode ?? -1, out: out.trim(), err: err.trim() }),
      );
    });
  const deployment: Deployment = {
    name,
    model,
    worker: async (release) => {
      const child = await start('worker', release);
      return {
        identity: `${child.pid}@${hostname()}`,
        stop: async () => {
          await stopped(child);
          return child.exitCode;
        },
      };
    },
    gateway: async (release) => {
      const port = await freePort();
      const before = api.process;
      api = { url: `http://127.0.0.1:${port}`, process: await start('gateway', release, { PORT: String(port) }) };
      await stopped(before);
    },
    main: (release, ...args) => command(release, 'dist/main.js', args),
    crew: (release, ...args) => command(release, 'bin/crew.mjs', args),
    call: async <T>(method: string, path: string, body?: unknown, key?: string) => {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    },
    start: async (of) => {
      const key = uniqueName('start');
      const { status, body } = await eventually('an answer', async () => {
        const answer = await deployment.call<{ runId: string }>('POST', '/v1/runs', { crew: of }, key);
        return answer.status !== 503 && answer;
      });
      if (status >= 300) throw new Error(`the run was not started: ${JSON.stringify(body)}`);
      runs.push(body.runId);
      return body.runId;
    },
    until: (runId, what, holds) =>
      eventually(
        `${what} of ${runId}`,
        async () => {
          const { status, body } = await deployment.call<RunView>('GET', `/v1/runs/${runId}`);
          return status === 200 && holds(body) && body;
        },
        120_000,
      ),
    handle: (runId) => env.client.workflow.getHandle(workflowIdOf(DEFAULT_TENANT, runId)),
  };
  try {
    await work(deployment);
  } finally {
    // Ended hard, so that a failed test leaves no run that waits for a worker.
    for (const runId of runs)
      await deployment
        .handle(runId)
        .terminate('test over')
        .catch(() => undefined);
    await Promise.all(running.map((child) => stopped(child)));
    await model.close();
    await stopped(store);
    rmSync(crews, { recursive: true });
  }
}
