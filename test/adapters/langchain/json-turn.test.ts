import assert from 'node:assert/strict';
import { createChatModel } from '../../../src/adapters/langchain/chat-model.js';
import type { ModelEntry } from '../../../src/adapters/models/entry.js';
import type { ToolSpec } from '../../../src/contract/wire.js';
import type { ChatReply, ChatRequest } from '../../../src/ports.js';
import type { ScriptInput } from '../../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../../src/scripted-model/server.js';
import { memoryLogger } from '../../support/logger.js';
import { callModel, failureOf, modelsOf } from '../../support/models.js';

const TOOLS: ToolSpec[] = [
  {
    name: 'calculator',
    description: 'Evaluates a formula.',
    parameters: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { expression: { type: 'string', description: 'for example 2*3' }, digits: { type: 'integer' } },
      required: ['expression'],
    },
  },
  { name: 'files/read', description: 'Reads a file.', parameters: { type: 'object', properties: { mode: { enum: ['text', 'hex'] } } } }, // prettier-ignore
];
const SCHEMA = { type: 'object', properties: { n: { $ref: '#/$defs/number' } }, $defs: { number: { type: 'number' } } };

let model: ScriptedModel | undefined;

/** Asks a model that has no tools of its own. */
async function ask(
  answer: ScriptInput['answers'][number],
  request: Partial<ChatRequest> = { tools: TOOLS },
  { tools = 'json', ...traits }: { tools?: ModelEntry['tools'] } & Partial<ModelEntry['traits']> = {},
): Promise<ChatReply> {
  await model?.close();
  model = await startScriptedModel({ script: { answers: [answer] } });
  const models = modelsOf({ OPENAI_BASE_URL: model.url });
  const entry = models.find(undefined);
  assert.ok(entry);
  Object.assign(entry, { tools, traits: { ...entry.traits, ...traits } });
  return callModel(createChatModel(models, memoryLogger()), request);
}

/** What the endpoint saw. */
function seen() {
  const [call] = model?.calls() ?? [];
  assert.ok(call);
  const contents = call.messages.map(({ role, content }) => [role, content] as [string, string]);
  return { ...call, contents };
}

const callsOf = ({ toolCalls }: ChatReply) => toolCalls.map(({ name, arguments: args }) => [name, args]);

afterEach(async () => {
  await model?.close();
  model = undefined;
});

