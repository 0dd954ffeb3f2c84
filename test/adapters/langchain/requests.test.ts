import assert from 'node:assert/strict';
import { createChatModel } from '../../../src/adapters/langchain/chat-model.js';
import type { RegistryConfig } from '../../../src/adapters/models/config.js';
import type { ToolSpec } from '../../../src/contract/wire.js';
import type { ChatRequest } from '../../../src/ports.js';
import type { ScriptInput } from '../../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../../src/scripted-model/server.js';
import { chunk, END, startLyingEndpoint, type LyingEndpoint } from '../../support/lying-endpoint.js';
import { memoryLogger } from '../../support/logger.js';
import { callModel, failureOf, modelsOf } from '../../support/models.js';

const tool = (name: string, more: Partial<ToolSpec> = {}): ToolSpec => ({
  name,
  description: '',
  parameters: {},
  ...more,
});
const CALCULATOR = tool('calculator');
const SCHEMA = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'], additionalProperties: false };

/** A conversation that has called tools: one that is known, and one that never was. */
const HISTORY: ChatRequest['messages'] = [
  { role: 'system', content: 'Be terse.' },
  { role: 'user', content: '1+1?' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [
      { id: 'call_1', name: 'files/read', arguments: { path: 'a' } },
      { id: 'an id that no provider would take, for it is far too long', name: 'no such tool', arguments: {}, raw: '{', invalid: 'no' }, // prettier-ignore
    ],
  },
  { role: 'tool', content: 'two', toolCallId: 'call_1', toolName: 'files/read' },
  { role: 'tool', content: 'No such tool', toolCallId: 'an id that no provider would take, for it is far too long', toolName: 'no such tool' }, // prettier-ignore
];

let scripted: ScriptedModel | undefined;
let endpoint: LyingEndpoint | undefined;

async function play(answer: ScriptInput['answers'][number], request: Partial<ChatRequest>) {
  scripted = await startScriptedModel({ script: { answers: [answer] } });
  const models = modelsOf({ OPENAI_BASE_URL: scripted.url });
  return callModel(createChatModel(models, memoryLogger()), request);
}

/** What goes over the wire for a request. */
async function sent(
  request: Partial<ChatRequest>,
  variables: Record<string, string> = {},
  more?: Partial<RegistryConfig>,
) {
  endpoint = await startLyingEndpoint({ events: [chunk({ content: 'ok' }), chunk({}, 'stop'), ...END] });
  const models = modelsOf({ OPENAI_BASE_URL: endpoint.url, MISTRAL_API_KEY: 'm', ...variables }, more);
  // Everything that would go to a provider's own address goes to this one, as it is the provider's habits that count.
  const found = models.find(request.model);
  assert.ok(found);
  found.baseUrl = endpoint.url;
  await callModel(createChatModel({ ...models, find: () => found }, memoryLogger()), request);
  const [seen] = endpoint.seen;
  assert.ok(seen);
  return seen;
}

afterEach(async () => {
  await Promise.all([scripted?.close(), endpoint?.close()]);
  scripted = endpoint = undefined;
});

