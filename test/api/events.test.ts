import assert from 'node:assert/strict';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import type { RunWatch, WatchItem } from '../../src/ports.js';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { crewWith } from '../support/engine.js';
import { failingWatch } from '../support/fake-runs.js';
import { allSent, gatewayOf, piecesOf, runEvents, sentEvents } from '../support/streams.js';

const script = { answers: [{ text: 'done', repeat: true }] };
const crew = crewWith({ a: {}, b: {} });
const reviewed = crewWith({ a: { human_input: true } });
const path = (runId: string, query = '') => `/v1/runs/${runId}/events${query}`;

async function endedRun(world: CrewWorld): Promise<string> {
  const runId = await world.start(crew, {});
  await world.handle(runId).result();
  return runId;
}

describe('GET /v1/runs/{runId}/events', () => {
  it('gives the snapshot, every event in order, and the end, of a run as it goes', () =>
    inCrewWorld(script, async (world) => {
      const runId = await world.start(crew, {});
      const response = await gatewayOf(world).app.request(path(runId));
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const sent = await allSent(response);
      assert.equal(sent[0]?.event, 'snapshot');
      assert.equal(sent[0]?.data.runId, runId);
      assert.match(sent[0]?.data.links.self, new RegExp(`/v1/runs/${runId}$`));
      assert.deepEqual(sent.at(-1), { event: 'end', data: { status: 'completed' } });
      const events = runEvents(sent);
      assert.deepEqual(events, await world.runs.events(DEFAULT_TENANT, runId, 0));
      assert.deepEqual(
        sent.slice(1, -1).map(({ id, event }) => [id, event]),
        events.map(({ id, type }) => [id, type]),
      );
    }));

  it('goes on after what the reader has, and answers 204 where that is all of a run that has ended', () =>
    inCrewWorld(script, async (world) => {
      const runId = await endedRun(world);
      const { app } = gatewayOf(world);
      const all = await world.runs.events(DEFAULT_TENANT, runId, 0);
      const read = async (query: string, lastEventId?: string) =>
        app.request(path(runId, query), lastEventId === undefined ? {} : { headers: { 'last-event-id': lastEventId } });
      assert.deepEqual(runEvents(await allSent(await read('?after=3'))), all.slice(3));
      assert.deepEqual(runEvents(await allSent(await read('', `${runId}:2`))), all.slice(2));
      assert.deepEqual(runEvents(await allSent(await read('?after=1', '4'))), all.slice(4), 'the header goes first');
      assert.deepEqual(
        (await allSent(await read(`?after=${all.length}`))).map(({ event }) => event),
        ['snapshot', 'end'],
      );
      for (const cursor of [`${runId}:${all.length}`, String(all.length), '999']) {
        const over = await read('', cursor);
        assert.equal(over.status, 204, cursor);
        assert.equal(await over.text(), '');
      }
    }));

  it('writes a JSON object a line where they are asked for', () =>
    inCrewWorld(script, async (world) => {
      const runId = await endedRun(world);
      const response = await gatewayOf(world).app.request(path(runId), {
        headers: { accept: 'application/x-ndjson' },
      });
      assert.match(response.headers.get('content-type') ?? '', /^application\/x-ndjson/);
      const lines = (await response.text()).trimEnd().split('\n');
      const [snapshot, ...events] = lines.map((line) => JSON.parse(line));
      const end = events.pop();
      assert.deepEqual([snapshot.type, snapshot.run.status], ['snapshot', 'completed']);
      assert.deepEqual(end, { type: 'end', status: 'completed' });
      assert.deepEqual(events, await world.runs.events(DEFAULT_TENANT, runId, 0));
    }));

  it('is never silent for long, and ends with the word to come again when the gateway stops', () =>
    inCrewWorld(script, async (world) => {
      const runId = await world.start(reviewed, {});
      await openApproval(world, runId);
      const draining = new AbortController();
      const { app } = gatewayOf(world, { draining: draining.signal, settings: { heartbeatMs: 20 } });
      const blocks: string[] = [];
      for await (const block of piecesOf((await app.request(path(runId))).body, '\n\n')) {
        blocks.push(block);
        if (blocks.filter((one) => one === ': heartbeat').length === 3) draining.abort();
      }
      assert.equal(blocks[0], 'retry: 1000');
      assert.ok(!blocks.some((block) => block.includes('event: end')));
      assert.equal(blocks.at(-1), 'retry: 200');
    }));

  it('holds nothing for a reader that has gone', () =>
    inCrewWorld(script, async (world) => {
      const runId = await world.start(reviewed, {});
      await openApproval(world, runId);
      let signal: AbortSignal | undefined;
      const real = createRunWatch(world.client, world.runs);
      const watch: RunWatch = {
        open: (tenant, id, options) => {
          signal = options.signal;
          return real.open(tenant, id, options);
        },
      };
      const response = await testApp({ runs: world.runs, watch }).app.request(path(runId));
      const events = sentEvents(response.body);
      assert.equal((await events.next()).value?.event, 'snapshot');
      await events.return(undefined);
      await eventually('the reading to end', () => Promise.resolve(signal?.aborted));
      const head = await testApp({ runs: world.runs, watch }).app.request(path(runId), { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.ok(signal?.aborted);
    }));

  it('refuses what is no cursor, and what is no run, before a stream begins', () =>
    inCrewWorld(script, async (world) => {
      const runId = await endedRun(world);
      const { get } = gatewayOf(world);
      for (const cursor of ['x', 'other-run:3', '-1', `${runId}:`]) {
        const { status, json } = await get(path(runId), { 'last-event-id': cursor });
        assert.equal(status, 422, cursor);
        assert.equal(json.errors[0].path, 'Last-Event-ID');
      }
      for (const query of ['?after=-1', '?after=x', '?deltas=yes', '?afters=1'])
        assert.equal((await get(path(runId, query))).status, 422, query);
      assert.equal((await get(path('nothing'))).json.code, 'run_not_found');
      assert.equal((await get(path('nothing'), { 'last-event-id': '3' })).status, 404);
    }));

  it('says 503 to who has not read the run before where Temporal is away', async () => {
    const { get } = testApp({ watch: failingWatch() });
    assert.equal((await get(path('r'))).status, 503);
    const lost = testApp({ watch: failingWatch(new RunsError('record_lost', 'The store does not have it')) });
    assert.equal((await lost.get(path('r'))).status, 410);
  });

  it('lets a reader go that takes nothing', async () => {
    const signals: AbortSignal[] = [];
    const watch: RunWatch = {
      open: (_tenant, _runId, { signal }) => {
        signals.push(signal);
        return Promise.resolve({ isOver: false, items: endless(signal) });
      },
    };
    const { app } = testApp({ watch, settings: { stalledMs: 50 } });
    const response = await app.request(path('r'));
    await eventually('the stream to be given up', () => Promise.resolve(signals[0]?.aborted));
    await response.body?.cancel();
  });
});

async function* endless(signal: AbortSignal): AsyncGenerator<WatchItem> {
  while (!signal.aborted) yield await Promise.resolve({ type: 'dropped', reason: 'slow', message: 'x'.repeat(1_000) });
}
