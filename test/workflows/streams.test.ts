import assert from 'node:assert/strict';
import { loopbackTokens } from '../../src/adapters/tokens/loopback.js';
import { startTokenHub } from '../../src/adapters/tokens/hub.js';
import { redisTokens } from '../../src/adapters/tokens/redis.js';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { TokenBus } from '../../src/ports.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { adder, crewWith, toolCall } from '../support/engine.js';
import { memoryLogger } from '../support/logger.js';
import { findRedis, startRedis } from '../support/redis.js';
import { allSent, followOver, gatewayOf, runEvents, sentEvents, served, type Sent } from '../support/streams.js';
import { serverWith } from '../support/temporal.js';

const READERS = 200;

/** Types of a history's events in their order; workflow tasks apart, which a busy machine cuts as it likes. */
async function shapeOf(world: CrewWorld, runId: string): Promise<string[]> {
  const { events = [] } = await world.history(runId);
  return (events ?? [])
    .filter((event) => !JSON.stringify(Object.keys(event)).includes('workflowTask'))
    .map((event) => `${String(event.eventType)} ${event.activityTaskScheduledEventAttributes?.activityId ?? ''}`);
}

describe('many readers of one run', () => {
  it(`give each of ${READERS} every event once and in order, by one watch, and leave no trace in the history`, async () => {
    const answers = ['a', 'b', 'c'].flatMap((id) => [{ when: `DO-${id}`, text: id, delay_ms: 300, repeat: true }]);
    await inCrewWorld({ answers }, async (world) => {
      const crew = crewWith({ a: {}, b: {}, c: {} });
      let queries = 0;
      const runs = {
        ...world.runs,
        events: (...of: Parameters<typeof world.runs.events>) => (queries++, world.runs.events(...of)),
      };
      const { app } = gatewayOf(world, { watch: createRunWatch(world.client, runs) });
      const runId = await world.start(crew, {});
      const all = await Promise.all(
        Array.from({ length: READERS }, async () => allSent(await app.request(`/v1/runs/${runId}/events`))),
      );
      const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
      for (const sent of all) {
        assert.deepEqual(
          runEvents(sent).map(({ seq }) => seq),
          events.map(({ seq }) => seq),
        );
        assert.equal(sent.at(-1)?.event, 'end');
      }
      assert.ok(queries < READERS / 2, `${queries} readings of the run for ${READERS} readers`);
      const alone = await world.start(crew, {});
      await world.handle(alone).result();
      assert.deepEqual(await shapeOf(world, runId), await shapeOf(world, alone));
    });
  });
});

describe('a reader that comes back', () => {
  it('misses nothing and hears nothing twice over kills of the gateway, other workers and continue-as-new', async () => {
    const server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
    const rounds = Array.from({ length: 14 }, () => ({ ...toolCall('add', { a: 1, b: 2 }, 'DO-a'), delay_ms: 100 }));
    try {
      await inCrewWorld(
        { answers: [...rounds, { when: 'DO-a', text: 'A' }, { when: 'DO-b', text: 'B' }] },
        async (world) => {
          const runId = await world.start(crewWith({ a: { tools: ['add'] }, b: { approval: true } }), {});
          let gateway = await served(gatewayOf(world).app);
          let count = 0;
          const sent = await followOver(
            () => gateway.url,
            runId,
            async ({ event, data }: Sent) => {
              count += 1;
              if (count === 5 || count === 25) {
                await gateway.close();
                gateway = await served(gatewayOf(world).app);
              }
              if (event !== 'approval.requested') return;
              await world.stopWorker();
              await gateway.close();
              gateway = await served(gatewayOf(world).app);
              await world.startWorker();
              const decision = { approvalId: data.data.approvalId as string, action: 'approve', by: 'ada' } as const;
              await world.runs.signalDecision(DEFAULT_TENANT, runId, decision);
            },
          );
          await gateway.close();
          const seqs = runEvents(sent).map(({ seq }) => seq);
          const { view } = await world.runs.get(DEFAULT_TENANT, runId);
          assert.deepEqual(
            seqs,
            Array.from({ length: view.lastSeq }, (_, at) => at + 1),
          );
          assert.ok((await world.histories(runId)).length > 1, 'did not continue as new');
        },
        { server, tools: [adder().tool] },
      );
    } finally {
      await server.env.teardown();
    }
  });
});

