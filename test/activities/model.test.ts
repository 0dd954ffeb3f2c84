import assert from 'node:assert/strict';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import { MAX_OUTPUT_CHARS, type ModelReply, type ModelRequest } from '../../src/contract/wire.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../src/scripted-model/server.js';
import { eventually } from '../support/crew-world.js';
import { activityParts, scriptedModels } from '../support/parts.js';
import { testStore } from '../support/store.js';

const request: ModelRequest = {
  messages: [
    { role: 'system', content: 'You are terse.' },
    { role: 'user', content: 'Say hi' },
  ],
};

/** Calls the activity as a worker does, against a scripted endpoint. */
async function withModel(
  answers: ScriptInput['answers'],
  test: (call: () => Promise<ModelReply>, model: ScriptedModel, env: MockActivityEnvironment) => Promise<void>,
  startToCloseTimeoutMs = 10_000,
): Promise<void> {
  const model = await startScriptedModel({ script: { answers } });
  const { store } = await testStore();
  const activities = createActivities(activityParts(scriptedModels(model.url), store));
  const env = new MockActivityEnvironment(
    { activityId: 'find/model/1', startToCloseTimeoutMs },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  try {
    await test(() => env.run((input: ModelRequest) => activities.callModel(input), request), model, env);
  } finally {
    await model.close();
  }
}

async function failureOf(call: () => Promise<unknown>): Promise<ApplicationFailure> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ApplicationFailure, String(error));
    return error;
  }
  return assert.fail('the call did not fail');
}

describe('activity callModel', () => {
  it('gives the text, the finish reason and the usage, and names the call at the provider', async () => {
    await withModel([{ text: 'hi there', usage: { input_tokens: 7, output_tokens: 2 } }], async (call, model) => {
      const { text, finishReason, usage } = await call();
      assert.equal(text, 'hi there');
      assert.equal(finishReason, 'stop');
      assert.deepEqual(usage, { inputTokens: 7, outputTokens: 2, cachedInputTokens: 0, reasoningTokens: 0 });
      const [recorded] = model.calls();
      assert.match(recorded?.clientRequestId ?? '', /\/find\/model\/1$/);
      assert.deepEqual(recorded?.messages, request.messages);
    });
  });

  const cases: [title: string, answer: ScriptInput['answers'][number], type: string, retryable: boolean][] = [
    ['a rate limit', { rate_limit: { retry_after_seconds: 7 } }, 'Model.RateLimited', true],
    ['an overload', { error: { status: 503, message: 'busy' } }, 'Model.Unavailable', true],
    ['an internal error', { error: { status: 500, message: 'oops' } }, 'Model.Unavailable', true],
    ['a refused key', { error: { status: 401, message: 'no' } }, 'Model.Unauthorized', false],
    ['a refused account', { error: { status: 403, message: 'no' } }, 'Model.Unauthorized', false],
    ['an unknown model', { error: { status: 404, message: 'no such model' } }, 'Model.NotFound', false],
    ['a bad request', { error: { status: 400, message: 'bad' } }, 'Model.BadRequest', false],
    [
      'a prompt over the window',
      { error: { status: 400, message: 'maximum context length is 8' } },
      'Model.ContextExceeded',
      false,
    ],
    ['a cut stream', { text: 'a long answer indeed', cut_after_chars: 6 }, 'Model.StreamCut', true],
    ['malformed JSON', { malformed: true }, 'Model.BadResponse', true],
  ];
  for (const [title, answer, type, retryable] of cases) {
    it(`turns ${title} into ${type}, ${retryable ? 'to be tried again' : 'final'}, after one request`, async () => {
      await withModel([answer], async (call, model) => {
        const failure = await failureOf(call);
        assert.equal(failure.type, type);
        assert.equal(failure.nonRetryable, !retryable);
        assert.equal(model.calls().length, 1);
      });
    });
  }

  it('passes Retry-After on as the next delay', async () => {
    await withModel([{ rate_limit: { retry_after_seconds: 7 } }], async (call) => {
      assert.equal((await failureOf(call)).nextRetryDelay, 7_000);
    });
  });

  it('says Model.Unreachable where nothing listens', async () => {
    await withModel([], async (call, model) => {
      await model.close();
      const failure = await failureOf(call);
      assert.equal(failure.type, 'Model.Unreachable');
      assert.match(failure.message, /ECONNREFUSED/);
    });
  });

  it('shows no key that a provider quotes back', async () => {
    const message = 'Incorrect API key provided: sk-proj-abc123DEF456.';
    await withModel([{ error: { status: 401, message } }], async (call) => {
      const failure = await failureOf(call);
      assert.doesNotMatch(failure.message, /abc123DEF456/);
      assert.match(failure.message, /no key is configured for it/);
    });
  });

  it('gives up on a provider that never answers', async () => {
    await withModel(
      [{ hang: true }],
      async (call) => assert.equal((await failureOf(call)).type, 'Model.TimedOut'),
      300,
    );
  });

  it('aborts the call at the provider when it is cancelled', async () => {
    await withModel([{ hang: true }], async (call, model, env) => {
      const pending = call();
      await eventually('the call to arrive', () => Promise.resolve(model.calls().length === 1));
      env.cancel();
      await assert.rejects(pending, (error: unknown) => error instanceof CancelledFailure);
      await eventually('the abort', () => Promise.resolve(model.calls()[0]?.outcome === 'aborted'));
    });
  });

  it('tells how long a call took, though the clock was set meanwhile', async () => {
    const trueTime = Date.now;
    await withModel([{ text: 'hi', delay_ms: 200 }], async (call, model) => {
      const pending = call();
      await eventually('the call to arrive', () => Promise.resolve(model.calls().length === 1));
      Date.now = () => trueTime() - 3_600_000;
      const { durationMs } = await pending.finally(() => (Date.now = trueTime));
      assert.ok(durationMs >= 100 && durationMs < 60_000, String(durationMs));
    });
  });

  it('cuts an answer that no run could carry, and says so', async () => {
    await withModel([{ text: 'x'.repeat(MAX_OUTPUT_CHARS + 1) }], async (call) => {
      const { textRef, finishReason } = await call();
      assert.equal(textRef?.chars, MAX_OUTPUT_CHARS);
      assert.equal(finishReason, 'size');
    });
  });
});
