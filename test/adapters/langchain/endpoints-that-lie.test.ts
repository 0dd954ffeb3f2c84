import assert from 'node:assert/strict';
import { createChatModel } from '../../../src/adapters/langchain/chat-model.js';
import { isModelCallError } from '../../../src/contract/model-error.js';
import type { ChatRequest } from '../../../src/ports.js';
import { chunk, END, startLyingEndpoint, type Lie, type LyingEndpoint } from '../../support/lying-endpoint.js';
import { memoryLogger } from '../../support/logger.js';
import { callModel, chatModelAt, failureOf, modelsOf } from '../../support/models.js';

const TOOLS: ChatRequest['tools'] = [
  { name: 'calculator', description: 'Calculates', parameters: { type: 'object', properties: {} } },
  { name: 'clock', description: 'Tells the time', parameters: { type: 'object' } },
];

let endpoint: LyingEndpoint | undefined;

async function reply(lie: Lie, request: Partial<ChatRequest> = {}) {
  endpoint = await startLyingEndpoint(lie);
  return callModel(chatModelAt(endpoint.url), request);
}

const calls = (...toolCalls: unknown[]) => chunk({ tool_calls: toolCalls });
const said = (...events: unknown[]): Lie => ({ events: [...events, ...END] });

afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
});

describe('model adapter: answers of endpoints that are OpenAI’s only nearly', () => {
  const texts: [title: string, lie: Lie][] = [
    ['no role in any delta', said(chunk({ content: 'a ' }), chunk({ content: 'b' }), chunk({}, 'stop'))],
    ['no delta beside the finish reason', said(chunk({ content: 'a b' }), { choices: [{ finish_reason: 'stop' }] })],
    ['a text in parts', said(chunk({ content: [{ type: 'text', text: 'a ' }, { text: 'b' }] }), chunk(null, 'stop'))],
    [
      'chunks without choices between',
      said({ id: 'c' }, chunk({ content: 'a b' }), { choices: [] }, chunk({}, 'stop')),
    ],
    ['no finish reason but a usage', said(chunk({ role: 'assistant', content: 'a b' }))],
    ['no stream at all', { body: JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'a b' }, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }) }], // prettier-ignore
  ];
  for (const [title, lie] of texts) {
    it(`reads ${title}`, async () => {
      const { text, finishReason, usage, toolCalls } = await reply(lie);
      assert.deepEqual([text, finishReason, toolCalls], ['a b', 'stop', []]);
      assert.deepEqual(usage, { inputTokens: 3, outputTokens: 2, cachedInputTokens: 0, reasoningTokens: 0 });
    });
  }

  const two = [
    { name: 'calculator', arguments: { expression: '1+1' } },
    { name: 'clock', arguments: { zone: 'UTC' } },
  ];
  const pieces: [title: string, lie: Lie][] = [
    [
      'pieces of two calls mixed, by index',
      said(
        calls({ index: 0, id: 'a', function: { name: 'calculator', arguments: '' } }),
        calls({ index: 1, id: 'b', function: { name: 'clock', arguments: '{"zo' } }),
        calls(
          { index: 0, function: { arguments: '{"expression":' } },
          { index: 1, function: { arguments: 'ne":"UTC"}' } },
        ),
        calls({ index: 0, function: { arguments: '"1+1"}' } }),
        chunk({}, 'tool_calls'),
      ),
    ],
    [
      'one index and no id for all',
      said(
        calls({ index: 0, function: { name: 'calculator', arguments: '{"expression":"1+1"}' } }),
        calls({ index: 0, function: { name: 'clock', arguments: '{"zone":"UTC"}' } }),
        chunk({}, 'tool_calls'),
      ),
    ],
    [
      'one index, and ids, and the name again with each piece',
      said(
        calls({ index: 0, id: 'a', function: { name: 'calculator', arguments: '{"expression":' } }),
        calls({ index: 0, id: 'a', function: { name: 'calculator', arguments: '"1+1"}' } }),
        calls({ index: 0, id: 'b', function: { name: 'clock', arguments: '{"zone":' } }),
        calls({ index: 0, id: 'b', function: { name: 'clock', arguments: '"UTC"}' } }),
        chunk({}, 'stop'),
      ),
    ],
    [
      'no index, objects for arguments, ids that are the same, and no finish reason',
      said(
        calls({ id: 'x', function: { name: 'calculator', arguments: { expression: '1+1' } } }),
        calls({ id: 'x', function: { name: 'clock', arguments: { zone: 'UTC' } } }),
      ),
    ],
    [
      'a name in pieces, and a call that is not in a list',
      said(
        calls({ index: 0, id: 'a', function: { name: 'calcu' } }),
        calls({ index: 0, function: { name: 'lator' } }),
        calls({ index: 0, function: { arguments: '{"expression":"1+1"}' } }),
        chunk(
          { tool_calls: { index: 1, id: '', function: { name: 'clock', arguments: '{"zone":"UTC"}' } } },
          'tool_calls',
        ),
      ),
    ],
  ];
  for (const [title, lie] of pieces) {
    it(`puts tool calls together from ${title}`, async () => {
      const { toolCalls } = await reply(lie, { tools: TOOLS });
      assert.deepEqual(
        toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args })),
        two,
      );
      assert.ok(toolCalls.every(({ id, invalid }) => id !== '' && invalid === undefined));
      assert.equal(new Set(toolCalls.map(({ id }) => id)).size, 2);
    });
  }

  // The second one looks whole to whoever counts brackets.
  for (const args of ['{"expression": "1+1", "and": {"b": 1', '{"path": "a}']) {
    it(`does not complete arguments that were cut off: ${args}`, async () => {
      const cut = { index: 0, id: 'a', function: { name: 'calculator', arguments: args } };
      const { toolCalls, finishReason } = await reply(said(calls(cut), chunk({}, 'length')), { tools: TOOLS });
      assert.equal(finishReason, 'length');
      assert.match(toolCalls[0]?.invalid ?? '', /cut off/);
      assert.deepEqual([toolCalls[0]?.arguments, toolCalls[0]?.raw], [{}, args]);
    });
  }

  it('counts no usage where none is told, and says so once for each model', async () => {
    endpoint = await startLyingEndpoint({ events: [chunk({ content: 'a' }), chunk({}, 'stop'), '[DONE]'] });
    const logger = memoryLogger();
    const model = createChatModel(modelsOf({ OPENAI_BASE_URL: endpoint.url }), logger);
    for (let n = 0; n < 2; n++) assert.equal((await callModel(model)).usage.inputTokens, 0);
    assert.deepEqual(
      logger.lines.map(({ level, fields }) => ({ level, fields })),
      [{ level: 'warn', fields: { model: 'scripted-model' } }],
    );
  });
});

