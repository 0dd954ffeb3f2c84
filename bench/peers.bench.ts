import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '../src/scripted-model/server.js';
import type { ScriptInput } from '../src/scripted-model/script.js';
import { cacheDir } from '../temporal/cache-dir.js';
import { eventually } from '../test/support/crew-world.js';
import { findPostgres, startPostgres } from '../test/support/postgres.js';
import { ms, table } from './markdown.js';
import { median } from './statistics.js';
import { startService, type Contender } from './peer-contender.js';
import { startPeer, type PeerSpec } from './peer-process.js';
import type { Effort, Measure, Section } from './section.js';

const TITLE = 'Peers: the same crew on CrewAI and on LangGraph';
const AT_ONCE = 20;
const SLOW_MS = 200;
const HOLD_MS = 60_000;

/** How much is measured of each. */
interface Plan {
  kills: number;
  rounds: number;
  /** Runs of a round, one after the other and `AT_ONCE` at a time. */
  single: number;
  many: number;
}

/** What became of the calls of a run whose process was killed while its second call was in flight. */
interface Kill {
  first: number;
  second: number;
  /** From the kill to the end of the run, the start of a new process in it. */
  ms: number;
}

/** What one of them took. */
interface Result {
  contender: Contender;
  fastMs: number[];
  slowMs: number[];
  runsASecond: number[];
  kills: Kill[];
}

/** The crew of two agents on this service and on what is installed of others, against one model endpoint that counts. */
export const measure: Measure = async (effort) => {
  const bin = findPostgres();
  const found = { crewai: pythonOf('crewai'), langgraph: pythonOf('langgraph') };
  if (bin === undefined || (!found.crewai && !found.langgraph)) return skipped(bin === undefined);
  const plan: Plan =
    effort === 'full' ? { kills: 3, rounds: 3, single: 10, many: 60 } : { kills: 1, rounds: 1, single: 1, many: 4 };
  const home = mkdtempSync(join(tmpdir(), 'peers-home-'));
  const postgres = await startPostgres(bin);
  const model = await startScriptedModel({ script: scriptOf(plan.kills * 4) });
  const contenders: Contender[] = [];
  try {
    contenders.push(await startService(model.url, postgres.databaseUrl));
    for (const spec of specsOf(found, model.url, postgres.databaseUrl, home)) contenders.push(await startPeer(spec));
    return section(await compare(contenders, model, plan), effort, found);
  } finally {
    for (const contender of contenders) await contender.stop();
    await model.close();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
};

/** The Python with this framework, as `npm run bench:peers-install` makes it. */
function pythonOf(peer: string): string | undefined {
  const python = join(cacheDir(), 'peers', peer, 'bin', 'python');
  return existsSync(python) ? python : undefined;
}

function skipped(noPostgres: boolean): Section {
  const why = noPostgres ? 'no PostgreSQL was found' : 'neither is installed (`npm run bench:peers-install`)';
  return { title: TITLE, figures: [], text: `Skipped: ${why}.` };
}

function specsOf(
  { crewai, langgraph }: Record<'crewai' | 'langgraph', string | undefined>,
  modelUrl: string,
  databaseUrl: string,
  home: string,
): PeerSpec[] {
  // A Python process computes on one core; a framework is given as many processes as there are cores.
  const common = { home, processes: Math.min(availableParallelism(), 4) };
  const ofCrewai = crewai === undefined ? [] : [{ ...common, python: crewai, program: 'crewai_crew.py' }];
  return [
    ...ofCrewai.map((spec) => ({
      ...spec,
      name: 'CrewAI',
      resumedBy: 'the run is started again',
      args: [modelUrl, '-'],
    })),
    ...ofCrewai.map((spec) => ({
      ...spec,
      name: 'CrewAI, checkpoints on',
      resumedBy: 'its caller, by `Crew.from_checkpoint`',
      args: [modelUrl, join(home, 'checkpoints')],
    })),
    ...(langgraph === undefined
      ? []
      : [
          {
            ...common,
            name: 'LangGraph, Postgres',
            resumedBy: 'its caller, by the thread id',
            python: langgraph,
            program: 'langgraph_crew.py',
            args: [modelUrl, databaseUrl],
          },
        ]),
  ];
}

/** What is answered depends on the topic, which the first answer hands on to the second call. */
function scriptOf(holds: number): ScriptInput {
  const held = Array.from({ length: holds }, (_, at) => [
    { when: `FACTS-HOLD-${at}-`, text: 'A text.', delay_ms: HOLD_MS },
    { when: `FACTS-HOLD-${at}-`, text: 'A text.', repeat: true },
    { when: `hold-${at}-`, text: `FACTS-HOLD-${at}-`, repeat: true },
  ]).flat();
  const slow = { repeat: true, delay_ms: SLOW_MS };
  return {
    answers: [
      ...held,
      { when: 'FACTS-SLOW', text: 'A text.', ...slow },
      { when: 'slow-tea', text: 'FACTS-SLOW', ...slow },
      { when: 'WRITE', text: 'A text about tea.', repeat: true },
      { text: 'Facts about tea.', repeat: true },
    ],
  };
}

/** In turns, so that a busy machine slows all of them. */
async function compare(contenders: readonly Contender[], model: ScriptedModel, plan: Plan): Promise<Result[]> {
  const results = contenders.map((contender): Result => {
    return { contender, fastMs: [], slowMs: [], runsASecond: [], kills: [] };
  });
  let holds = 0;
  for (const { contender, kills } of results)
    for (let at = 0; at < plan.kills; at++) kills.push(await killed(contender, model, holds++));
  // The first runs of a process load what all that follow have.
  for (const { contender } of results) await atOnce(contender, AT_ONCE);
  for (let round = 0; round < plan.rounds; round++) {
    for (const { contender, fastMs, slowMs } of results) {
      for (let at = 0; at < plan.single; at++) fastMs.push(await timed(contender, 'tea'));
      for (let at = 0; at < Math.ceil(plan.single / 2); at++) slowMs.push(await timed(contender, 'slow-tea'));
    }
    for (const { contender, runsASecond } of results)
      runsASecond.push(plan.many / ((await atOnce(contender, plan.many)) / 1000));
  }
  return results;
}

async function timed(contender: Contender, topic: string): Promise<number> {
  const began = performance.now();
  await contender.run(randomUUID(), topic);
  return performance.now() - began;
}

/** How long so many runs take, `AT_ONCE` at a time. Milliseconds. */
async function atOnce(contender: Contender, count: number): Promise<number> {
  const began = performance.now();
  let begun = 0;
  const lane = async () => {
    while (begun++ < count) await contender.run(randomUUID(), 'tea');
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, lane));
  return performance.now() - began;
}

