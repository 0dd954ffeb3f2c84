import assert from 'node:assert/strict';
import { watchBell } from '../../src/adapters/temporal/bell.js';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import type { RunEvent } from '../../src/contract/events.js';
import type { WatchItem } from '../../src/ports.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { adder, crewWith, runToEnd, toolCall } from '../support/engine.js';
import { lastingEvents } from '../support/histories.js';
import { allSent, followOver, gatewayOf, runEvents, served, type Sent } from '../support/streams.js';
import { serverWith, type TestServer } from '../support/temporal.js';

const ROUNDS = 8;
const { tool } = adder();
const parts = { tools: [tool] };
/** One agent that makes some calls of a tool, then a person's approval: each step is news for who watches. */
const script = {
  answers: [
    ...Array.from({ length: ROUNDS }, (_, at) => toolCall('add', { a: at, b: 1 })),
    { text: 'done', repeat: true },
  ],
};
/** The same after a first task, whose agent has no tools. */
const scriptOfTwo = {
  answers: [
    { when: 'DO-a', text: 'A' },
    ...Array.from({ length: ROUNDS }, (_, at) => toolCall('add', { a: at, b: 1 }, 'DO-b')),
    { when: 'DO-b', text: 'B' },
  ],
};
const crew = crewWith({ a: { human_input: true } }, {}, { tools: ['add'], max_iter: 50 });

const noGap = (events: RunEvent[], from = 1) =>
  assert.deepEqual(
    events.map(({ seq }) => seq),
    Array.from({ length: events.length }, (_, at) => at + from),
  );

async function approve(world: CrewWorld, runId: string): Promise<void> {
  const { id } = await openApproval(world, runId);
  await world.runs.decide(DEFAULT_TENANT, runId, { approvalId: id, action: 'approve', by: 'ada' }, id);
}

/** The types of a history's events; the machine's noise apart. */
const historyTypes = async (world: CrewWorld, runId: string) =>
  lastingEvents(await world.history(runId)).map(({ eventType }) => eventType);

/** A stream, once it is there: while nobody can read the run yet, the answer is 503, and its reader comes again. */
function opened(url: string): Promise<Response> {
  return eventually('a stream', async () => {
    const response = await fetch(url);
    if (response.status !== 503) assert.equal(response.status, 200);
    return response.ok && response;
  });
}