describe('model adapter: tools', () => {
  it('offers tools under names that providers take, and gives calls back under their own', async () => {
    const names = ['files/read', 'files_read', 'Delegate work to coworker', 'x'.repeat(80)];
    const calls = names.map((_, at) => ({ name: '', arguments: { at } }));
    endpoint = await startLyingEndpoint({ events: [chunk({}, 'stop'), ...END] });
    await callModel(createChatModel(modelsOf({ OPENAI_BASE_URL: endpoint.url }), memoryLogger()), { tools: names.map((name) => tool(name)) }); // prettier-ignore
    const onWire = endpoint.seen[0]?.body.tools?.map((one) => one.function.name) ?? [];
    assert.ok(
      onWire.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name)),
      onWire.join(),
    );
    assert.equal(new Set(onWire).size, names.length);
    assert.deepEqual([onWire[1], onWire[2]], ['files_read', 'Delegate_work_to_coworker']);
    const { toolCalls, finishReason } = await play(
      { tool_calls: calls.map((call, at) => ({ ...call, name: onWire[at] ?? '' })) },
      { tools: names.map((name) => tool(name)) },
    );
    assert.deepEqual(
      toolCalls.map(({ name, arguments: { at } }) => [name, at]),
      names.map((name, at) => [name, at]),
    );
    assert.equal(finishReason, 'tool_calls');
  });

  it('tells the model what is wrong with calls that cannot be made', async () => {
    const { toolCalls } = await play(
      {
        tool_calls: [
          { name: 'calculater' },
          { name: 'calculator', arguments_text: 'two plus two' },
          { name: 'calculator', arguments_text: '[1]' },
          { name: 'weather' },
        ],
      },
      { tools: [CALCULATOR, tool('clock')] },
    );
    assert.deepEqual(
      toolCalls.map(({ name, invalid }) => [name, invalid]),
      [
        ['calculater', "There is no tool 'calculater'. Did you mean 'calculator'? Tools: calculator, clock."],
        ['calculator', 'The arguments are no JSON object: two plus two'],
        ['calculator', 'The arguments are no JSON object: [1]'],
        ['weather', "There is no tool 'weather'. Tools: calculator, clock."],
      ],
    );
    assert.equal(toolCalls[1]?.raw, 'two plus two');
  });

  it('takes arguments that can be understood, and gives each call an id of its own', async () => {
    const { toolCalls } = await play(
      {
        tool_calls: [
          { name: 'Calculator', arguments_text: "{expression: '1+1',}", id: 'call_1' },
          { name: 'functions.calculator', arguments_text: '"{\\"expression\\": \\"1+1\\"}"', id: 'same' },
          { name: 'calculator', arguments_text: '', id: 'same' },
          { name: 'calculator', arguments_text: 'null', id: '' },
        ],
      },
      { tools: [CALCULATOR], messages: HISTORY },
    );
    assert.deepEqual(
      toolCalls.map(({ name, arguments: args, invalid }) => [name, args, invalid]),
      [{ expression: '1+1' }, { expression: '1+1' }, {}, {}].map((args) => ['calculator', args, undefined]),
    );
    const ids = toolCalls.map(({ id }) => id);
    assert.equal(new Set(['call_1', ...ids]).size, 5, ids.join());
    assert.equal(ids[1], 'same');
  });

  it('sends a conversation with calls, results and ids that the provider takes', async () => {
    const { body } = await sent({ messages: HISTORY, tools: [tool('files/read', { description: 'x'.repeat(3_000) })] });
    const [, , assistant, first, second] = body.messages as [object, object, ...Record<string, unknown>[]];
    const calls = assistant?.['tool_calls'] as { id: string; function: { name: string; arguments: string } }[];
    assert.equal(assistant?.['content'], null);
    assert.deepEqual(calls.map((call) => call.function), [
      { name: 'files_read', arguments: '{"path":"a"}' },
      { name: 'no_such_tool', arguments: '{}' },
    ]); // prettier-ignore
    assert.deepEqual([first?.['tool_call_id'], second?.['tool_call_id']], [calls[0]?.id, calls[1]?.id]);
    assert.ok(calls.every(({ id }) => /^[\w-]{1,40}$/.test(id)));
    assert.deepEqual(body.tools?.[0]?.function.parameters, { type: 'object', properties: {} });
    assert.equal(body.tools?.[0]?.function.description.length, 1_024);
    assert.equal(body.tool_choice, undefined);
  });

  it('shows the tools of a conversation and forbids them where the model shall answer without', async () => {
    const { body } = await sent({ messages: HISTORY, tools: [tool('files/read')], toolChoice: 'none' });
    assert.deepEqual([body.tools?.map((one) => one.function.name), body.tool_choice], [['files_read'], 'none']);
    await endpoint?.close();
    const without = await sent({ messages: HISTORY });
    assert.deepEqual(
      without.body.tools?.map((one) => one.function.name),
      ['files_read', 'no_such_tool'],
    );
    assert.equal(without.body.tool_choice, 'none');
    await endpoint?.close();
    const plain = await sent({ tools: [CALCULATOR], toolChoice: 'none' });
    assert.deepEqual([plain.body.tools, plain.body.tool_choice], [undefined, undefined]);
  });

  it('says so where a model calls a tool though it shall not, or has none', async () => {
    const forbidden = await play({ tool_calls: [{ name: 'calculator' }] }, { tools: [CALCULATOR], toolChoice: 'none' });
    assert.match(forbidden.toolCalls[0]?.invalid ?? '', /No tool may be called now/);
    await scripted?.close();
    const none = await play({ text: 'hm', tool_calls: [{ name: 'calculator' }] }, {});
    assert.match(none.toolCalls[0]?.invalid ?? '', /no tool 'calculator', and no other/);
    assert.equal(none.text, 'hm');
  });

  it('keeps to what Mistral wants: nine letters for an id, and no stream options', async () => {
    const { body } = await sent({ model: 'mistral/mistral-small', messages: HISTORY, tools: [CALCULATOR] });
    const calls = body.messages[2]?.['tool_calls'] as { id: string }[];
    assert.ok(calls.every(({ id }) => /^[A-Za-z0-9]{9}$/.test(id)));
    assert.equal(body.messages[3]?.['tool_call_id'], calls[0]?.id);
    assert.equal(body.stream_options, undefined);
    assert.equal(body.model, 'mistral-small');
  });
});

