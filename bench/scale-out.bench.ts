import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createCrewRuns } from '../src/adapters/temporal/crew-runs.js';
import { openStore } from '../src/adapters/store/index.js';
import { DEFAULT_TENANT, workflowIdOf } from '../src/contract/ids.js';
import { crewDocument, crewOf, uniqueName } from '../test/support/crews.js';
import { modelFactsFor, scriptedModels } from '../test/support/parts.js';
import { barChart } from './chart.js';
import { cpuSecondsOf, machineSeconds } from './cpu-time.js';
import { table } from './markdown.js';
import { median } from './statistics.js';
import { startParts, type Parts } from './processes.js';
import type { Measure, Section } from './section.js';
import { startBenchWorker } from './workers.js';

const MODEL_MS = 200;
const CALLS_A_RUN = 2;
const IN_FLIGHT = 60;

/** One measurement. */
interface Sample {
  workers: number;
  runsASecond: number;
  /** CPU seconds a run, by process; all workers together. */
  cpu: Record<string, number>;
  /** The share of the machine's CPU that was used, by anybody. */
  busy: number;
}

/** How many runs a second one, two and four workers finish while the model takes its time, and what each process computes for it. */
export const measure: Measure = async (effort) => {
  const plan =
    effort === 'full' ? { workers: [1, 2, 4], rounds: 3, runs: 200 } : { workers: [1, 2], rounds: 1, runs: 10 };
  const parts = await startParts({ answers: [{ text: 'A text.', repeat: true, delay_ms: MODEL_MS }] });
  try {
    const samples: Sample[] = [];
    for (let round = 0; round < plan.rounds; round++)
      for (const workers of plan.workers) samples.push(await sampled(parts, workers, plan.runs));
    return section(samples, plan.workers, plan.runs);
  } finally {
    await parts.stop();
  }
};

/** Each on a task queue of its own: pollers of workers that are gone must not be given tasks. */
async function sampled(parts: Parts, count: number, runs: number): Promise<Sample> {
  const taskQueue = uniqueName('scale');
  const { address, databaseUrl, modelUrl, workflowCode } = parts;
  const asked = { address, databaseUrl, modelUrl, workflowCode, taskQueue };
  const workers = await Promise.all(Array.from({ length: count }, () => startBenchWorker(asked)));
  const store = openStore({ databaseUrl });
  const crewRuns = createCrewRuns(parts.client, store, taskQueue);
  const crew = crewOf(crewDocument());
  const models = modelFactsFor(scriptedModels(modelUrl), crew.definition);
  const runOne = async () => {
    const runId = randomUUID();
    await crewRuns.start({ tenant: DEFAULT_TENANT, runId, crew, inputs: { topic: 'tea' }, models });
    await parts.client.workflow.getHandle(workflowIdOf(DEFAULT_TENANT, runId)).result();
  };
  const cpu = (): Record<string, number> => ({
    ...Object.fromEntries(Object.entries(parts.pids).map(([name, pid]) => [name, cpuSecondsOf(pid)])),
    workers: workers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
    'driver (client)': cpuSecondsOf(process.pid),
  });
  try {
    await lanes(Math.min(IN_FLIGHT, runs), runOne);
    const [before, machine, began] = [cpu(), machineSeconds(), performance.now()];
    await lanes(runs, runOne);
    const seconds = (performance.now() - began) / 1000;
    const [after, now] = [cpu(), machineSeconds()];
    return {
      workers: count,
      runsASecond: runs / seconds,
      cpu: Object.fromEntries(Object.entries(after).map(([name, used]) => [name, (used - (before[name] ?? 0)) / runs])),
      busy: (now.used - machine.used) / (now.had - machine.had),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await store.close();
  }
}

async function lanes(count: number, runOne: () => Promise<void>): Promise<void> {
  let begun = 0;
  const lane = async () => {
    while (begun++ < count) await runOne();
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, lane));
}

function section(samples: readonly Sample[], counts: readonly number[], runs: number): Section {
  const of = (workers: number) => samples.filter((sample) => sample.workers === workers);
  const rate = (workers: number) => median(of(workers).map(({ runsASecond }) => runsASecond));
  const cpu = (workers: number, name: string) => median(of(workers).map((sample) => sample.cpu[name] ?? NaN));
  const names = Object.keys(samples[0]?.cpu ?? {});
  const total = (workers: number) => names.reduce((sum, name) => sum + cpu(workers, name), 0);
  const cores = availableParallelism();
  const [one = 1] = counts;
  const most = counts.reduce((best, workers) => (rate(workers) > rate(best) ? workers : best), one);
  const carried = cores / total(most);
  const milli = (seconds: number) => (seconds * 1000).toFixed(1);
  return {
    title: 'Scale out: more workers',
    figures: [
      ...counts.slice(1).map((workers) => ({
        name: `runs a second with ${workers} workers ÷ with one`,
        value: rate(workers) / rate(one),
      })),
      { name: 'the most runs a second ÷ what the cores carry at the CPU time of a run', value: rate(most) / carried },
    ],
    text: [
      `Runs of two model calls of ${MODEL_MS} ms one after the other, ${IN_FLIGHT} at a time, ${runs} a measurement, worker counts in turns, medians. The Temporal`,
      `server, the store, the model, each worker and the client that starts runs are processes of one machine with ${cores} cores.`,
      '',
      table(
        ['workers', 'runs a second', 'CPU ms a run, all processes', ...names, 'machine busy'],
        counts.map((workers) => [
          workers,
          rate(workers).toFixed(1),
          milli(total(workers)),
          ...names.map((name) => milli(cpu(workers, name))),
          `${Math.round(median(of(workers).map(({ busy }) => busy)) * 100)} %`,
        ]),
      ),
      '',
      `The model lets ${IN_FLIGHT} runs at a time be ${Math.round(IN_FLIGHT / ((CALLS_A_RUN * MODEL_MS) / 1000))} a second; one worker's 100 calls at a time would be ${Math.round(100 / ((CALLS_A_RUN * MODEL_MS) / 1000))}. ${cores} cores carry ${carried.toFixed(1)} at the`,
      `${milli(total(most))} ms of CPU that a run took with ${most} ${most === 1 ? 'worker' : 'workers'}: whichever is least is where it stops growing. On machines of their own the`,
      `workers' part alone would be ${(1 / cpu(one, 'workers')).toFixed(0)} runs a second for each core of theirs, the server's ${(1 / cpu(one, 'Temporal server')).toFixed(0)} for each of its own.`,
    ].join('\n'),
    charts: [
      {
        file: 'scale-out',
        alt: 'CPU milliseconds a run by process, with one worker',
        svg: barChart(
          'CPU of a run by process, one worker',
          names.map((name) => ({ label: name, value: cpu(one, name) * 1000 })),
          { unit: 'ms' },
        ),
      },
    ],
  };
}
