import assert from 'node:assert/strict';
import { inCrewWorld } from '../support/crew-world.js';
import { crewWith, runToEnd } from '../support/engine.js';
import { startLyingEndpoint } from '../support/lying-endpoint.js';
import { callModel, chatModelAt, failureOf } from '../support/models.js';

/** Tries of one call that break off before it is given up: each may have to be paid for. */
const TRIES = 3;

const cut = { text: 'a long answer indeed', cut_after_chars: 6, repeat: true };

describe('answers that break off in the middle', function () {
  this.timeout(60_000);

  it('are asked for three times in all, and then it is said of which model, and what to do', () =>
    inCrewWorld({ answers: [cut] }, async (world) => {
      const { view } = await runToEnd(world, crewWith({ a: {} }));
      assert.equal(world.model.calls().length, TRIES);
      assert.equal(view.error?.code, 'Model.StreamCut');
      assert.match(view.error.message, /cut off: .* at 3 tries of the model 'scripted-model'.*max_tokens.* in llm/);
      assert.deepEqual([view.usage.calls, view.usage.failedCalls, view.usage.unknownCalls], [0, TRIES, 0]);
      assert.equal(view.usage.inputTokens + view.usage.outputTokens, 0, 'nothing was said of them');
    }));

  it('are counted apart from calls that no answer was begun to', () => {
    const busy = { error: { status: 503, message: 'busy' } };
    const { repeat: _, ...once } = cut;
    return inCrewWorld({ answers: [busy, once, busy, once, { text: 'whole' }] }, async (world) => {
      const { view } = await runToEnd(world, crewWith({ a: {} }));
      assert.equal(view.result?.output, 'whole');
      assert.equal(view.usage.failedCalls, 4);
    });
  });

  it('are such whatever ends them: an error, or what is no JSON', () => {
    const half = { id: 'c', choices: [{ index: 0, delta: { content: 'half' }, finish_reason: null }] };
    const ends: unknown[] = [{ error: { message: 'overloaded', type: 'overloaded_error' } }, '{"id": "c", "choi'];
    return Promise.all(
      ends.map(async (end) => {
        const endpoint = await startLyingEndpoint({ events: [half, end] });
        try {
          const { reason, begun } = await failureOf(callModel(chatModelAt(endpoint.url)));
          assert.ok(['unavailable', 'bad_response'].includes(reason) && begun, reason);
        } finally {
          await endpoint.close();
        }
      }),
    );
  });

  it('are not taken for whole because their usage was told all along', async () => {
    const part = (content: string) => ({
      id: 'c',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    });
    const endpoint = await startLyingEndpoint({ events: [part('half'), part(' an answer')] });
    try {
      const { reason, usage } = await failureOf(callModel(chatModelAt(endpoint.url)));
      assert.equal(reason, 'stream_cut');
      assert.deepEqual(usage, { inputTokens: 7, outputTokens: 3, cachedInputTokens: 0, reasoningTokens: 0 });
    } finally {
      await endpoint.close();
    }
  });

  it('leave the next model its turn', () =>
    inCrewWorld(
      {
        answers: [
          { ...cut, when_model: 'first' },
          { text: 'T', when_model: 'second' },
        ],
      },
      async (world) => {
        const { view, events } = await runToEnd(world, crewWith({ a: {} }, {}, { llm: ['first', 'second'] }));
        assert.deepEqual(
          world.model.calls().map(({ model }) => model),
          [...Array.from({ length: TRIES }, () => 'first'), 'second'],
        );
        assert.equal(view.result?.output, 'T');
        const fell = events.filter(({ type }) => type === 'model.fell_back').map(({ data }) => data);
        assert.deepEqual(fell, [{ from: 'first', to: 'second', code: 'Model.StreamCut' }]);
      },
      { models: { first: {}, second: {} } },
    ));

  it('cost what their provider said by then, whether an answer follows or not', async () => {
    const prices = { input: 1, output: 2 };
    const told = { ...cut, usage: { input_tokens: 7, output_tokens: 3, cached_input_tokens: 2 } };
    const { repeat: _, ...once } = told;
    const whole = { when: 'DO-b', text: 'whole', usage: { input_tokens: 1, output_tokens: 1 } };
    await inCrewWorld(
      { answers: [{ ...told, when: 'DO-a' }, { ...once, when: 'DO-b' }, whole] },
      async (world) => {
        const crew = crewWith({ a: { on_failure: 'continue' }, b: { context: [] } });
        const { view, task } = await runToEnd(world, crew);
        assert.equal(view.status, 'completed');
        const known = (id: string) => {
          const { inputTokens, outputTokens, cachedInputTokens, failedCalls, calls, usd } = task(id).usage;
          return { inputTokens, outputTokens, cachedInputTokens, failedCalls, calls, usd: Math.round(usd * 1e9) };
        };
        // In billionths of a dollar.
        const usd = (input: number, output: number) => (input + output * 2) * 1_000;
        assert.deepEqual(known('a'), { inputTokens: 21, outputTokens: 9, cachedInputTokens: 6, failedCalls: 3, calls: 0, usd: usd(21, 9) }); // prettier-ignore
        assert.deepEqual(known('b'), { inputTokens: 8, outputTokens: 4, cachedInputTokens: 2, failedCalls: 1, calls: 1, usd: usd(8, 4) }); // prettier-ignore
        const told = world.model.calls().flatMap(({ usage }) => usage ?? []);
        assert.equal(
          view.usage.inputTokens,
          told.reduce((all, { prompt_tokens: tokens }) => all + tokens, 0),
        );
      },
      { models: { priced: { prices } } },
    );
  });
});
