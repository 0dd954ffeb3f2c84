import { barChart } from './chart.js';
import { openArena, type Arena } from './floor/arena.js';
import { ANSWER, crewOfCalls, TOPIC } from './floor/crews.js';
import { addedPerCall, extrasOf, tableOfEvents } from './floor/events.js';
import type { Measure } from './section.js';
import { median, medianRatio, quantile } from './statistics.js';

/** What each effort measures. The first rounds warm both sides up, and are not counted. */
const AMOUNT = {
  quick: { warmUp: 2, pairs: 3, rounds: 1, runsOfRound: 20, calls: 3 },
  full: { warmUp: 40, pairs: 200, rounds: 10, runsOfRound: 60, calls: 6 },
};
const AT_ONCE = 20;

export const measure: Measure = async (effort) => {
  const amount = AMOUNT[effort];
  const arena = await openArena({ answers: [{ text: ANSWER, repeat: true }] });
  try {
    const two = crewOfCalls(2);
    const product = () => arena.crew(two, { topic: TOPIC });
    const bare = () => arena.bare('bareSequence', [TOPIC, 2]);
    await timesOf(product, bare, amount.warmUp);
    const latency = await timesOf(product, bare, amount.pairs);
    await ratesOf(product, bare, { ...amount, rounds: 1 });
    const cpu = { product: await arena.cpuOf('product'), bare: await arena.cpuOf('bare') };
    const rate = await ratesOf(product, bare, amount);
    const runs = amount.rounds * amount.runsOfRound;
    for (const side of ['product', 'bare'] as const) cpu[side] = ((await arena.cpuOf(side)) - cpu[side]) / runs;
    const added = await eventsOf(arena, amount.calls);
    return sectionOf(latency, rate, cpu, added);
  } finally {
    await arena.close();
  }
};

interface Compared {
  product: number[];
  bare: number[];
}

/** What profiles of the worker showed, and what was done about it. */
const FOUND = [
  'What a profile of the worker showed, and what was done. CPU time of the worker a run, with the profiler off, on a machine that was busy',
  'with other work: read the order, not the digits.',
  '',
  '|  | product | floor | ratio |',
  '| --- | --- | --- | --- |',
  '| before | 37.8 ms | 22.6 ms | 1.67 |',
  '| no stacks, modules without state once, spans only where traced | 29.2 ms | 22.8 ms | 1.28 |',
  '| the same, measured again beside what follows | 27.4 ms | 21.3 ms | 1.29 |',
  '| all modules once, OpenTelemetry too | 18.2 ms | 16.8 ms | 1.08 |',
  '| and again | 25.0 ms | 22.1 ms | 1.13 |',
  '',
  '- The SDK takes and formats the stack of each promise of a workflow; the product makes many. Its workers keep none now',
  '  (`src/workflows/quick-promises.ts`): the tab “Call Stack” of the Temporal UI is empty, failures have their stacks as before.',
  '- The SDK loads the modules of a workflow again for each run. Ours are loaded once (`src/workflows/preloaded.ts`).',
  '- Workflows recorded spans also where nothing is exported. Now they do not, unless a caller traces.',
  '- OpenTelemetry was loaded and set up in the sandbox for each run, each with an async context of its own. Now it is once',
  '  (`src/adapters/telemetry/workflow-preloaded.ts`). A replay of a two-call run took 13.5 ms of CPU time, and takes 8.3 (the floor: 6.8).',
  '',
  'What is left: a span and a few promises more around each call, and the code that interprets the crew.',
];

/** Milliseconds of single runs, in turn; and who is first of a pair changes. */
async function timesOf(product: () => Promise<unknown>, bare: () => Promise<unknown>, pairs: number) {
  const times: Compared = { product: [], bare: [] };
  const timed = async (run: () => Promise<unknown>, into: number[]) => {
    const began = performance.now();
    await run();
    into.push(performance.now() - began);
  };
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) await timed(product, times.product);
    await timed(bare, times.bare);
    if (pair % 2 === 1) await timed(product, times.product);
  }
  return times;
}

