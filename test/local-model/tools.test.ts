import assert from 'node:assert/strict';
import { createChatModel } from '../../src/adapters/langchain/chat-model.js';
import { validateJson } from '../../src/adapters/json/schemas.js';
import { extractJson } from '../../src/adapters/json/extract.js';
import type { PlainMessage, ToolSpec } from '../../src/contract/wire.js';
import type { ChatModel } from '../../src/ports.js';
import { memoryLogger } from '../support/logger.js';
import { callModel, modelsOf } from '../support/models.js';
import { MODEL, modelBase, needsLocalModel } from './support.js';

const CALCULATOR: ToolSpec = {
  name: 'calculator',
  description: 'Calculates. Evaluates an arithmetic expression and gives its value.',
  parameters: {
    type: 'object',
    properties: { expression: { type: 'string', description: 'an arithmetic expression, for example 12 * 30' } },
    required: ['expression'],
    additionalProperties: false,
  },
};
const CLOCK: ToolSpec = { name: 'now', description: 'The date and time of today.', parameters: { type: 'object' } };
const SCHEMA = {
  type: 'object',
  properties: { total: { type: 'number' }, unit: { enum: ['euro', 'dollar'] } },
  required: ['total', 'unit'],
  additionalProperties: false,
};

const QUESTION: PlainMessage[] = [
  { role: 'system', content: 'You are a careful analyst. Use the calculator for every calculation.' },
  { role: 'user', content: 'Calculate 12 * 30, the price of 12 chairs at 30 euro each.' },
];

/** The demo model through our adapter; `tools` as its entry would say. */
async function demoModel(tools: 'native' | 'json' = 'native'): Promise<ChatModel> {
  const models = modelsOf({ OPENAI_BASE_URL: `${await modelBase()}/v1` }, { model: MODEL, maxOutputTokens: 256 });
  const entry = models.find(undefined);
  assert.ok(entry);
  return createChatModel({ ...models, find: () => ({ ...entry, tools }) }, memoryLogger());
}

/** The conversation after a tool has answered. */
function withResult(reply: Awaited<ReturnType<typeof callModel>>, content: string): PlainMessage[] {
  const [call] = reply.toolCalls;
  assert.ok(call);
  return [
    ...QUESTION,
    { role: 'assistant', content: reply.text, toolCalls: reply.toolCalls },
    { role: 'tool', content, toolCallId: call.id, toolName: call.name },
  ];
}

describe('local model: tools through the model adapter', function () {
  needsLocalModel(this);

  it('calls the calculator, then answers from its result without calling it again', async () => {
    const model = await demoModel();
    const tools = [CALCULATOR, CLOCK];
    const asked = await callModel(model, { messages: QUESTION, tools });
    assert.deepEqual(
      asked.toolCalls.map(({ name, invalid }) => [name, invalid]),
      [['calculator', undefined]],
    );
    assert.equal(typeof asked.toolCalls[0]?.arguments['expression'], 'string');
    assert.equal(asked.finishReason, 'tool_calls');
    assert.ok(asked.usage.inputTokens > 0 && asked.usage.outputTokens > 0);
    const answered = await callModel(model, { messages: withResult(asked, '360'), tools });
    assert.deepEqual(answered.toolCalls, []);
    assert.ok(answered.text.trim().length > 0);
  });

  it('with a schema, too, calls first and then answers in it', async () => {
    const model = await demoModel();
    const asked = await callModel(model, { messages: QUESTION, tools: [CALCULATOR], schema: SCHEMA });
    assert.deepEqual([asked.toolCalls.length, asked.toolCalls[0]?.name], [1, 'calculator']);
    const answered = await callModel(model, {
      messages: withResult(asked, '360'),
      tools: [CALCULATOR],
      schema: SCHEMA,
    });
    assert.deepEqual(answered.toolCalls, []);
    assert.deepEqual(validateJson(SCHEMA, extractJson(answered.text)), []);
  });

  it('answers without a tool where it shall', async () => {
    const answered = await callModel(await demoModel(), {
      messages: QUESTION,
      tools: [CALCULATOR],
      toolChoice: 'none',
    });
    assert.deepEqual(answered.toolCalls, []);
    assert.ok(answered.text.trim().length > 0);
  });

  it('keeps to the shape of a JSON turn, as a model without tools of its own would', async () => {
    const model = await demoModel('json');
    const asked = await callModel(model, { messages: QUESTION, tools: [CALCULATOR] });
    // Which of the two a model this small chooses is its own affair: but it is one of them.
    if (asked.toolCalls.length > 0) {
      assert.equal(asked.toolCalls[0]?.name, 'calculator');
      assert.equal(typeof asked.toolCalls[0].arguments['expression'], 'string');
    } else {
      assert.doesNotMatch(asked.text, /final_answer/);
    }
  });
});