describe('model adapter: tools for models that have none', () => {
  it('tells the tools in a few lines, and asks for one JSON object by schema', async () => {
    await ask({ json: { final_answer: 'x' } });
    const { contents, tools, toolChoice, responseFormat } = seen();
    assert.deepEqual([tools, toolChoice], [[], null]);
    assert.equal(
      contents[0]?.[1],
      [
        'Tools:',
        '- calculator(expression: string (for example 2*3), digits?: integer): Evaluates a formula.',
        '- files/read(mode?: "text"|"hex"): Reads a file.',
        'Answer with one JSON object only. To use a tool:',
        '{"tool": "its name", "arguments": {…}}',
        'When you have what you need:',
        '{"final_answer": "…"}',
      ].join('\n'),
    );
    const { json_schema: format } = responseFormat as { json_schema: { strict: boolean; schema: { anyOf: object[] } } };
    assert.equal(format.strict, false);
    const { $schema: _dialect, ...parameters } = TOOLS[0]?.parameters ?? {};
    assert.deepEqual(format.schema.anyOf[0], {
      type: 'object',
      properties: { tool: { type: 'string', const: 'calculator' }, arguments: parameters },
      required: ['tool', 'arguments'],
      additionalProperties: false,
    });
    assert.equal(format.schema.anyOf.length, 3);
  });

  it('gives the final answer the schema that is wanted', async () => {
    const reply = await ask({ json: { final_answer: { n: 1 } } }, { tools: TOOLS, schema: SCHEMA });
    assert.equal(reply.text, '{"n":1}');
    const { contents, responseFormat } = seen();
    assert.match(contents[0]?.[1] ?? '', /{"final_answer": …} with JSON of this JSON Schema: {"type":"object"/);
    const { json_schema: format } = responseFormat as { json_schema: { schema: { anyOf: { properties: object }[] } } };
    assert.deepEqual(format.schema.anyOf[2]?.properties, {
      final_answer: { type: 'object', properties: { n: { $ref: '#/$defs/number' } } },
    });
    assert.deepEqual((format.schema as object as typeof SCHEMA).$defs, SCHEMA.$defs);
  });

  it('asks as far as the endpoint can be told', async () => {
    await ask({ text: 'x' }, { tools: TOOLS }, { responseFormat: 'json_object' });
    assert.deepEqual(seen().responseFormat, { type: 'json_object' });
    await ask({ text: 'x' }, { tools: TOOLS }, { responseFormat: 'none' });
    assert.equal(seen().responseFormat, null);
  });

  const one = [['calculator', { expression: '1+1' }]];
  const readings: [title: string, text: string, calls: unknown[], left: string][] = [
    ['a call', '{"tool": "calculator", "arguments": {"expression": "1+1"}}', one, ''],
    ['a call in prose and a fence', 'Let me see.\n```json\n{"tool": "calculator", "arguments": {"expression": "1+1"}}\n```', one, ''], // prettier-ignore
    ['a call with mistakes', "{tool: 'calculator', arguments: {expression: '1+1',}}", one, ''],
    ['a call of another shape', '{"name": "calculator", "parameters": {"expression": "1+1"}}', one, ''],
    ['arguments in a text', '{"tool": "calculator", "arguments": "{\\"expression\\": \\"1+1\\"}"}', one, ''],
    ['a call without arguments', '{"tool": "Files/Read"}', [['files/read', {}]], ''],
    ['two calls', '[{"tool": "calculator", "arguments": {"expression": "1+1"}}, {"tool": "files/read"}]', [...one, ['files/read', {}]], ''], // prettier-ignore
    ['a final answer', '{"final_answer": "two"}', [], 'two'],
    ['an answer as a tool', '{"tool": "final_answer", "arguments": {"answer": "two"}}', [], 'two'],
    ['plain text', 'It is two.', [], 'It is two.'],
    ['JSON that is something else', '{"name": "Ada", "tool": "hammer"}', [], '{"name": "Ada", "tool": "hammer"}'],
  ];
  for (const [title, text, calls, left] of readings) {
    it(`reads ${title}`, async () => {
      const reply = await ask({ text });
      assert.deepEqual(callsOf(reply), calls);
      assert.equal(reply.text, left);
      assert.ok(reply.toolCalls.every(({ id, invalid }) => id !== '' && invalid === undefined));
    });
  }

  it('tells the model of a tool that is not there, and of a call that was cut off', async () => {
    const unknown = await ask({ json: { tool: 'weather', arguments: {} } });
    assert.match(unknown.toolCalls[0]?.invalid ?? '', /There is no tool 'weather'\. Tools: calculator, files\/read/);
    const text = '{"tool": "calculator", "arguments": {"expression": "1+';
    const cut = await ask({ text, finish_reason: 'length' });
    assert.deepEqual([cut.toolCalls[0]?.name, cut.toolCalls[0]?.raw], ['calculator', text]);
    assert.match(cut.toolCalls[0]?.invalid ?? '', /cut off/);
  });

  const messages: ChatRequest['messages'] = [
    { role: 'system', content: 'Be terse.' },
    { role: 'user', content: '1+1?' },
    { role: 'assistant', content: 'Hm.', toolCalls: [{ id: 'a', name: 'calculator', arguments: { expression: '1+1' } }] }, // prettier-ignore
    { role: 'tool', content: '2', toolCallId: 'a', toolName: 'calculator' },
    { role: 'user', content: 'So?' },
  ];
  const turns = [
    ['user', '1+1?'],
    ['assistant', 'Hm.\n{"tool":"calculator","arguments":{"expression":"1+1"}}'],
    ['user', 'Result of calculator: 2\n\nSo?'],
  ];

  it('tells earlier calls and results as texts, and lets nobody speak twice in a row', async () => {
    await ask({ json: { final_answer: '2' } }, { tools: TOOLS, messages });
    const { contents } = seen();
    assert.match(contents[0]?.[1] ?? '', /^Be terse\.\n\nTools:\n/);
    assert.deepEqual(contents.slice(1), turns);
  });

  it('speaks of no tools where the model shall answer without', async () => {
    const reply = await ask({ text: 'It is 2.' }, { tools: TOOLS, messages, toolChoice: 'none' });
    assert.deepEqual([reply.text, reply.toolCalls], ['It is 2.', []]);
    const { contents, responseFormat } = seen();
    assert.deepEqual(contents, [['system', 'Be terse.'], ...turns]);
    assert.equal(responseFormat, null);
  });

  it('refuses tools for a model that takes none at all, before anything is sent', async () => {
    const error = await failureOf(ask({ text: 'x' }, { tools: TOOLS }, { tools: 'none' }));
    assert.equal(error.reason, 'bad_request');
    assert.match(error.message, /'scripted-model' takes no tools/);
    assert.deepEqual(model?.calls(), []);
    assert.equal((await ask({ text: 'x' }, {}, { tools: 'none' })).text, 'x');
  });
});
