import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { uniqueName } from '../test/support/crews.js';
import { TestStack } from '../test/support/stack.js';
import { stopped } from '../test/support/store.js';
import { ms, table } from './markdown.js';
import { median, quantile } from './statistics.js';
import { startParts, type Parts } from './processes.js';
import type { Measure, Section } from './section.js';

const POLL_MS = 10;
const SCRIPT = { answers: [{ text: 'A text.', repeat: true }] };

/** A way to start something, and how long each start took. Milliseconds. */
interface Starts {
  what: string;
  ms: number[];
}

/** How long `npm start` takes until it is ready, from its second time on; and a worker until it polls, with a bundle and without. */
export const measure: Measure = async (effort) => {
  const times = effort === 'full' ? 5 : 1;
  const stacks = [
    await stackStarts('`npm start` with a scripted model', { MODEL_SCRIPT: writeScript() }, Math.min(times, 3)),
  ];
  // Its run takes its model longer than all else.
  if (effort === 'full') stacks.push(await stackStarts('`npm start` with its model', {}, 3));
  const parts = await startParts(SCRIPT);
  try {
    return section(stacks, await workerStarts(parts, times));
  } finally {
    await parts.stop();
    rmSync(scriptFolder, { recursive: true, force: true });
  }
};

const scriptFolder = mkdtempSync(join(tmpdir(), 'bench-start-'));

function writeScript(): string {
  const file = join(scriptFolder, 'script.json');
  writeFileSync(file, JSON.stringify(SCRIPT));
  return file;
}

/** In one data folder: the first start, which makes databases, is not counted. */
async function stackStarts(what: string, env: NodeJS.ProcessEnv, times: number): Promise<Starts> {
  const stack = new TestStack();
  const took: number[] = [];
  try {
    for (let at = 0; at <= times; at++) {
      stack.output = '';
      const began = performance.now();
      await stack.start([], env);
      await stack.ready();
      if (at > 0) took.push(performance.now() - began);
      // The run that it shows: one that was left open would go on at the next start, and slow it down.
      await stack.said(/Up until Ctrl-C/);
      await stack.stop();
    }
  } finally {
    await stack.stop();
    stack.remove();
  }
  return { what, ms: took };
}

/** In turns, so that a busy machine slows both. */
async function workerStarts(parts: Parts, times: number): Promise<[bundled: Starts, bundling: Starts]> {
  const file = join(scriptFolder, 'workflows.js');
  writeFileSync(file, parts.workflowCode);
  const bundled: Starts = { what: 'with the prebuilt bundle', ms: [] };
  const bundling: Starts = { what: 'without: it bundles first', ms: [] };
  for (let at = 0; at <= times; at++) {
    const each = [await workerStart(parts, { WORKFLOW_BUNDLE: file }), await workerStart(parts, {})] as const;
    if (at === 0) continue;
    bundled.ms.push(each[0]);
    bundling.ms.push(each[1]);
  }
  return [bundled, bundling];
}

/** From the start of the process to the first poll that the server has seen. */
async function workerStart(parts: Parts, env: NodeJS.ProcessEnv): Promise<number> {
  const taskQueue = uniqueName('start');
  const began = performance.now();
  const worker = spawn(process.execPath, ['--import', 'tsx', 'src/worker.ts'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_ADDRESS: parts.address,
      DATABASE_URL: parts.databaseUrl,
      OPENAI_BASE_URL: parts.modelUrl,
      OPENAI_API_KEY: 'none',
      OPENAI_MODEL: 'scripted-model',
      MODELS_CONFIG: 'none',
      MCP_CONFIG: 'none',
      TASK_QUEUE: taskQueue,
      SHUTDOWN_GRACE_SECONDS: '1',
      ...env,
    },
    stdio: 'ignore',
  });
  try {
    while (!(await polls(parts, taskQueue))) {
      if (worker.exitCode !== null) throw new Error(`the worker ended with code ${worker.exitCode}`);
      await pause(POLL_MS);
    }
    return performance.now() - began;
  } finally {
    await stopped(worker, 'SIGKILL');
  }
}

async function polls({ client }: Parts, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return pollers.length > 0;
}

function section(stacks: readonly Starts[], [bundled, bundling]: readonly [Starts, Starts]): Section {
  const row = ({ what, ms: took }: Starts) => [
    what,
    took.length,
    ms(median(took)),
    ms(quantile(took, 0)),
    ms(quantile(took, 1)),
  ];
  const head = ['times', 'median', 'shortest', 'longest'];
  return {
    title: 'Start: until it is ready',
    figures: [
      {
        name: 'worker to its first poll: with the prebuilt bundle ÷ without',
        value: median(bundled.ms) / median(bundling.ms),
        atMost: 1,
      },
      ...stacks.map((starts) => ({ name: `${starts.what}, until ready`, value: median(starts.ms), unit: 'ms' })),
    ],
    text: [
      'From the start of the process until `/readyz` says yes: Temporal server, store, model, worker and gateway, and the workflow bundle,',
      'which `npm start` makes each time. Its first time in a data folder, when databases are made, is not counted.',
      '',
      table(['', ...head], stacks.map(row)),
      '',
      'A worker of its own beside a running server, from the start of its process until the server has seen it poll. Both run the sources',
      'by tsx; the image has compiled ones.',
      '',
      table(['worker', ...head], [bundled, bundling].map(row)),
    ].join('\n'),
  };
}
