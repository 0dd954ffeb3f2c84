import { fork, type ChildProcess } from 'node:child_process';
import { inCrewWorld, openApproval, type CrewWorld } from '../test/support/crew-world.js';
import { lastingEvents } from '../test/support/histories.js';
import { crewWith, decide, ended } from '../test/support/engine.js';
import { stopped, stopTestStore } from '../test/support/store.js';
import { gatewayOf, served } from '../test/support/streams.js';
import { stopTestServer } from '../test/support/temporal.js';
import { xyChart } from './chart.js';
import { measureLiveText, type LiveText } from './live-text.js';
import { kb, ms, table } from './markdown.js';
import { memoryInUse } from './memory.js';
import { quantile } from './statistics.js';
import type { ReadersAsked, ReadersTold } from './stream-readers.js';
import type { Measure, Section } from './section.js';

/** A run with so many readers, from before its middle to its end. */
interface Followed {
  readers: number;
  historyEvents: number;
  /** Run events that each reader was to get, and how many readers got them all in order. */
  runEvents: number;
  complete: number;
  /** What the gateway's process holds more with them than before them. */
  bytes: number;
}

/** What readers of a run's stream cost: its history nothing, the gateway memory; and how late what they read is. */
export const measure: Measure = async (effort) => {
  const counts = effort === 'full' ? [0, 1, 10, 100, 500] : [0, 1, 5];
  const followed: Followed[] = [];
  try {
    await inCrewWorld({ answers: [{ text: 'A text to look at.', repeat: true }] }, async (world) => {
      const gateway = await served(gatewayOf(world).app);
      // What a first reader loads for all that follow is not a reader's.
      await follow(world, gateway.url, 1);
      for (const readers of counts) followed.push(await follow(world, gateway.url, readers));
      await gateway.close();
    });
    return section(followed, await measureLiveText(effort === 'full' ? 200 : 5));
  } finally {
    await Promise.all([stopTestServer(), stopTestStore()]);
  }
};

async function follow(world: CrewWorld, gateway: string, readers: number): Promise<Followed> {
  const runId = await world.start(crewWith({ a: { approval: true }, b: {}, c: {}, d: {} }), {});
  await openApproval(world, runId);
  const before = memoryInUse();
  const child = readers === 0 ? undefined : startReaders({ url: `${gateway}/v1/runs/${runId}/events`, count: readers });
  if (child) await told(child);
  const bytes = memoryInUse() - before;
  await decide(world, runId, { approvalId: 'a.output.1', action: 'approve' });
  const { view, events } = await ended(world, runId);
  if (view.status !== 'completed') throw new Error(`ended as ${view.status}`);
  const end = child ? await told(child) : { got: [], complete: 0 };
  await stopped(child);
  if (!('got' in end)) throw new Error('the readers said something else');
  const all = end.got.filter((got) => got === events.length).length;
  const historyEvents = lastingEvents(await world.history(runId)).length;
  return { readers, historyEvents, runEvents: events.length, complete: Math.min(all, end.complete), bytes };
}

function startReaders(asked: ReadersAsked): ChildProcess {
  const child = fork(new URL('./stream-readers.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  child.send(asked);
  return child;
}

function told(child: ChildProcess): Promise<ReadersTold> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`the readers ended with code ${code}`));
    child.once('exit', gone);
    child.once('message', (message: ReadersTold) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}

function section(followed: readonly Followed[], live: readonly LiveText[]): Section {
  const [none] = followed;
  const most = followed.at(-1);
  if (!none || !most) throw new Error('nothing was measured');
  const hundred = followed.find(({ readers }) => readers === 100);
  const missed = followed.reduce((sum, { readers, complete }) => sum + readers - complete, 0);
  return {
    title: 'Streams: what readers cost',
    figures: [
      {
        name: `history events with ${most.readers} readers ÷ with none`,
        value: most.historyEvents / none.historyEvents,
        atMost: 1,
        atLeast: 1,
      },
      { name: 'readers that missed an event, or got one out of order', value: missed, atMost: 0 },
      ...(hundred
        ? [
            {
              name: 'memory a reader: 500 ÷ 100',
              value: most.bytes / most.readers / (hundred.bytes / 100),
              atMost: 1.25,
            },
          ]
        : []),
      {
        name: `memory of the gateway a reader, of ${most.readers}`,
        value: most.bytes / 1024 / most.readers,
        unit: 'KB',
      },
    ],
    text: [
      'Runs of four tasks, the first with an approval: the readers come while it waits and stay until the end. The readers are a process',
      'of their own; gateway and worker are another one, whose memory is read after garbage collection, while nothing runs.',
      '',
      table(
        ['readers', 'history events', 'run events each got', 'readers that got all, in order', 'memory', 'a reader'],
        followed.map(({ readers, historyEvents, runEvents, complete, bytes }) => [
          readers,
          historyEvents,
          readers === 0 ? '' : runEvents,
          readers === 0 ? '' : complete,
          readers === 0 ? '' : kb(bytes),
          readers === 0 ? '' : kb(bytes / readers),
        ]),
      ),
      '',
      'How late it is, everything on one machine: a chunk of text from the provider to the reader, a run event from the clock of the',
      'workflow to the reader (two tasks, one reader; a worker that starts is in it).' +
        (live.length < 2 ? ' Redis is not on this machine.' : ''),
      '',
      table(
        ['by way of', 'chunks', 'chunk p50', 'chunk p95', 'event p50', 'event p95'],
        live.map(({ way, chunks, events }) => [
          way,
          chunks.length,
          ms(quantile(chunks, 0.5)),
          ms(quantile(chunks, 0.95)),
          ms(quantile(events, 0.5)),
          ms(quantile(events, 0.95)),
        ]),
      ),
    ].join('\n'),
    charts: [
      {
        file: 'streams',
        alt: 'Memory of the gateway by the number of readers, and the events of the history, which do not grow',
        svg: xyChart(
          'Memory of the gateway by readers of one run',
          [
            {
              name: 'memory',
              points: followed.map(({ readers, bytes }) => [readers, Math.max(0, bytes / 1024 / 1024)] as const),
              color: '#0a7d55',
            },
          ],
          { xLabel: 'readers', yLabel: 'MB' },
        ),
      },
    ],
  };
}