/** The same of every channel of live text. */
function carriesLiveText(open: () => Promise<{ worker: TokenBus; gateway: TokenBus; close(): Promise<void> }>): void {
  it('from a worker to a reader, with a reset where the call is made again, and nothing of it durable', async () => {
    const { worker, gateway, close } = await open();
    try {
      const text = 'one two three four five six seven eight nine ten';
      const answers = [
        { when: 'DO-a', text: 'A' },
        { when: 'DO-b', text: 'cut off before its end', chunk_delay_ms: 40, cut_after_chars: 12 },
        { when: 'DO-b', text, chunk_delay_ms: 40 },
      ];
      await inCrewWorld(
        { answers },
        async (world) => {
          const runId = await world.start(crewWith({ a: { approval: true }, b: {} }), {});
          const { id } = await openApproval(world, runId);
          const { app } = gatewayOf(world, { tokens: gateway });
          const sent: Sent[] = [];
          const response = await app.request(`/v1/runs/${runId}/events?deltas=true`);
          for await (const one of sentEvents(response.body)) {
            sent.push(one);
            if (one.event !== 'approval.requested') continue;
            await eventually('the worker to know', () => Promise.resolve(worker.wanted(DEFAULT_TENANT, runId)));
            await world.runs.signalDecision(DEFAULT_TENANT, runId, { approvalId: id, action: 'approve', by: 'ada' });
          }
          const live = sent.filter(({ event }) => event === 'delta' || event === 'reset');
          assert.ok(live.every((one) => one.id === undefined));
          const reset = live.findIndex(({ event }) => event === 'reset');
          assert.ok(reset > 0, 'a reset after text');
          const after = live.slice(reset + 1);
          assert.ok(after.length > 1, 'came piece by piece');
          assert.equal(after.map(({ data }) => data.text as string).join(''), text);
          assert.ok(after.every(({ data }) => data.taskId === 'b' && data.attempt === 2));
          const plain = await allSent(await app.request(`/v1/runs/${runId}/events`));
          assert.equal(plain.filter(({ event }) => event === 'delta').length, 0);
        },
        { tokens: worker },
      );
    } finally {
      await close();
    }
  });
}

describe('live text over the loopback channel', () => {
  carriesLiveText(async () => {
    const hub = await startTokenHub('secret');
    const [worker, gateway] = [
      loopbackTokens({ port: hub.port, secret: 'secret' }),
      loopbackTokens({ port: hub.port, secret: 'secret' }),
    ];
    return {
      worker,
      gateway,
      close: async () => {
        await Promise.all([worker.close(), gateway.close()]);
        await hub.close();
      },
    };
  });

  it('is closed to who does not know the secret', async () => {
    const hub = await startTokenHub('secret');
    const [stranger, listener] = [
      loopbackTokens({ port: hub.port, secret: 'guess' }),
      loopbackTokens({ port: hub.port, secret: 'secret' }),
    ];
    try {
      const heard: unknown[] = [];
      listener.subscribe('t', 'r', (message) => heard.push(message));
      const friend = loopbackTokens({ port: hub.port, secret: 'secret' });
      await eventually('the friend to know', () => Promise.resolve(friend.wanted('t', 'r')));
      assert.equal(stranger.wanted('t', 'r'), false);
      const message = { type: 'reset', runId: 'r', call: 'c', attempt: 2 } as const;
      stranger.publish('t', { ...message, call: 'of a stranger' });
      friend.publish('t', message);
      await eventually('the message', () => Promise.resolve(heard.length > 0));
      assert.deepEqual(heard, [message]);
      await friend.close();
    } finally {
      await Promise.all([stranger.close(), listener.close()]);
      await hub.close();
    }
  });
});

describe('live text over Redis', () => {
  const program = findRedis();
  if (program === undefined) {
    it('needs redis-server: install it (Debian: apt-get install redis-server)', function () {
      assert.ok(process.env['REQUIRE_ALL'] !== '1', 'redis-server is not installed');
      this.skip();
    });
    return;
  }
  carriesLiveText(async () => {
    const redis = await startRedis(program);
    const [worker, gateway] = [
      await redisTokens(redis.url, memoryLogger()),
      await redisTokens(redis.url, memoryLogger()),
    ];
    return {
      worker,
      gateway,
      close: async () => {
        await Promise.all([worker.close(), gateway.close()]);
        await redis.stop();
      },
    };
  });
});
