import { setTimeout as pause } from 'node:timers/promises';
import { numbers } from '../support/numbers.js';
import { kindsFor, strikeUntil, type Fault } from './faults.js';
import { finishedActivities, type FinishedActivity } from './histories.js';
import { Load } from './load.js';
import { problemsOf, type Evidence } from './oracle.js';
import { readPublished } from './published.js';
import { startWorld, TOPIC, type World } from './world.js';

/** How long, how much, and by which numbers. */
export interface ChaosOptions {
  seed: number;
  runs: number;
  /** In which the runs are started, and things break. */
  forMs: number;
  /** Between two faults, on average. */
  gapMs: number;
  /** After it: for all to end. */
  settleMs: number;
  /** Only faults whose name fits. */
  only?: RegExp | undefined;
  say?: (line: string) => void;
}

/** What came of it. */
export interface ChaosResult extends Evidence {
  options: ChaosOptions;
  problems: string[];
  /** When subscribers heard something. */
  heardAt: readonly number[];
  /** Faults that this machine cannot have, and why. */
  without: string[];
  durationMs: number;
  /** The folder with the logs of all parts; removed where there are no problems. */
  logs: string;
}

const NOTHING = { finished: [], published: [], leftBehind: [] } satisfies Partial<Evidence>;

/** Runs crews while one thing after the other breaks, and says what is wrong then. Leaves no process behind. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, say = () => undefined } = options;
  const world = await startWorld(numbers(seed + 1));
  const load = new Load(world.api, numbers(seed + 2));
  const began = Date.now();
  const faults: Fault[] = [];
  let seen: Pick<Evidence, 'finished' | 'published'> = NOTHING;
  let broken: string[] = [];
  try {
    say(`everything serves; logs are in ${world.logs}`);
    await underFire(world, load, options, faults);
    seen = await look(world, load, say);
  } catch (error) {
    broken = [error instanceof Error ? error.message : String(error)];
  }
  const leftBehind = await world.stop();
  const evidence: Evidence = { runs: load.runs, faults, model: world.model, ...seen, leftBehind };
  // What could not be looked at is not judged: what broke is the finding.
  const problems =
    broken.length > 0 ? [...broken, ...load.open().map((run) => `not ended: ${run}`)] : problemsOf(evidence);
  if (problems.length === 0) world.remove();
  const { without } = kindsFor(world);
  const durationMs = Date.now() - began;
  return { ...evidence, options, problems, heardAt: load.heardAt, without, durationMs, logs: world.logs };
}

async function underFire(world: World, load: Load, options: ChaosOptions, faults: Fault[]): Promise<void> {
  const { seed, runs, forMs, gapMs, settleMs, only, say = () => undefined } = options;
  const stop = new AbortController();
  const began = Date.now();
  const onFault = (fault: Fault) => {
    faults.push(fault);
    say(`${seconds(fault.from - began)} ${fault.name}`);
  };
  const striking = strikeUntil(world, { stop: stop.signal, random: numbers(seed), gapMs, only, onFault });
  striking.catch(() => stop.abort());
  await load.start(runs, forMs * 0.9, stop.signal);
  await pause(began + forMs - Date.now(), undefined, { signal: stop.signal }).catch(() => undefined);
  stop.abort();
  await striking;
  say(`${seconds(Date.now() - began)} nothing breaks any more; ${load.open().length} runs have not ended`);
  await within(settleMs, load.ended(), 'not all runs have ended');
}

async function within(ms: number, work: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Reads what is left to be read of all runs. */
async function look(
  world: World,
  load: Load,
  say: (line: string) => void,
): Promise<Pick<Evidence, 'finished' | 'published'>> {
  const finished: FinishedActivity[] = [];
  for (const { runId } of load.runs) finished.push(...(await finishedActivities(world, runId)));
  say('each history was replayed');
  const ids = new Set(load.runs.flatMap(({ subscribers }) => subscribers[0]?.events.map(({ id }) => id) ?? []));
  const published = await readPublished(world.broker.brokers, TOPIC, ids, 180_000);
  say(`${published.length} messages in Kafka for ${ids.size} events`);
  return { finished, published };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
