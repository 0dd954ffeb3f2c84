import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { defineTool, type Tool } from '../src/authoring/define.js';
import { inCrewWorld, type CrewWorld } from '../test/support/crew-world.js';
import { uniqueName } from '../test/support/crews.js';
import { crewWith, runToEnd } from '../test/support/engine.js';
import { stopTestStore } from '../test/support/store.js';
import { stopTestServer, testServer } from '../test/support/temporal.js';
import { xyChart, type Line } from './chart.js';
import { kb, mb, ms, table } from './markdown.js';
import { median } from './statistics.js';
import type { Chart, Effort, Measure, Section } from './section.js';

const RESULT_CHARS = 8_000;
const CHARS_A_TOKEN = 4;
/** Rounds whose median stands for the beginning and for the end: the very first one has what a run has once. */
const FEW = 10;

/** A run of so many model calls in one conversation. */
interface Run {
  calls: number;
  events: number;
  /** As Temporal counts the history. */
  bytes: number;
  /** Bytes of history that each round of one model call and one tool call added, by their events. */
  rounds: number[];
  /** From one model call to the next. */
  times: number[];
  tokens: number;
}

/** The naive design's run, to whatever end it came. */
interface Naive {
  ended: string;
  calls: number;
  bytes: number;
  rounds: number[];
}

const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks something up.',
  input: z.object({ page: z.number() }),
  idempotent: true,
  run: ({ page }) => `Page ${page}. `.padEnd(RESULT_CHARS, `fact ${page} `),
}) as unknown as Tool;

/** What a model call adds to a history, in conversations of 1 … 100 calls; and in a design that carries the conversation. */
export const measure: Measure = async (effort) => {
  const counts = effort === 'full' ? [1, 10, 25, 50, 101] : [1, 3, 6];
  try {
    const runs: Run[] = [];
    for (const calls of counts) runs.push(await ours(calls));
    return section(runs, await naiveRun(effort === 'full' ? 100 : 5), effort);
  } finally {
    await Promise.all([stopTestServer(), stopTestStore()]);
  }
};

/** One agent that calls a tool in each round but the last, where it answers. */
async function ours(calls: number): Promise<Run> {
  const answers = [
    ...Array.from({ length: calls - 1 }, (_, page) => ({ tool_calls: [{ name: 'look_up', arguments: { page } }] })),
    { text: 'I have read it all.' },
  ];
  let run: Run | undefined;
  const crew = crewWith({ a: {} }, {}, { tools: ['look_up'], max_iter: calls + 10 });
  await inCrewWorld(
    { answers },
    async (world) => {
      const { view, runId } = await runToEnd(world, crew);
      if (view.status !== 'completed') throw new Error(`ended as ${view.status}`);
      run = await readRun(world, runId, calls);
    },
    { tools: [lookUp] },
  );
  if (!run) throw new Error('not measured');
  return run;
}

async function readRun(world: CrewWorld, runId: string, expected: number): Promise<Run> {
  const events = (await world.histories(runId)).flatMap((history) => history.events ?? []);
  const rounds: number[] = [];
  let since = 0;
  for (const event of events) {
    since += sizeOf(event);
    if (!event.activityTaskScheduledEventAttributes?.activityId?.startsWith('a/tool/')) continue;
    rounds.push(since);
    since = 0;
  }
  const calls = world.model.calls();
  if (calls.length !== expected) throw new Error(`${calls.length} model calls instead of ${expected}`);
  const at = calls.map((call) => Date.parse(call.at));
  const description = await world.handle(runId).describe();
  return {
    calls: calls.length,
    events: events.length,
    bytes: Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    rounds,
    times: at.slice(1).map((time, index) => time - (at[index] ?? time)),
    tokens: Math.round(JSON.stringify(calls.at(-1)?.messages ?? []).length / CHARS_A_TOKEN),
  };
}

/** An event as it is kept: its payloads are bytes, and the rest is small. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 4;
  return Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0);
}

/** The same conversation where each call gets it whole and gives it back with what was added. */
async function naiveRun(rounds: number): Promise<Naive> {
  const { env } = await testServer();
  const taskQueue = uniqueName('naive');
  const workflowsPath = fileURLToPath(new URL('./naive-workflow.ts', import.meta.url));
  const logger = new DefaultLogger('ERROR', () => undefined);
  const connection = await NativeConnection.connect({ address: env.address });
  const bytes: number[] = [];
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger }),
    activities: {
      naiveCall: (before: string[]): string[] => {
        const after = [...before, `call ${before.length}`, `Page ${before.length}. `.padEnd(RESULT_CHARS, 'fact ')];
        bytes.push(JSON.stringify(before).length + JSON.stringify(after).length);
        return after;
      },
    },
  });
  const running = worker.run();
  const handle = await env.client.workflow.start('naiveAgent', { taskQueue, workflowId: taskQueue, args: [rounds] });
  const ended = await handle.result().then(
    () => 'completed',
    () => 'ended by Temporal',
  );
  const description = await handle.describe();
  worker.shutdown();
  await running;
  await connection.close();
  const total = Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0);
  return { ended, calls: bytes.length, bytes: total, rounds: bytes };
}

