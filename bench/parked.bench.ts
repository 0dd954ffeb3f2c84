import { TUNING } from '../src/adapters/temporal/worker-options.js';
import { stopTestStore } from '../test/support/store.js';
import { stopTestServer } from '../test/support/temporal.js';
import { xyChart } from './chart.js';
import { mb, ms, table } from './markdown.js';
import { quantile } from './statistics.js';
import { startParkedRuns, type ParkedRuns, type Resumed } from './parked-runs.js';
import type { Measure, Section } from './section.js';

/** Longest that runs are started for: on a slow machine fewer wait, and the report says how many. */
const START_MS = 480_000;

/** So many runs fill the worker's cache for certain, before Node.js 24: see {@link TUNING}. */
const FULL_CACHE = 1_000;

/** The worker when so many runs waited. */
interface Milestone {
  waiting: number;
  rss: number;
  heap: number;
  workflowHeap: number;
  /** Since the milestone before. */
  tookMs: number;
}

/** Everything that was measured; times in milliseconds. */
interface Measured {
  milestones: Milestone[];
  pages: number[];
  old: Resumed[];
  fresh: Resumed[];
  listed: number[];
}

/** Many runs that wait for a person at the same time: what the worker holds, what the inbox and a decision take. */
export const measure: Measure = async (effort) => {
  const counts = effort === 'full' ? [1_000, 5_000, 10_000] : [20, 50, 100];
  const samples = effort === 'full' ? 50 : 5;
  try {
    const parked = await startParkedRuns();
    const milestones: Milestone[] = [];
    const deadline = performance.now() + START_MS;
    for (const count of counts)
      if (performance.now() < deadline) milestones.push(await milestone(parked, count, deadline));
    const walks = [await parked.walk({}), await parked.walk({}), await parked.walk({ assignee: 'ada' })];
    // From the oldest on: of these, only the last few can be in the cache. And the newest, which are.
    const spread = Array.from(
      { length: samples },
      (_, at) => parked.ids[Math.floor((at * 0.9 * parked.ids.length) / samples)],
    );
    const newest = parked.ids.slice(-samples);
    const old = await eachResumed(parked, spread);
    const listed: number[] = [];
    const fresh = await eachResumed(parked, newest);
    for (let at = 0; at < samples; at++) listed.push(await parked.listedAfter());
    await parked.stop();
    return section({ milestones, pages: walks.flat(), old, fresh, listed });
  } finally {
    await Promise.all([stopTestServer(), stopTestStore()]);
  }
};

async function milestone(parked: ParkedRuns, count: number, deadline: number): Promise<Milestone> {
  const began = performance.now();
  const waiting = await parked.growTo(count, deadline);
  const tookMs = performance.now() - began;
  return { waiting, ...(await parked.worker.memory()), tookMs };
}

/** One after the other. */
async function eachResumed(parked: ParkedRuns, runIds: readonly (string | undefined)[]): Promise<Resumed[]> {
  const resumed: Resumed[] = [];
  for (const runId of runIds) if (runId !== undefined) resumed.push(await parked.resume(runId));
  return resumed;
}

