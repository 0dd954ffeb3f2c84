import assert from 'node:assert/strict';
import { ANSWER_LIMITS } from '../../src/adapters/langchain/answer-limits.js';
import { createChatModel } from '../../src/adapters/langchain/chat-model.js';
import { ModelCallError, type ModelErrorReason } from '../../src/contract/model-error.js';
import { modelFailure } from '../../src/activities/model-failure.js';
import type { ApplicationFailure } from '@temporalio/common';
import type { ChatRequest } from '../../src/ports.js';
import { eventually } from '../support/crew-world.js';
import { startEndlessModel, type Endless } from '../support/endless-model.js';
import { memoryLogger } from '../support/logger.js';
import { failureOf, modelsOf } from '../support/models.js';

const TOOLS: ChatRequest['tools'] = [{ name: 'find', description: 'Finds', parameters: { type: 'object' } }];

/** Bytes beyond a limit that may be on their way: buffers of both ends. */
const ON_THE_WAY = 20_000_000;

/** Half a million events take seconds in a worker, and several times as long where a test's replays hook into every promise. */
const SOON_S = 400;

describe('answers of models that do not end', function () {
  this.timeout(1_200 * SOON_S);

  const ways: [way: Endless, reason: ModelErrorReason, message: RegExp, bytes: number][] = [
    ['text', 'answer_too_large', /^more than 1000000 characters$/, 2_000_000],
    ['text, packed', 'answer_too_large', /^more than 1000000 characters$/, 100_000_000],
    ['comments and no text', 'answer_too_large', /^more than 600000 lines$/, 20_000_000],
    ['events with nothing in them', 'answer_too_large', /^more than 600000 lines$/, ANSWER_LIMITS.bodyBytes],
    ['one line', 'answer_too_large', /^more than 4000000 bytes in one event$/, ANSWER_LIMITS.partBytes],
    ['one event of many lines', 'answer_too_large', /^more than 4000000 bytes in one event$/, ANSWER_LIMITS.partBytes],
    ['one empty line that never comes', 'answer_too_large', /^more than 600000 lines$/, ANSWER_LIMITS.partBytes],
    ['arguments of a call', 'answer_too_large', /^more than 1000000 characters$/, 2_000_000],
    [
      'arguments in small pieces, with the name each time',
      'answer_too_large',
      /^more than 1000000 characters$/,
      ANSWER_LIMITS.bodyBytes,
    ],
    ['calls of tools', 'answer_too_large', /^more than 200 tool calls$/, 1_000_000],
    ['JSON in one piece', 'answer_too_large', /^more than 4000000 bytes$/, ANSWER_LIMITS.partBytes],
    ['an error', 'unavailable', /./, ANSWER_LIMITS.errorBytes],
    ['a web page', 'bad_response', /^a web page came/, 0],
  ];
  for (const [way, reason, message, bytes] of ways) {
    it(`are let go of: ${way}`, async () => {
      const model = await startEndlessModel(way);
      try {
        const started = performance.now();
        const failure = await failureOf(call(model.url));
        const seconds = (performance.now() - started) / 1_000;
        assert.deepEqual([failure.reason, failure.message.match(message) !== null], [reason, true], failure.message);
        assert.ok(seconds < SOON_S, `${seconds} s`);
        await eventually('the connection to be closed', () => Promise.resolve(model.open() === 0));
        assert.ok(model.bytes() < bytes + ON_THE_WAY, `${model.bytes()} bytes were sent`);
      } finally {
        await model.close();
      }
    });
  }

  for (const way of ['a text, then silence', 'silence'] as const) {
    it(`are not waited for: ${way}`, async () => {
      const model = await startEndlessModel(way);
      try {
        const failure = await failureOf(call(model.url, { ...ANSWER_LIMITS, idleMs: 100 }));
        assert.deepEqual([failure.reason, failure.message], ['timed_out', 'nothing more came for 100 ms']);
        await eventually('the connection to be closed', () => Promise.resolve(model.open() === 0));
      } finally {
        await model.close();
      }
    });
  }
});

describe('a model that runs out of time', () => {
  it('is asked three times in all, and what can be done is said', () => {
    const late = new ModelCallError('timed_out', '');
    const after = (alike: number) => {
      const attempts = { failed: alike, unknown: 0 };
      return modelFailure(late, { attempts, how: 'timedOut', alike, model: 'slow' }) as ApplicationFailure;
    };
    assert.deepEqual(
      [1, 2, 3].map((alike) => after(alike).nonRetryable),
      [false, false, true],
    );
    assert.match(after(3).message, /at 3 tries of the model 'slow'.*timeout_seconds/);
  });
});

function call(url: string, limits = ANSWER_LIMITS) {
  const models = modelsOf({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'key-for-tests' });
  return createChatModel(models, memoryLogger(), limits).call(
    { messages: [{ role: 'user', content: 'hi' }], tools: TOOLS ?? [] },
    { signal: new AbortController().signal, requestId: 'run/find/model/1', timeoutMs: 1_000 * SOON_S },
  );
}