describe('model adapter: failures under a status of 200', () => {
  const inStream = (error: unknown): Lie => ({ events: [chunk({ role: 'assistant', content: 'a' }), error] });
  const cases: [title: string, lie: Lie, reason: string][] = [
    ['a rate limit', inStream({ error: { message: 'slow down', code: 'rate_limit_exceeded' } }), 'rate_limited'],
    ['a rate limit by number', inStream({ error: { message: 'slow down', code: 429 } }), 'rate_limited'],
    [
      'an overload',
      inStream({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'unavailable',
    ],
    ['an error of the server', inStream({ error: { message: 'oops', type: 'server_error' } }), 'unavailable'],
    ['an error that says nothing', inStream({ error: { message: 'hm' } }), 'unavailable'],
    ['an error that is a text', inStream({ error: 'hm' }), 'unavailable'],
    ['no money', inStream({ error: { message: 'no', type: 'insufficient_quota' } }), 'quota_exhausted'],
    ['a refused key', inStream({ error: { message: 'no', code: 'invalid_api_key', type: 'invalid_request_error' } }), 'unauthorized'], // prettier-ignore
    ['a long prompt', inStream({ error: { message: 'This model’s maximum context length is 8' } }), 'context_exceeded'],
    ['a bad request', inStream({ object: 'error', message: 'bad', type: 'BadRequestError', code: 400 }), 'bad_request'],
    ['an error in a choice', inStream({ choices: [{ delta: {}, error: { code: 502, message: 'x' } }] }), 'unavailable'],
    ['a finish reason that is one', said(chunk({ content: 'a' }), chunk({}, 'error')), 'unavailable'],
    [
      'an error instead of a stream',
      { body: '{"error": {"message": "slow", "type": "rate_limit_error"}}' },
      'rate_limited',
    ],
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' }, 'bad_response'],
    ['half a JSON', { body: '{"choices": [' }, 'bad_response'],
    ['nothing', { headers: { 'content-type': 'text/event-stream' } }, 'bad_response'],
    ['a usage and no choice', said(), 'bad_response'],
    ['no finish reason and no usage', { events: [chunk({ content: 'a' })] }, 'stream_cut'],
    ['what is no object', { events: ['5'] }, 'bad_response'],
  ];
  for (const [title, lie, reason] of cases) {
    it(`says ${reason} for ${title}`, async () => {
      const error = await failureOf(reply(lie));
      assert.ok(isModelCallError(error), String((error as Error).stack));
      assert.equal(error.reason, reason, error.message);
      assert.equal(endpoint?.seen.length, 1);
    });
  }

  it('passes on a Retry-After that came with an error under 200', async () => {
    const body = '{"error": {"message": "slow", "code": 429}}';
    const error = await failureOf(reply({ headers: { 'retry-after': '7' }, body }));
    assert.deepEqual([error.reason, error.retryAfterMs], ['rate_limited', 7_000]);
  });

  it('shows no secret that an endpoint says back', async () => {
    endpoint = await startLyingEndpoint({ status: 401, body: '{"error": {"message": "key-for-tests is wrong, and sk-abcdefgh123"}}' }); // prettier-ignore
    const { message, reason } = await failureOf(callModel(chatModelAt(endpoint.url)));
    assert.equal(reason, 'unauthorized');
    assert.doesNotMatch(message, /key-for-tests|sk-abc/);
    assert.match(
      message,
      /model 'scripted-model' at http:\/\/127\.0\.0\.1:\d+\/v1; its key is taken from OPENAI_API_KEY/,
    );
  });
});
