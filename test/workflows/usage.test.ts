import assert from 'node:assert/strict';
import { defineGuardrail } from '../../src/authoring/define.js';
import { addUsage, noUsage } from '../../src/contract/views.js';
import { eventually, inCrewWorld } from '../support/crew-world.js';
import { crewWith, readEnded, runToEnd } from '../support/engine.js';

describe('usage', () => {
  it('agrees with what the endpoint counted, over retries, guardrails, empty answers and failures', async () => {
    const strict = defineGuardrail({
      name: 'strict',
      check: ({ output }) => (output === 'good' ? { ok: true } : { ok: false, feedback: 'GUARDED' }),
    });
    const usage = { input_tokens: 7, output_tokens: 3, cached_input_tokens: 2, reasoning_tokens: 1 };
    const answers = [
      { when: 'GUARDED', text: 'good', usage },
      { when: 'DO-a', error: { status: 500, message: 'oh' } },
      { when: 'DO-a', text: ' ', usage },
      { when: 'DO-a', rate_limit: { retry_after_seconds: 1 } },
      { when: 'DO-a', text: 'bad', usage },
      { when: 'DO-b', error: { status: 401, message: 'no' } },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const crew = crewWith({
          a: { guardrail: { function: 'strict' }, context: [] },
          b: { on_failure: 'continue', context: [] },
        });
        const { view } = await runToEnd(world, crew);
        assert.equal(view.status, 'completed');
        const calls = world.model.calls();
        const answered = calls.filter(({ outcome }) => outcome === 'answered');
        const sum = (read: (call: (typeof calls)[number]) => number) =>
          answered.reduce((all, call) => all + read(call), 0);
        assert.equal(view.usage.calls, answered.length);
        assert.equal(view.usage.failedCalls, calls.length - answered.length);
        assert.equal(view.usage.failedCalls, 3);
        assert.equal(view.usage.unknownCalls, 0);
        assert.equal(
          view.usage.inputTokens,
          sum(({ usage }) => usage?.prompt_tokens ?? 0),
        );
        assert.equal(
          view.usage.outputTokens,
          sum(({ usage }) => usage?.completion_tokens ?? 0),
        );
        assert.equal(view.usage.cachedInputTokens, 6);
        assert.equal(view.usage.reasoningTokens, 3);
        // Every sum is made of its parts.
        const total = (parts: (typeof view.usage)[]) => {
          const all = noUsage();
          for (const part of parts) addUsage(all, part);
          return all;
        };
        assert.deepEqual(total(view.tasks.map((task) => task.usage)), view.usage);
        assert.deepEqual(total(Object.values(view.models)), view.usage);
        assert.deepEqual(total(Object.values(view.agents)), view.usage);
        for (const task of view.tasks) assert.deepEqual(total(task.attempts.map((one) => one.usage)), task.usage);
      },
      { guardrails: [strict] },
    );
  });

  it('counts a call that was cut by a kill as unknown', async () => {
    // The worker ends without a grace: for the run the same as a kill, as nothing tells what became of the call.
    const answers = [{ hang: true as const }, { text: 'again' }];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewWith({ a: {} }), {});
      await eventually('the first call', () => Promise.resolve(world.model.calls().length === 1));
      await world.stopWorker();
      await world.startWorker();
      await world.handle(runId).result();
      const { view } = await readEnded(world, runId);
      assert.equal(view.result?.output, 'again');
      assert.equal(view.usage.calls, 1);
      assert.equal(view.usage.unknownCalls, 1);
      assert.equal(world.model.calls().length, view.usage.calls + view.usage.failedCalls + view.usage.unknownCalls);
    });
  });
});
