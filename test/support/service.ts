import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../src/scripted-model/server.js';
import { eventually } from './crew-world.js';
import { freePort } from './free-port.js';
import { stopped, testStore } from './store.js';
import { partSettings } from './part-settings.js';
import { serverWith, type TestServer } from './temporal.js';

/** A worker and a gateway as real processes, which can be killed, on a Temporal server of their own. */
export interface Service {
  api: string;
  model: ScriptedModel;
  server: TestServer;
  metricsPort: number;
  start(part: 'worker' | 'gateway'): Promise<void>;
  kill(part: 'worker' | 'gateway'): Promise<void>;
  /** The process of a part, as it is now. */
  pid(part: 'worker' | 'gateway'): number;
  /** Everything that a part wrote, over all its lives. */
  output(part: 'worker' | 'gateway'): string;
  stop(): Promise<void>;
}

/** Starts both. `crews`: definitions; `dynamic`: of the Temporal server. */
export async function startService(
  script: ScriptInput,
  crews: Record<string, unknown>[],
  env: NodeJS.ProcessEnv,
  dynamic: string[] = [],
): Promise<Service> {
  const server = await serverWith(...dynamic);
  const { databaseUrl } = await testStore();
  const model = await startScriptedModel({ script });
  const folder = mkdtempSync(join(tmpdir(), 'service-'));
  for (const crew of crews) writeFileSync(join(folder, `${String(crew['name'])}.yaml`), stringify(crew));
  const [port, metricsPort] = await Promise.all([freePort(), freePort()]);
  const settings = {
    ...partSettings({
      address: server.env.address,
      databaseUrl,
      modelUrl: model.url,
      crews: folder,
      taskQueue: 'service',
    }),
    HOME: process.env['HOME'],
    PORT: String(port),
    SHUTDOWN_GRACE_SECONDS: '2',
    ...env,
  };
  const running = new Map<string, ChildProcess>();
  const outputs = { worker: '', gateway: '' };
  const service: Service = {
    api: `http://127.0.0.1:${port}`,
    model,
    server,
    metricsPort,
    start: async (part) => {
      const own = part === 'worker' ? { METRICS_PORT: String(metricsPort) } : {};
      const child = spawn(process.execPath, ['--import', 'tsx', `src/${part}.ts`], {
        env: { ...settings, ...own },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => (outputs[part] += chunk.toString()));
      running.set(part, child);
      await new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve());
        child.once('exit', (code) => reject(new Error(`${part} ended with ${code}:\n${outputs[part]}`)));
      });
    },
    kill: (part) => stopped(running.get(part), 'SIGKILL'),
    pid: (part) => running.get(part)?.pid ?? 0,
    output: (part) => outputs[part],
    stop: async () => {
      await Promise.all([...running.values()].map((child) => stopped(child)));
      await model.close();
      await server.env.teardown();
      rmSync(folder, { recursive: true });
    },
  };
  try {
    await Promise.all([service.start('worker'), service.start('gateway')]);
    await eventually('the service to be ready', async () => (await fetch(`${service.api}/readyz`)).ok, 90_000);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service;
}

/** Sends JSON, and again where it is told to come again: only what may be sent twice, such as with a key. */
export function sendUntilTaken<T>(...request: Parameters<typeof send>): Promise<{ status: number; body: T }> {
  return eventually(`an answer to ${request[1]} ${request[2]}`, async () => {
    const answer = await send<T>(...request);
    return answer.status !== 503 && answer;
  });
}

/** Sends JSON; gives the JSON of the answer. */
export async function send<T>(
  { api }: Pick<Service, 'api'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: T }> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}
