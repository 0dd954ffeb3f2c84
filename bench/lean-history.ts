import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { defineTool, type Tool } from '../src/authoring/define.js';
import { inCrewWorld, type CrewWorld } from '../test/support/crew-world.js';
import { uniqueName } from '../test/support/crews.js';
import { crewWith, runToEnd } from '../test/support/engine.js';
import { stopTestStore } from '../test/support/store.js';
import { stopTestServer, testServer } from '../test/support/temporal.js';
import { lineChart } from './chart.js';

/**
 * `npm run bench:lean`: one agent makes 100 tool calls in a conversation that grows to 200,000 tokens; then the same
 * conversation in a naive design. Writes `bench/lean-history.md`. Figures of one run on one machine: read the ratios.
 */
const ROUNDS = 100;
const RESULT_CHARS = 8_000;
const CHARS_A_TOKEN = 4;
/** Temporal ends a run whose history is larger. */
const LIMIT_BYTES = 50 * 1024 * 1024;

interface Measured {
  /** Bytes of history that each round added. */
  bytes: number[];
  total: number;
}

const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks something up.',
  input: z.object({ page: z.number() }),
  idempotent: true,
  run: ({ page }) => `Page ${page}. `.padEnd(RESULT_CHARS, `fact ${page} `),
}) as unknown as Tool;

const ours = await measureOurs();
const naive = await measureNaive();
report();
await Promise.all([stopTestServer(), stopTestStore()]);
process.exit(0);

async function measureOurs(): Promise<Measured & { times: number[]; tokens: number; reported: number }> {
  const answers = [
    ...Array.from({ length: ROUNDS }, (_, page) => ({ tool_calls: [{ name: 'look_up', arguments: { page } }] })),
    { text: 'I have read it all.' },
  ];
  let result: Awaited<ReturnType<typeof measureOurs>> | undefined;
  await inCrewWorld(
    { answers },
    async (world) => {
      const ended = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['look_up'], max_iter: ROUNDS + 10 }));
      if (ended.view.status !== 'completed') throw new Error(`ended as ${ended.view.status}`);
      result = { ...(await historyOf(world, ended.runId)), ...callsOf(world) };
    },
    { tools: [lookUp] },
  );
  if (!result) throw new Error('not measured');
  return result;
}

async function historyOf(world: CrewWorld, runId: string): Promise<Measured & { reported: number }> {
  const parts = await world.histories(runId);
  const events = parts.flatMap(({ events }) => events ?? []);
  const bytes: number[] = [];
  let since = 0;
  for (const event of events) {
    since += sizeOf(event);
    const scheduled = event.activityTaskScheduledEventAttributes?.activityId;
    if (scheduled?.startsWith('a/tool/')) {
      bytes.push(since);
      since = 0;
    }
  }
  const description = await world.handle(runId).describe();
  const total = events.reduce((sum, event) => sum + sizeOf(event), 0);
  return { bytes, total, reported: Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
}

/** An event as it is kept: its payloads are bytes, and the rest is small. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 4;
  return Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0);
}

function callsOf(world: CrewWorld): { times: number[]; tokens: number } {
  const calls = world.model.calls();
  const at = calls.map((call) => Date.parse(call.at));
  const times = at.slice(1).map((time, index) => time - (at[index] ?? time));
  const chars = JSON.stringify(calls.at(-1)?.messages ?? []).length;
  return { times, tokens: Math.round(chars / CHARS_A_TOKEN) };
}

async function measureNaive(): Promise<Measured & { ended: string }> {
  const { env } = await testServer();
  const taskQueue = uniqueName('naive');
  const workflowsPath = fileURLToPath(new URL('./naive-workflow.ts', import.meta.url));
  const logger = new DefaultLogger('ERROR', () => undefined);
  const connection = await NativeConnection.connect({ address: env.address });
  let conversation = 0;
  const bytes: number[] = [];
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger }),
    activities: {
      naiveCall: (before: string[]): string[] => {
        const after = [...before, `call ${before.length}`, `Page ${before.length}. `.padEnd(RESULT_CHARS, 'fact ')];
        conversation = JSON.stringify(before).length + JSON.stringify(after).length;
        bytes.push(conversation);
        return after;
      },
    },
  });
  const running = worker.run();
  const handle = await env.client.workflow.start('naiveAgent', { taskQueue, workflowId: taskQueue, args: [ROUNDS] });
  const ended = await handle.result().then(
    () => 'completed',
    () => 'ended by Temporal',
  );
  const description = await handle.describe();
  worker.shutdown();
  await running;
  await connection.close();
  const total = Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0);
  return { bytes, total, ended };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function report(): void {
  const first = (values: number[]) => median(values.slice(5, 15));
  const last = (values: number[]) => median(values.slice(-10));
  const ratio = (values: number[]) => (last(values) / first(values)).toFixed(2);
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(2)} MB`;
  const lines = [
    '# A history that does not carry the conversation',
    '',
    `\`npm run bench:lean\`: one agent, ${ROUNDS} tool calls of ${RESULT_CHARS} characters each, a model with no latency, the`,
    'Temporal dev server and the embedded store; 2 cores, everything on one machine, one run. Read the ratios. The naive design',
    'gives each call the whole conversation and takes it back with what was added.',
    '',
    '|  | this service | naive |',
    '| --- | --- | --- |',
    `| ended | completed, ${ROUNDS + 1} model calls | ${naive.ended} after ${naive.bytes.length} calls |`,
    `| conversation at the end | about ${ours.tokens.toLocaleString('en')} tokens | |`,
    `| history, as Temporal counts it | ${mb(ours.reported)} | ${mb(naive.total)} (limit ${mb(LIMIT_BYTES)}) |`,
    `| history of a round, 6–15 (median) | ${kb(first(ours.bytes))} | ${kb(first(naive.bytes))} |`,
    `| history of a round, the last 10 | ${kb(last(ours.bytes))} | ${kb(last(naive.bytes))} |`,
    `| last ÷ first | **${ratio(ours.bytes)}** | ${ratio(naive.bytes)} |`,
    `| time of a round, 6–15 (median) | ${first(ours.times)} ms | |`,
    `| time of a round, the last 10 | ${last(ours.times)} ms | |`,
    `| last ÷ first | ${ratio(ours.times)} | |`,
    '',
    'What must grow with any design is the prompt that is sent: at the end each call sends some 800 KB, which the client writes',
    'and the endpoint reads. That is what the time of a round shows. History, reads of the store and the work of the workflow',
    'do not grow: a call names the conversation by its digest, and its worker has it in memory, or reads it in one statement.',
    '',
    '![Bytes of history a round adds, by its number](lean-history.svg)',
    '',
  ];
  const text = lines.join('\n');
  writeFileSync(new URL('./lean-history.md', import.meta.url), text);
  const chart = lineChart('KB of history that each round adds', [
    { name: 'this service', values: ours.bytes.map((bytes) => bytes / 1024), color: '#0a7d55' },
    { name: 'naive', values: naive.bytes.map((bytes) => bytes / 1024), color: '#b3261e' },
  ]);
  writeFileSync(new URL('./lean-history.svg', import.meta.url), chart);
  console.log(text);
}