async function killed(contender: Contender, model: ScriptedModel, hold: number): Promise<Kill> {
  const id = randomUUID();
  const topic = `hold-${hold}-`;
  const said = () => model.calls().map(({ messages }) => JSON.stringify(messages));
  const second = (text: string) => text.includes(`FACTS-HOLD-${hold}-`);
  // What was killed is not answered; this service's run goes on.
  const running = contender.run(id, topic).catch(() => undefined);
  await eventually('the second call', () => Promise.resolve(said().some(second)), 60_000);
  const began = performance.now();
  await contender.kill();
  await contender.revive(id, topic);
  const took = performance.now() - began;
  await running;
  const own = said().filter((text) => text.includes(topic) || second(text));
  return { first: own.filter((text) => !second(text)).length, second: own.filter(second).length, ms: took };
}

function section(results: readonly Result[], effort: Effort, found: Record<string, string | undefined>): Section {
  const repeated = (kills: readonly Kill[]) => kills.reduce((sum, { first }) => sum + first - 1, 0);
  const [ours] = results;
  const missing = Object.keys(found).filter((peer) => found[peer] === undefined);
  const each = (kills: readonly Kill[], of: (kill: Kill) => number) => kills.map(of).join(', ');
  return {
    title: TITLE,
    figures: [
      {
        name: 'finished model calls that this service paid for again after kill -9',
        value: repeated(ours?.kills ?? []),
        atMost: 0,
      },
      ...results.slice(1).map(({ contender, fastMs }) => ({
        name: `latency of this service ÷ ${contender.name}`,
        value: median(ours?.fastMs ?? []) / median(fastMs),
      })),
      ...results.slice(1).map(({ contender, runsASecond }) => ({
        name: `runs a second of this service ÷ ${contender.name}`,
        value: median(ours?.runsASecond ?? []) / median(runsASecond),
      })),
    ],
    text: [
      'Two agents, two tasks, the second with the output of the first, against one model endpoint that counts its calls, all on one machine.',
      `Each framework runs in ${Math.min(availableParallelism(), 4)} processes of its own, runs dealt among them, by its asynchronous calls, with its telemetry off; this`,
      'service in one worker beside a Temporal server with its database in a file, driven by its client as the others are, with no gateway.',
      'LangGraph’s checkpoints and this service’s store are in one PostgreSQL that does not wait for the disk. Medians; in turns.',
      '',
      table(
        ['', 'one run', `one run, model of ${SLOW_MS} ms`, `runs a second, ${AT_ONCE} at a time`],
        results.map(({ contender, fastMs, slowMs, runsASecond }) => [
          contender.name,
          ms(median(fastMs)),
          ms(median(slowMs)),
          median(runsASecond).toFixed(1),
        ]),
      ),
      '',
      'kill -9 while the second call is in flight, then a new process. What a run needs is one first and one second call; a second one',
      'that was in flight cannot be saved by anybody.',
      '',
      table(
        ['', 'resumed by', 'first calls of each run', 'second calls of each run', 'kill → end of the run'],
        results.map(({ contender, kills }) => [
          contender.name,
          contender.resumedBy,
          each(kills, ({ first }) => first),
          each(kills, ({ second }) => second),
          ms(median(kills.map((kill) => kill.ms))),
        ]),
      ),
      '',
      'This service waits for the heartbeat of a call before it takes its worker for dead; the others are told by whoever started them again.',
      ...(missing.length > 0 ? ['', `Not installed here: ${missing.join(', ')}.`] : []),
    ].join('\n'),
  };
}
