import { defaultPayloadConverter } from '@temporalio/common';
import type { ModelRequest } from '../src/contract/wire.js';
import type { Crew } from '../src/ports.js';
import { barChart } from './chart.js';
import { openArena, type Arena } from './floor/arena.js';
import { ANSWER, crewOfCalls, crewOfWidth, managedCrew, TOPIC } from './floor/crews.js';
import type { Measure, Section } from './section.js';
import { median, medianRatio } from './statistics.js';

const MODEL_MS = 500;
const TASKS = 4;
const WIDTH = 8;
const MANAGED = 2;
/** Pairs of runs, product and bare in turn. The first of each is not counted. */
const PAIRS = { quick: 1, full: 9 };

/** A crew, and its calls in steps: those of one step are made at the same time. */
interface Shape {
  name: string;
  crew: Crew;
  steps: readonly number[];
}

const SHAPES: readonly Shape[] = [
  { name: `sequential, ${TASKS} tasks`, crew: crewOfCalls(TASKS), steps: Array<number>(TASKS).fill(1) },
  { name: `parallel, ${WIDTH} wide and one that joins`, crew: crewOfWidth(WIDTH), steps: [WIDTH, 1] },
  // The manager gives the work out; then each task is done, and reviewed.
  {
    name: `hierarchical, ${MANAGED} tasks`,
    crew: managedCrew(MANAGED),
    steps: Array<number>(1 + 2 * MANAGED).fill(1),
  },
];

const SCRIPT = {
  answers: [
    { when: 'Give each task to one agent', json: { assignments: [] } },
    { when: 'Is this what was expected?', json: { reasons: '', accepted: true } },
    { text: ANSWER },
  ].map((answer) => ({ ...answer, repeat: true, delay_ms: MODEL_MS })),
};

interface Timed extends Shape {
  product: number[];
  bare: number[];
}

/** Wall time against the bare SDK's on the same calls, and against the model's own time along the longest chain. */
export const measure: Measure = async (effort) => {
  const arena = await openArena(SCRIPT);
  try {
    const timed: Timed[] = [];
    for (const shape of SHAPES) timed.push(await timesOf(arena, shape, PAIRS[effort]));
    return sectionOf(timed);
  } finally {
    await arena.close();
  }
};

async function timesOf(arena: Arena, shape: Shape, pairs: number): Promise<Timed> {
  const steps = await requestsOf(arena, shape);
  const times = { product: [] as number[], bare: [] as number[] };
  await arena.bare('bareSteps', [steps]);
  for (let pair = 0; pair < pairs; pair++) {
    times.product.push(await msOf(() => arena.crew(shape.crew, { topic: TOPIC })));
    times.bare.push(await msOf(() => arena.bare('bareSteps', [steps])));
  }
  return { ...shape, ...times };
}

/** What a run of the product asks its models, step by step: the bare workflow asks the same. */
async function requestsOf(arena: Arena, { name, crew, steps }: Shape): Promise<ModelRequest[][]> {
  const { events } = await arena.history(await arena.crew(crew, { topic: TOPIC }));
  const requests = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    (scheduled?.input?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload<ModelRequest>(payload)),
  );
  const expected = steps.reduce((sum, width) => sum + width, 0);
  if (requests.length !== expected) throw new Error(`${name}: ${requests.length} calls, not ${expected}`);
  return steps.map((width) => requests.splice(0, width));
}

async function msOf(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

function sectionOf(timed: readonly Timed[]): Section {
  const pathOf = ({ steps }: Shape) => steps.length * MODEL_MS;
  const rows = timed.map((shape) => {
    const { name, product, bare } = shape;
    const path = pathOf(shape);
    const ratio = (values: readonly number[]) => (median(values) / path).toFixed(3);
    const ms = (value: number) => `${Math.round(value)} ms`;
    return `| ${name} | ${path} ms | ${ms(median(product))} | ${ms(median(bare))} | **${medianRatio(product, bare).toFixed(3)}** | ${ratio(product)} | ${ratio(bare)} |`;
  });
  return {
    title: 'Critical path',
    figures: timed.flatMap((shape) => [
      {
        name: `${shape.name}: wall time ÷ the bare SDK’s`,
        value: medianRatio(shape.product, shape.bare),
        atMost: 1.03,
      },
      { name: `${shape.name}: wall time ÷ critical path`, value: median(shape.product) / pathOf(shape) },
    ]),
    text: [
      `A model that takes ${MODEL_MS} ms for each answer. The critical path is its time along the longest chain of calls: what a run takes`,
      'where everything else is free. The bare workflow makes the same calls, with the same requests, in the same order; those that the',
      'product makes at the same time, it makes at the same time.',
      '',
      `|  | critical path | product | bare SDK | product ÷ bare | product ÷ path | bare ÷ path |`,
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
      '',
      `Medians of ${timed[0]?.product.length ?? 0} runs of each, in turn.`,
    ].join('\n'),
    charts: [
      {
        file: 'critical-path',
        alt: 'Wall time of each shape in the product and with the bare SDK, as multiples of its critical path',
        svg: barChart(
          'Wall time ÷ critical path',
          timed.flatMap((shape) => [
            { label: shape.name.replace(/,.*/, ''), value: median(shape.product) / pathOf(shape) },
            { label: 'bare SDK', value: median(shape.bare) / pathOf(shape), color: '#888' },
          ]),
        ),
      },
    ],
  };
}
