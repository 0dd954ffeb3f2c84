import assert from 'node:assert/strict';
import { startTokenHub } from '../../src/adapters/tokens/hub.js';
import { loopbackTokens } from '../../src/adapters/tokens/loopback.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { TokenBus, TokenMessage } from '../../src/ports.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { crewWith } from '../support/engine.js';
import { allSent, gatewayOf, type Sent } from '../support/streams.js';

const text = 'one two three four five six seven eight';
const crew = crewWith({ a: {} });

/** A world whose worker has a connection to the hub, and its gateway another one. */
async function withChannel(
  answers: object[],
  test: (world: CrewWorld, worker: TokenBus, gateway: TokenBus, stopHub: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const secret = 'of this test';
  const hub = await startTokenHub(secret);
  const [worker, gateway] = [loopbackTokens({ port: hub.port, secret }), loopbackTokens({ port: hub.port, secret })];
  try {
    await inCrewWorld({ answers }, (world) => test(world, worker, gateway, () => hub.close()), {
      tokens: worker,
    });
  } finally {
    await worker.close();
    await gateway.close();
    await hub.close().catch(() => undefined);
  }
}

/** Starts a run that begins when somebody listens, and gives all that its reader got. */
async function watched(world: CrewWorld, worker: TokenBus, gateway: TokenBus, query: string): Promise<Sent[]> {
  await world.stopWorker();
  const runId = await world.start(crew, {});
  const sent = allSent(await gatewayOf(world, { tokens: gateway }).app.request(`/v1/runs/${runId}/events${query}`));
  if (query !== '') {
    await eventually('the worker to know of it', () => Promise.resolve(worker.wanted(DEFAULT_TENANT, runId)));
  }
  await world.startWorker();
  return sent;
}

const live = (sent: Sent[]) => sent.filter(({ event }) => event === 'delta' || event === 'reset');

describe('GET /v1/runs/{runId}/events?deltas=true', () => {
  it('gives the answer while it is written, unnumbered, and void where the call is made again', () =>
    withChannel(
      [
        { text, chunk_delay_ms: 20, cut_after_chars: 14 },
        { text, chunk_delay_ms: 20 },
      ],
      async (...parts) => {
        const sent = await watched(...(parts.slice(0, 3) as [CrewWorld, TokenBus, TokenBus]), '?deltas=true');
        assert.equal(sent[0]?.event, 'snapshot');
        assert.deepEqual(sent.at(-1), { event: 'end', data: { status: 'completed' } });
        const messages = live(sent).map(({ data }) => data as TokenMessage);
        assert.ok(live(sent).every(({ id }) => id === undefined));
        const at = messages.findIndex(({ type }) => type === 'reset');
        assert.deepEqual(messages[at], {
          type: 'reset',
          runId: sent[0]?.data.runId,
          taskId: 'a',
          call: 'a/model/1',
          attempt: 2,
        });
        let first = '';
        for (const one of messages.slice(0, at)) {
          assert.ok(one.type === 'delta' && one.attempt === 1 && one.offset === first.length);
          first += one.text;
        }
        assert.ok(first !== '' && text.startsWith(first), first);
        let second = '';
        for (const one of messages.slice(at + 1)) {
          assert.ok(one.type === 'delta' && one.attempt === 2 && one.offset === second.length);
          second += one.text;
        }
        assert.equal(second, text);
        assert.ok(messages.length - at > 3, 'in pieces');
        // All of it was there before the event that the call was answered.
        assert.ok(
          sent.findIndex(({ event }) => event === 'model.called') >
            sent.findLastIndex(({ event }) => event === 'delta'),
        );
      },
    ));

  it('is not given to who did not ask', () =>
    withChannel([{ text, chunk_delay_ms: 5 }], async (world, worker, gateway) => {
      assert.deepEqual(live(await watched(world, worker, gateway, '')), []);
    }));

  it('costs no run anything where the channel is lost in the middle', () =>
    withChannel([{ text, chunk_delay_ms: 50 }], async (world, worker, gateway, stopHub) => {
      await world.stopWorker();
      const runId = await world.start(crew, {});
      const app = gatewayOf(world, { tokens: gateway }).app;
      const sent = allSent(await app.request(`/v1/runs/${runId}/events?deltas=true`));
      await eventually('the worker to know of it', () => Promise.resolve(worker.wanted(DEFAULT_TENANT, runId)));
      await world.startWorker();
      await eventually('the call', () => Promise.resolve(world.model.calls().length > 0));
      await stopHub();
      assert.deepEqual((await sent).at(-1), { event: 'end', data: { status: 'completed' } });
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.result?.output, text);
      assert.equal(view.usage.calls + view.usage.failedCalls, 1);
    }));
});
