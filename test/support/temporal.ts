import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import { Replayer } from '../../src/adapters/temporal/replayer.js';
import { bundleOptions } from '../../src/adapters/temporal/worker-options.js';
import { SEARCH_ATTRIBUTES } from '../../temporal/dev-server.js';
import { findTemporalCli } from '../../temporal/find-cli.js';

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
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return {
    env: await startServer(['limit.historyCount.suggestContinueAsNew=40'], ['--db-filename', dbFile, ...pragmas]),
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

async function startServer(values: string[], args: string[] = []): Promise<TestWorkflowEnvironment> {
  const { path } = await findTemporalCli({ onProgress: () => undefined });
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: [
        ...args,
        ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
        ...['history.transferProcessorMaxPollRPS=1000', 'system.enableActivityEagerExecution=true', ...values].flatMap(
          (value) => ['--dynamic-config-value', value],
        ),
      ],
    },
  });
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