describe('who watches a run', () => {
  it('200 at once get every event over one upstream watch, and leave no trace in the history', () => {
    const runWith = async (readers: number): Promise<{ types: unknown[]; events: RunEvent[] }> => {
      let result: Awaited<ReturnType<typeof runWith>> | undefined;
      await inCrewWorld(
        script,
        async (world) => {
          let bells = 0;
          const bell: typeof watchBell = (...args) => {
            bells += 1;
            return watchBell(...args);
          };
          const gateway = await served(gatewayOf(world, { watching: { bell } }).app);
          try {
            const runId = await world.start(crew, {});
            const streams = await Promise.all(
              Array.from({ length: readers }, () => opened(`${gateway.url}/v1/runs/${runId}/events`)),
            );
            const reading = streams.map(allSent);
            await approve(world, runId);
            const all = await Promise.all(reading);
            const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
            for (const sent of all) {
              assert.deepEqual(runEvents(sent), events);
              assert.equal(sent.at(-1)?.event, 'end');
            }
            assert.equal(bells, readers === 0 ? 0 : 1);
            result = { types: await historyTypes(world, runId), events };
          } finally {
            await gateway.close();
          }
        },
        parts,
      );
      return result ?? assert.fail();
    };
    return (async () => {
      const watched = await runWith(200);
      const alone = await runWith(0);
      noGap(watched.events);
      assert.deepEqual(
        watched.events.map(({ type }) => type),
        alone.events.map(({ type }) => type),
      );
      assert.deepEqual(watched.types, alone.types);
    })();
  });

  it('misses and repeats nothing when gateway and worker are started again', () =>
    inCrewWorld(
      script,
      async (world) => {
        let gateway = await served(gatewayOf(world).app);
        const runId = await world.start(crew, {});
        let cuts = 0;
        const reading = followOver(
          () => gateway.url,
          runId,
          async ({ id }: Sent) => {
            const seq = Number(id?.split(':')[1]);
            if (seq !== 3 && seq !== 8) return;
            cuts += 1;
            await gateway.close();
            if (seq === 8) {
              await world.stopWorker();
              await world.startWorker();
            }
            gateway = await served(gatewayOf(world).app);
            // What the client has of the old stream by now is not read: it was cut here.
            throw new Error('cut');
          },
        );
        await approve(world, runId);
        const sent = await reading;
        await gateway.close();
        assert.equal(cuts, 2);
        assert.ok(sent.filter(({ event }) => event === 'snapshot').length >= 3);
        assert.deepEqual(runEvents(sent), await world.runs.events(DEFAULT_TENANT, runId, 0));
      },
      parts,
    ));

  it('waits while no worker answers, and goes on when one is back', () =>
    inCrewWorld(
      script,
      async (world) => {
        const runId = await world.start(crew, {});
        await openApproval(world, runId);
        await world.stopWorker();
        const [items, first] = await world.hurried(async () => {
          const opened = await itemsOf(world, runId, 0);
          const next = opened.next();
          // Longer than a query may take: it has failed once.
          await assert.rejects(
            world.runs.get(DEFAULT_TENANT, runId),
            (error) => error instanceof RunsError && error.reason === 'worker_unavailable',
          );
          return [opened, { next }] as const;
        });
        await world.startWorker();
        assert.equal((await first.next).value?.type, 'snapshot');
        await items.return(undefined);
        await approve(world, runId);
        await world.handle(runId).result();
      },
      parts,
    ));

  it('reads a run that was ended hard: its events where a worker is there, else its end', () =>
    inCrewWorld(
      script,
      async (world) => {
        const runId = await world.start(crew, {});
        await openApproval(world, runId);
        const { lastSeq } = (await world.runs.get(DEFAULT_TENANT, runId)).view;
        const sent = allSent(await gatewayOf(world).app.request(`/v1/runs/${runId}/events`));
        await world.handle(runId).terminate('for the test');
        const live = await sent;
        noGap(runEvents(live));
        assert.equal(runEvents(live).length, lastSeq);
        assert.deepEqual(live.at(-1), { event: 'end', data: { status: 'terminated' } });
        await world.stopWorker();
        const alone = await world.hurried(async () =>
          allSent(await gatewayOf(world).app.request(`/v1/runs/${runId}/events`)),
        );
        assert.deepEqual(alone, [{ event: 'end', data: { status: 'terminated' } }]);
        await world.startWorker();
      },
      parts,
    ));

  it('is dropped where it is too far behind what came since, told so, and may go on from there', () =>
    inCrewWorld(
      scriptOfTwo,
      async (world) => {
        const limits = { events: 5, chars: 1_000_000 };
        const watch = createRunWatch(world.client, world.runs, { limits });
        const gone = new AbortController();
        const two = { a: { human_input: true, tools: [] }, b: { human_input: true } };
        const runId = await world.start(crewWith(two, {}, { tools: ['add'], max_iter: 50 }), {});
        await openApproval(world, runId);
        const open = (after: number) =>
          watch.open(DEFAULT_TENANT, runId, { after, resumes: false, signal: gone.signal });
        const slow = (await open(0)).items[Symbol.asyncIterator]();
        await slow.next();
        const one = (await slow.next()).value as WatchItem;
        await approve(world, runId);
        await openApproval(world, runId);
        const { lastSeq } = (await world.runs.get(DEFAULT_TENANT, runId)).view;
        const quick = (await open(lastSeq - 1)).items[Symbol.asyncIterator]();
        await quick.next();
        await quick.next();
        const got: RunEvent[] = one.type === 'event' ? [one.event] : [];
        let last: WatchItem | undefined;
        for (;;) {
          const { value, done } = await slow.next();
          if (done) break;
          last = value;
          if (last.type === 'event') got.push(last.event);
        }
        assert.ok(last?.type === 'dropped' && last.reason === 'slow', JSON.stringify(last));
        noGap(got);
        const again = (await open(got.length)).items[Symbol.asyncIterator]();
        await again.next();
        const next = (await again.next()).value as WatchItem;
        assert.ok(next.type === 'event' && next.event.seq === got.length + 1);
        gone.abort();
        await approve(world, runId);
        await world.handle(runId).result();
      },
      parts,
    ));

  it('reads all of a run that is watched already from further on', () =>
    inCrewWorld(
      script,
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['add'], max_iter: 50 }));
        const gone = new AbortController();
        const watch = createRunWatch(world.client, world.runs);
        const read = async (after: number) => {
          const reading = await watch.open(DEFAULT_TENANT, ended.runId, { after, resumes: true, signal: gone.signal });
          const events: RunEvent[] = [];
          for await (const item of reading.items) if (item.type === 'event') events.push(item.event);
          return { events, isOver: reading.isOver };
        };
        // The first one's cursor is beyond all that there is: it must not be what the others are given.
        assert.deepEqual(await read(10_000), { events: [], isOver: true });
        assert.deepEqual(await read(4), { events: ended.events.slice(4), isOver: false });
        assert.deepEqual(await read(0), { events: ended.events, isOver: false });
        gone.abort();
      },
      parts,
    ));
});

describe('who watches a run that continues as new', () => {
  let server: TestServer;
  before(async () => {
    server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
  });
  after(() => server.env.teardown());

  it('gets all of it over one watch, and from any point of it later', () =>
    inCrewWorld(
      { answers: [...Array.from({ length: 30 }, (_, at) => toolCall('add', { a: at, b: 1 })), { text: 'done' }] },
      async (world) => {
        const { app } = gatewayOf(world);
        const runId = await world.start(crewWith({ a: {} }, {}, { tools: ['add'], max_iter: 50 }), {});
        const sent = await allSent(await app.request(`/v1/runs/${runId}/events`));
        const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
        assert.ok((await world.histories(runId)).length >= 3);
        assert.deepEqual(runEvents(sent), events);
        const headers = { 'last-event-id': `${runId}:7` };
        const later = await allSent(await app.request(`/v1/runs/${runId}/events`, { headers }));
        assert.deepEqual(runEvents(later), events.slice(7));
      },
      { ...parts, server },
    ));
});

async function itemsOf(world: CrewWorld, runId: string, after: number) {
  const gone = new AbortController();
  const reading = await createRunWatch(world.client, world.runs).open(DEFAULT_TENANT, runId, {
    after,
    resumes: false,
    signal: gone.signal,
  });
  const items = reading.items[Symbol.asyncIterator]() as AsyncGenerator<WatchItem>;
  return {
    next: () => items.next(),
    return: (value: undefined) => {
      gone.abort();
      return items.return(value);
    },
  };
}
