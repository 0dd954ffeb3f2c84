import { spawn, type ChildProcess } from 'node:child_process';
import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import { Replayer } from '../../src/adapters/temporal/replayer.js';
import { bundleOptions } from '../../src/adapters/temporal/worker-options.js';
import { devServerArgs } from '../../temporal/dev-server.js';
import { findTemporalCli } from '../../temporal/find-cli.js';
import { freePort } from './free-port.js';
import { stopped } from './store.js';

/** Longest until a new server serves, on a machine that is busy. */
const START_MS = 90_000;

/** The one Temporal dev server of this test run. */
export interface TestServer {
  env: TestWorkflowEnvironment;
  bundle: WorkflowBundleWithSourceMap;
}

let server: Promise<TestServer> | undefined;

/** The dev server, started at its first use; and the workflow bundle, made once. */
export function testServer(): Promise<TestServer> {
  server ??= start();
  return server;
}

/** A server of its own, with dynamic configuration (`limit.historyCount.suggestContinueAsNew=40`). The caller tears it down. */
export async function serverWith(...values: string[]): Promise<TestServer> {
  const { bundle } = await testServer();
  return { env: await startServer(values), bundle };
}

/** A server of its own that keeps what it has in a file, as `npm start` has it, and a bundle with these failures. The caller tears it down. */
export async function serverOnDisk(dbFile: string, failureConverterPath?: string): Promise<TestServer> {
  const { bundle } = await testServer();
  return {
    env: await startServer(['limit.historyCount.suggestContinueAsNew=40'], dbFile),
    bundle:
      failureConverterPath === undefined
        ? bundle
        : await bundleWorkflowCode({
            ...bundleOptions(),
            failureConverterPath,
            logger: new DefaultLogger('ERROR', () => undefined),
          }),
  };
}

async function start(): Promise<TestServer> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const [env, bundle] = await Promise.all([
    startServer([]),
    bundleWorkflowCode({ ...bundleOptions(), logger: new DefaultLogger('ERROR', () => undefined) }),
  ]);
  return { env, bundle };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Started here and not by the SDK, which gives a server 5 s until it must serve. */
async function startServer(values: string[], dbFile?: string): Promise<TestWorkflowEnvironment> {
  const { path } = await findTemporalCli({ onProgress: () => undefined });
  const port = await freePort();
  const dynamicConfig = Object.fromEntries(values.map((value) => split(value)));
  const args = devServerArgs({ port, logLevel: 'never', dynamicConfig, ...(dbFile !== undefined && { dbFile }) });
  const child = spawn(path, args, { stdio: 'ignore' });
  running.add(child);
  const stop = async () => {
    await stopped(child, 'SIGKILL');
    running.delete(child);
  };
  try {
    const env = await untilServes(`127.0.0.1:${port}`, child);
    const close = env.teardown.bind(env);
    env.teardown = () => close().finally(stop);
    return env;
  } catch (error) {
    await stop();
    throw error;
  }
}

function split(value: string): [string, string] {
  const at = value.indexOf('=');
  return [value.slice(0, at), value.slice(at + 1)];
}

async function untilServes(address: string, child: ChildProcess): Promise<TestWorkflowEnvironment> {
  const until = Date.now() + START_MS;
  for (;;) {
    let env: TestWorkflowEnvironment | undefined;
    try {
      env = await TestWorkflowEnvironment.createFromExistingServer({ address });
      // The port is open before the namespace and its lists are there.
      await env.client.workflow.count();
      return env;
    } catch (error) {
      await env?.teardown();
      if (child.exitCode !== null || Date.now() > until)
        throw new Error('the Temporal server did not start', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

let replayer: Replayer | undefined;

/** Replays a history on today's code. Rejects where it would have gone another way. */
export async function replay(history: object, workflowId: string, dataConverter?: DataConverter): Promise<void> {
  const { bundle: workflowBundle } = await testServer();
  const options = { workflowBundle, plugins: [startTelemetry('test', false).plugin] };
  if (!dataConverter) return (replayer ??= new Replayer(options)).replay(history, workflowId);
  const own = new Replayer({ ...options, dataConverter });
  try {
    await own.replay(history, workflowId);
  } finally {
    await own.close();
  }
}

/** Stops the dev server, if one was started. Mocha calls it once at the end. */
export async function stopTestServer(): Promise<void> {
  await replayer?.close();
  await (await server)?.env.teardown();
}