describe('model adapter: answers of a schema', () => {
  it('asks by schema, strictly where the schema is fit for that', async () => {
    const strict = await sent({ schema: SCHEMA });
    assert.deepEqual(strict.body.response_format, {
      type: 'json_schema',
      json_schema: { name: 'answer', schema: SCHEMA, strict: true },
    });
    for (const loose of [
      { ...SCHEMA, required: [] },
      { type: 'object', properties: { n: SCHEMA, list: { type: 'array', items: { type: 'object' } } }, required: ['n', 'list'], additionalProperties: false }, // prettier-ignore
      { ...SCHEMA, allOf: [] },
      { anyOf: [SCHEMA] },
    ]) {
      await endpoint?.close();
      const { body } = await sent({ schema: { title: 'My answer', ...loose } });
      assert.equal(body.response_format?.json_schema?.strict, false, JSON.stringify(loose));
      assert.equal(body.response_format.json_schema.name, 'My_answer');
    }
  });

  it('asks in words where the provider has less, and beside tools where it allows no format then', async () => {
    const deepseek = await sent({ model: 'deepseek/deepseek-chat', schema: SCHEMA }, { DEEPSEEK_API_KEY: 'k' });
    assert.deepEqual(deepseek.body.response_format, { type: 'json_object' });
    assert.match(String(deepseek.body.messages[0]?.['content']), /JSON only, of this JSON Schema: {"type":"object"/);
    await endpoint?.close();
    const gemini = { model: 'gemini/gemini-2.5-flash', schema: SCHEMA };
    const beside = await sent({ ...gemini, tools: [CALCULATOR], messages: HISTORY }, { GEMINI_API_KEY: 'k' });
    assert.equal(beside.body.response_format, undefined);
    assert.match(String(beside.body.messages[0]?.['content']), /^Be terse\.\n\nGive the final answer as JSON only/);
    await endpoint?.close();
    assert.equal((await sent(gemini, { GEMINI_API_KEY: 'k' })).body.response_format?.type, 'json_schema');
  });

  it('gives the answer as it was written', async () => {
    const { text, usage } = await play(
      { json: { n: 1 }, usage: { input_tokens: 9, output_tokens: 4, cached_input_tokens: 5, reasoning_tokens: 3 } },
      { schema: SCHEMA, maxOutputTokens: 33 },
    );
    assert.equal(text, '{"n":1}');
    assert.deepEqual(usage, { inputTokens: 9, outputTokens: 4, cachedInputTokens: 5, reasoningTokens: 3 });
    assert.equal(scripted?.calls()[0]?.maxTokens, 33);
  });
});

describe('model adapter: where a request goes', () => {
  it('says the longest answer as the model wants it, and names the call', async () => {
    const { body, headers, path } = await sent({ maxOutputTokens: 33 });
    assert.deepEqual([body.max_tokens, body.max_completion_tokens, body.temperature], [33, undefined, undefined]);
    assert.equal(headers['x-client-request-id'], 'run/find/model/1');
    assert.equal(headers.authorization, 'Bearer none');
    assert.equal(path, '/v1/chat/completions');
    await endpoint?.close();
    const newer = await sent({ model: 'openai/gpt-5-codex' }, { OPENAI_API_KEY: 'k' });
    assert.deepEqual([newer.body.max_tokens, newer.body.max_completion_tokens], [undefined, 50]);
    assert.equal(newer.headers.authorization, 'Bearer k');
    assert.equal(newer.path, '/v1/chat/completions');
  });

  it('fails by name where a model is not configured, or its key is not set', async () => {
    const model = createChatModel(modelsOf({}, { model: 'gpt-4.1-mini' }), memoryLogger());
    const unknown = await failureOf(callModel(model, { model: 'groq/llama' }));
    assert.equal(unknown.reason, 'not_found');
    assert.match(unknown.message, /'groq\/llama' is not configured\. Set GROQ_API_KEY/);
    const noKey = await failureOf(callModel(model));
    assert.equal(noKey.reason, 'unauthorized');
    assert.match(noKey.message, /'gpt-4\.1-mini' takes its key from the variable OPENAI_API_KEY, which is not set/);
  });

  it('ends a call after the entry’s own time, where that is shorter', async () => {
    scripted = await startScriptedModel({ script: { answers: [{ hang: true }] } });
    const models = modelsOf({ OPENAI_BASE_URL: scripted.url });
    const entry = models.find(undefined);
    assert.ok(entry);
    entry.timeoutMs = 100;
    const error = await failureOf(callModel(createChatModel(models, memoryLogger())));
    assert.deepEqual([error.reason, error.message], ['timed_out', 'no whole answer within 100 ms']);
  });
});
