import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { eventually, inCrewWorld, type History } from '../support/crew-world.js';
import { crewWith, readEnded, runToEnd } from '../support/engine.js';

describe('fallback models', () => {
  const models = { first: {}, second: {}, third: {} };

  it('are asked in their order where the one before cannot answer, and kept to', async () => {
    const answers = [
      { when_model: 'first', error: { status: 401, message: 'no' } },
      { when_model: 'second', error: { status: 404, message: 'no such model' } },
      { when_model: 'third', text: 'T', repeat: true },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: {} }, {}, { llm: ['first', 'second', 'third'] }));
        assert.equal(ended.view.result?.output, 'T');
        assert.deepEqual(
          world.model.calls().map(({ model }) => model),
          ['first', 'second', 'third'],
        );
        const fell = ended.events.filter(({ type }) => type === 'model.fell_back').map(({ data }) => data);
        assert.deepEqual(fell, [
          { from: 'first', to: 'second', code: 'Model.Unauthorized' },
          { from: 'second', to: 'third', code: 'Model.NotFound' },
        ]);
        assert.equal(ended.view.models['first']?.failedCalls, 1);
        assert.equal(ended.view.models['third']?.calls, 1);
      },
      { models },
    );
  });

  it('are not asked where the request itself is refused', async () => {
    await inCrewWorld(
      { answers: [{ error: { status: 400, message: 'bad schema' } }] },
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: {} }, {}, { llm: ['first', 'second'] }));
        assert.equal(ended.view.error?.code, 'Model.BadRequest');
        assert.equal(world.model.calls().length, 1);
      },
      { models },
    );
  });
});

/** The first such event of a history, and what time it was for the workflow when it asked for it: that of its task, in ms. */
function momentOf({ events }: History, is: (event: NonNullable<History['events']>[number]) => unknown) {
  const all = events ?? [];
  const at = all.findIndex(is);
  const task = all.slice(0, at).findLast(({ workflowTaskStartedEventAttributes: started }) => started);
  const { seconds, nanos } = task?.eventTime ?? {};
  return { event: all[at] ?? assert.fail('no such event'), at: Number(seconds) * 1_000 + Number(nanos) / 1e6 };
}

describe('requests per minute', () => {
  it('max_rpm holds an agent back within its run', async () => {
    await inCrewWorld({ answers: [{ text: 'x', repeat: true }] }, async (world) => {
      const runId = await world.start(crewWith({ a: {}, b: {}, c: {} }, {}, { max_rpm: 2 }), {});
      await eventually('two calls', () => Promise.resolve(world.model.calls().length === 2));
      const { view } = await eventually('the second task to end', async () => {
        const record = await world.runs.get(DEFAULT_TENANT, runId);
        return record.view.tasks[1]?.status === 'completed' && record;
      });
      assert.equal(view.tasks[2]?.status, 'running');
      const history = await world.history(runId);
      const first = momentOf(history, ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled);
      const third = momentOf(history, ({ timerStartedEventAttributes: started }) => started);
      const { seconds, nanos } = third.event.timerStartedEventAttributes?.startToFireTimeout ?? {};
      const over = third.at + Number(seconds) * 1_000 + Number(nanos) / 1e6;
      assert.ok(Math.abs(over - first.at - 60_000) < 1_100, `${over - first.at} ms after the first call`);
    });
  });

  it('of a model are kept by Temporal itself over all runs, in a queue of the model', async () => {
    // 120 a minute are 2 a second: 8 calls from 8 runs at once take at least about 2 seconds.
    const models = { limited: { rpm: 120 } };
    await inCrewWorld(
      { answers: [{ text: 'x', repeat: true }] },
      async (world) => {
        const runs = await Promise.all(Array.from({ length: 8 }, () => world.start(crewWith({ a: {} }), {})));
        await Promise.all(runs.map((runId) => world.handle(runId).result()));
        const times = world.model.calls().map(({ at }) => Date.parse(at));
        assert.equal(times.length, 8);
        const spread = Math.max(...times) - Math.min(...times);
        assert.ok(spread >= 1_500, `8 calls within ${spread} ms`);
        const { view } = await readEnded(world, runs[0] ?? '');
        assert.equal(view.usage.failedCalls, 0);
      },
      { models },
    );
  });
});

describe('6 requests per minute over two workers', () => {
  // Tolerance, measured: Temporal shares a rate out among the partitions of a queue (4), each of which begins with one call.
  // So the first minute has at most 6 + 4 calls, and no later one more than 6; where tasks fall unevenly there are fewer.
  const MOST_IN_A_MINUTE = 10;

  it('are kept by both together, and waiting is no failure', async () => {
    await inCrewWorld(
      { answers: [{ text: 'x', repeat: true }] },
      async (world) => {
        await world.startWorker();
        const runs = await Promise.all(Array.from({ length: 14 }, () => world.start(crewWith({ a: {} }), {})));
        const [first] = await eventually('a call', () =>
          Promise.resolve(world.model.calls().length > 0 && world.model.calls()),
        );
        const since = Date.parse(first?.at ?? '');
        await eventually('a minute to pass', () => Promise.resolve(Date.now() - since > 60_000), 90_000);
        const all = world.model.calls().map(({ at }) => Date.parse(at) - since);
        const times = all.filter((at) => at <= 60_000);
        assert.ok(times.length >= 4, `only ${times.length} calls`);
        assert.ok(times.length <= MOST_IN_A_MINUTE, `${times.length} calls at ${times.join(', ')} ms`);
        for (const runId of runs) {
          const { view, retrying } = await world.runs.get(DEFAULT_TENANT, runId);
          assert.notEqual(view.status, 'failed');
          assert.deepEqual(retrying, []);
        }
      },
      { models: { limited: { rpm: 6 } } },
    );
  }).timeout(240_000);
});

describe('tokens per minute', () => {
  it('are waited for, durably, and the view shows it', async () => {
    const models = { limited: { tpm: 600, max_output_tokens: 10 } };
    const usage = { input_tokens: 590, output_tokens: 10 };
    await inCrewWorld(
      { answers: [{ text: 'x', repeat: true, usage }] },
      async (world) => {
        // The bucket is the whole database's: whatever other tests took from it is put back first.
        await world.store.settleTokens('model:limited', -10_000, 600);
        const runId = await world.start(crewWith({ a: {}, b: {} }), {});
        const { retrying } = await eventually('the wait in the view', async () => {
          const record = await world.runs.get(DEFAULT_TENANT, runId);
          return record.retrying.length > 0 && record;
        });
        assert.equal(retrying[0]?.activityId, 'b/model/1');
        assert.equal(retrying[0]?.lastFailure.code, 'Model.RateLimited');
        assert.match(retrying[0].lastFailure.message, /tokens per minute/);
        assert.equal(world.model.calls().length, 1);
        await world.store.settleTokens('model:limited', -10_000, 600);
        await world.handle(runId).result();
        const { view } = await readEnded(world, runId);
        // Waiting is no failed call.
        assert.equal(view.usage.failedCalls, 0);
        assert.equal(view.usage.unknownCalls, 0);
        assert.equal(view.usage.calls, 2);
      },
      { models },
    );
  });
});