/** Runs a second with so many at a time, in rounds that take turns. */
async function ratesOf(
  product: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  { rounds, runsOfRound }: { rounds: number; runsOfRound: number },
) {
  const rates: Compared = { product: [], bare: [] };
  const round = async (run: () => Promise<unknown>, into: number[]) => {
    let left = runsOfRound;
    const lane = async () => {
      while (left-- > 0) await run();
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    into.push(runsOfRound / ((performance.now() - began) / 1000));
  };
  for (let at = 0; at < rounds; at++) {
    if (at % 2 === 0) await round(product, rates.product);
    await round(bare, rates.bare);
    if (at % 2 === 1) await round(product, rates.product);
  }
  return rates;
}

async function eventsOf(arena: Arena, calls: number) {
  const both = async (count: number) => ({
    calls: count,
    product: await arena.history(await arena.crew(crewOfCalls(count), { topic: TOPIC })),
    bare: await arena.history(await arena.bare('bareSequence', [TOPIC, count])),
  });
  return { one: await both(1), many: await both(calls) };
}

function sectionOf(
  latency: Compared,
  rate: Compared,
  cpu: { product: number; bare: number },
  { one, many }: Awaited<ReturnType<typeof eventsOf>>,
) {
  const added = many.calls - one.calls;
  const product = addedPerCall(one.product, many.product, added);
  const bare = addedPerCall(one.bare, many.bare, added);
  const ms = (values: readonly number[], part: number) => `${quantile(values, part).toFixed(1)} ms`;
  const perSecond = (values: readonly number[]) => `${median(values).toFixed(1)} runs/s`;
  const ratio = (value: number) => value.toFixed(3);
  const latencyRatio = medianRatio(latency.product, latency.bare);
  const rateRatio = medianRatio(rate.product, rate.bare);
  return {
    title: 'Against the floor',
    figures: [
      { name: 'latency of a run of two calls ÷ the floor', value: latencyRatio, atMost: 1.1 },
      { name: `throughput at ${AT_ONCE} at a time ÷ the floor`, value: rateRatio, atLeast: 0.95 },
      { name: 'events per added model call − the floor', value: product.events - bare.events, atMost: 0, atLeast: 0 },
      {
        name: 'actions per added model call − the floor',
        value: product.actions - bare.actions,
        atMost: 0,
        atLeast: 0,
      },
    ],
    text: [
      'The floor is a workflow of the bare Temporal SDK, written by hand for this one purpose: two model calls in sequence, the second told',
      'what the first answered, and nothing else: no interceptors, no memo, no search attributes, no events, no view. It calls the activities of',
      'the product itself; its worker has the same options and is a process of its own, as the product’s is. Both are on one Temporal server with',
      'the flags and the file of `npm start`, and a scripted model answers at once. Measured from before the start to the result, by the SDK’s',
      'client. Runs take turns, and the ratio is the median of the pairs’ ratios, so that what disturbs the machine disturbs both.',
      '',
      '|  | product | floor | ratio |',
      '| --- | --- | --- | --- |',
      `| one run, median of ${latency.product.length} | ${ms(latency.product, 0.5)} | ${ms(latency.bare, 0.5)} | **${ratio(latencyRatio)}** |`,
      `| one run, p95 | ${ms(latency.product, 0.95)} | ${ms(latency.bare, 0.95)} | ${ratio(quantile(latency.product, 0.95) / quantile(latency.bare, 0.95))} |`,
      `| ${AT_ONCE} at a time, median of ${rate.product.length} rounds | ${perSecond(rate.product)} | ${perSecond(rate.bare)} | **${ratio(rateRatio)}** |`,
      `| CPU time of the worker a run, then | ${cpu.product.toFixed(1)} ms | ${cpu.bare.toFixed(1)} ms | ${ratio(cpu.product / cpu.bare)} |`,
      '',
      `Events and actions of runs with ${one.calls} and with ${many.calls} calls, and what each call added:`,
      '',
      ...tableOfEvents({ product, bare }),
      '',
      'What the product adds to a run, however many calls it makes:',
      '',
      ...extrasOf(many.product, many.bare),
      '',
      ...FOUND,
    ].join('\n'),
    charts: [
      {
        file: 'floor-latency',
        alt: `One run takes ${ms(latency.product, 0.5)} in the product and ${ms(latency.bare, 0.5)} at the floor`,
        svg: barChart(
          'One run of two calls, median',
          [
            { label: 'product', value: median(latency.product) },
            { label: 'bare SDK', value: median(latency.bare), color: '#888' },
          ],
          { unit: 'ms' },
        ),
      },
      {
        file: 'floor-throughput',
        alt: `The product does ${perSecond(rate.product)}, the floor ${perSecond(rate.bare)}`,
        svg: barChart(
          `Runs a second, ${AT_ONCE} at a time, median`,
          [
            { label: 'product', value: median(rate.product) },
            { label: 'bare SDK', value: median(rate.bare), color: '#888' },
          ],
          { unit: 'runs/s' },
        ),
      },
    ],
  };
}