function section(runs: readonly Run[], naive: Naive, effort: Effort): Section {
  const [longest = runs[0]] = runs.toReversed();
  if (!longest) throw new Error('nothing was measured');
  // The first round begins with the run's own events.
  const first = (values: readonly number[]) => median(values.slice(1, 1 + FEW));
  const last = (values: readonly number[]) => median(values.slice(-FEW));
  const ratio = (values: readonly number[]) => last(values) / first(values);
  const marginal = runs.slice(1).map((run, at) => {
    const before = runs[at] ?? run;
    return (run.bytes - before.bytes) / (run.calls - before.calls);
  });
  return {
    title: 'Lean: what a model call adds to a history',
    figures: [
      {
        name: `bytes of history a round: last ÷ first of ${longest.calls} calls`,
        value: ratio(longest.rounds),
        atMost: 1.05,
      },
      {
        name: `bytes of history an added call: the last of ${longest.calls} ÷ the first`,
        value: (marginal.at(-1) ?? NaN) / (marginal[0] ?? NaN),
        atMost: 1.1,
      },
      { name: 'the same in the naive design: last round ÷ first', value: ratio(naive.rounds) },
    ],
    text: text(runs, marginal, naive, longest, { first, last }),
    ...(effort === 'full' && { charts: [chart(longest, naive)] }),
  };
}

function text(
  runs: readonly Run[],
  marginal: readonly number[],
  naive: Naive,
  longest: Run,
  { first, last }: Record<'first' | 'last', (values: readonly number[]) => number>,
): string {
  return [
    `One agent in one conversation: each model call but the last asks for a tool, whose result has ${RESULT_CHARS.toLocaleString('en')} characters. Sizes`,
    'are counted by Temporal, not timed, so one run each says it.',
    '',
    table(
      ['model calls', 'events', 'history', 'history ÷ calls', 'bytes an added call'],
      runs.map(({ calls, events, bytes }, at) => [
        calls,
        events,
        kb(bytes),
        kb(bytes / calls),
        at === 0 ? '' : kb(marginal[at - 1] ?? NaN),
      ]),
    ),
    '',
    'Beside it the naive design: each call gets the whole conversation as its argument and returns it with what was added.',
    '',
    table(
      ['', 'this service', 'naive'],
      [
        ['ended', `completed, ${longest.calls} model calls`, `${naive.ended} after ${naive.calls} calls`],
        ['conversation at the end', `about ${longest.tokens.toLocaleString('en')} tokens`, ''],
        ['history, as Temporal counts it (its limit is 50 MB)', mb(longest.bytes), mb(naive.bytes)],
        ['history of a round at the beginning (median)', kb(first(longest.rounds)), kb(first(naive.rounds))],
        ['history of a round at the end (median)', kb(last(longest.rounds)), kb(last(naive.rounds))],
        ['time of a round at the beginning (median)', ms(first(longest.times)), ''],
        ['time of a round at the end (median)', ms(last(longest.times)), ''],
      ],
    ),
    '',
    'What grows with any design is the prompt: the last call sends the whole conversation, which the client writes and the endpoint',
    'reads; the time of a round shows that. History and reads of the store do not grow: a call names the conversation by its digest.',
    'An added call is more than its round by its part in the record that closes a run; a record of over 64,000 characters goes',
    'through an activity into the store, where its quotes cost a backslash each: that is why the last calls add a little more.',
  ].join('\n');
}

function chart(longest: Run, naive: Naive): Chart {
  const points = (rounds: readonly number[]) => rounds.map((bytes, at) => [at + 1, bytes / 1024] as const);
  const lines: Line[] = [
    { name: 'this service', points: points(longest.rounds), color: '#0a7d55' },
    { name: 'naive', points: points(naive.rounds), color: '#b3261e' },
  ];
  return {
    file: 'lean',
    alt: 'KB of history that each round adds: flat for this service, a rising line for the naive design',
    svg: xyChart('KB of history that each round adds', lines, { xLabel: 'round', yLabel: 'KB' }),
  };
}