function section({ milestones, pages, old, fresh, listed }: Measured): Section {
  const [first] = milestones;
  const last = milestones.at(-1);
  if (!first || !last) throw new Error('nothing was measured');
  const many = (count: number) => count.toLocaleString('en');
  const ended = (of: readonly Resumed[]) => of.map((one) => one.ended);
  const row = (what: string, values: readonly number[]) => [
    what,
    values.length,
    ms(quantile(values, 0.5)),
    ms(quantile(values, 0.95)),
    ms(quantile(values, 1)),
  ];
  return {
    title: `Parked: ${many(last.waiting)} runs that wait for a person`,
    figures: [
      ...milestones.slice(0, -1).map((one) => ({
        name: `memory in use by the worker: ${many(last.waiting)} runs ÷ ${many(one.waiting)}`,
        value: inUse(last) / inUse(one),
        // A quick try ends before the cache is full: until then it is meant to grow.
        ...(one.waiting >= FULL_CACHE && { atMost: 1.1 }),
      })),
      ...milestones.slice(0, -1).map(({ waiting, rss }) => ({
        name: `resident memory of the worker: ${many(last.waiting)} runs ÷ ${many(waiting)}`,
        value: last.rss / rss,
        // With it goes what is not collected yet, of which there may be little at one moment and much at the next.
        ...(waiting >= FULL_CACHE && { atMost: 1.5 }),
      })),
      { name: 'a page of 100 of the inbox, p95', value: quantile(pages, 0.95), unit: 'ms' },
      { name: 'decision → end of the run, replayed, p50', value: quantile(ended(old), 0.5), unit: 'ms' },
      { name: 'decision → end of the run, replayed, p95', value: quantile(ended(old), 0.95), unit: 'ms' },
    ],
    text: [
      `${many(last.waiting)} runs that each ask a person, open at the same time, on the Temporal dev server with its database in memory, one worker in a`,
      'process of its own, the embedded store and a model with no latency. Its memory is read when all of them wait: first what',
      'is resident, then what is in use, the heaps of its main thread and of the thread with workflow code after garbage collection.',
      'Both heaps are bounded as `npm start` bounds them; what is resident beyond them is native, or not collected yet.',
      '',
      table(
        [
          'waiting runs',
          'resident memory of the worker',
          'in use by its main thread',
          'in use by workflow code',
          'runs started and parked a second',
        ],
        milestones.map(({ waiting, rss, heap, workflowHeap, tookMs }, at) => [
          many(waiting),
          mb(rss),
          mb(heap),
          mb(workflowHeap),
          Math.round((waiting - (milestones[at - 1]?.waiting ?? 0)) / (tookMs / 1000)),
        ]),
      ),
      '',
      'The inbox was walked three times by cursor, the third time by assignee: each walk had each run exactly once.',
      '',
      table(
        ['', 'times', 'p50', 'p95', 'longest'],
        [
          row('a page of 100 runs of the inbox', pages),
          row(
            'decision → its answer, run not in the cache',
            old.map(({ answered }) => answered),
          ),
          row('decision → end of the run, run not in the cache', ended(old)),
          row(
            'decision → its answer, run in the cache',
            fresh.map(({ answered }) => answered),
          ),
          row('decision → end of the run, run in the cache', ended(fresh)),
          row(
            'answer to the decision → gone from the inbox',
            [...old, ...fresh].map(({ gone }) => gone),
          ),
          row('the run asks → listed in the inbox', listed),
        ],
      ),
      '',
      `A waiting run takes no timer, no activity and no place in a worker: the cache ${bound()},`,
      'and a run that is not there is replayed from its history when it is decided.',
    ].join('\n'),
    charts: [
      {
        file: 'parked',
        alt: 'Memory of the worker by the number of runs that wait',
        svg: xyChart(
          'Memory of the worker by runs that wait',
          [
            {
              name: 'resident',
              points: milestones.map((one) => [one.waiting, one.rss / 1024 / 1024] as const),
              color: '#0a7d55',
            },
            {
              name: 'in use',
              points: milestones.map((one) => [one.waiting, inUse(one) / 1024 / 1024] as const),
              color: '#555',
            },
          ],
          { xLabel: 'runs that wait', yLabel: 'MB' },
        ),
      },
    ],
  };
}

/** What both heaps hold once garbage is collected: a leak would show here. */
function inUse({ heap, workflowHeap }: Milestone): number {
  return heap + workflowHeap;
}

/** How many runs the cache holds is ours where Node.js has no other way, and else the SDK's. */
function bound(): string {
  return 'maxCachedWorkflows' in TUNING ? `holds ${TUNING.maxCachedWorkflows} runs` : 'holds what the SDK finds fit';
}
