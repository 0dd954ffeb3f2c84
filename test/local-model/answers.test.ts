import assert from 'node:assert/strict';
import { ask, complete, modelBase, MODEL, needsLocalModel, post, type Answer } from './support.js';

interface Chunk {
  id: string;
  object: string;
  model: string;
  choices: { index: number; delta: Delta; finish_reason: string | null }[];
  usage?: Answer['usage'];
}

interface Delta {
  role?: string;
  content?: string;
  tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
}

const TOOLS = [
  tool('get_weather', 'The weather in a city', { city: { type: 'string' } }),
  tool('add_numbers', 'Add two numbers', { a: { type: 'number' }, b: { type: 'number' } }),
];

describe('local model: answers', function () {
  needsLocalModel(this);

  it('answers in the shape of OpenAI, and says that it is a demo model', async () => {
    const response = await post(ask('What is a bicycle?', { max_tokens: 30 }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-demo-model'), MODEL);
    const body = (await response.json()) as Record<string, unknown>;
    assert.equal(body['object'], 'chat.completion');
    assert.equal(body['model'], MODEL);
    const { choices } = body as { choices: { index: number; message: { role: string; content: string } }[] };
    assert.equal(choices.length, 1);
    assert.equal(choices[0]?.message.role, 'assistant');
    assert.ok(choices[0].message.content.trim().length > 0);
    const models = (await (await fetch(`${await modelBase()}/v1/models`)).json()) as {
      data: { id: string; description: string }[];
    };
    assert.deepEqual(
      models.data.map(({ id }) => id),
      [MODEL],
    );
    assert.match(models.data[0]?.description ?? '', /demo model/i);
  });

  it('stops at max_tokens, counts tokens, and max_completion_tokens wins', async () => {
    const short = await complete(ask('Tell me about the sea.', { max_tokens: 5 }));
    assert.equal(short.finish, 'length');
    assert.equal(short.usage?.completion_tokens, 5);
    assert.equal(short.usage.total_tokens, short.usage.prompt_tokens + 5);
    const newer = await complete(ask('Tell me about the sea.', { max_tokens: 50, max_completion_tokens: 7 }));
    assert.equal(newer.usage?.completion_tokens, 7);
  });

  it('ends before a stop text', async () => {
    const whole = await complete(ask('Tell me about the sea.', { max_tokens: 30 }));
    const stop = whole.text.slice(20, 26);
    const cut = await complete(ask('Tell me about the sea.', { max_tokens: 30, stop: ['never said', stop] }));
    assert.equal(cut.text, whole.text.slice(0, whole.text.indexOf(stop)));
    assert.equal(cut.finish, 'stop');
  });

  it('gives the same text for the same seed, and another for another', async () => {
    const draw = async (seed: number) => {
      const more = { temperature: 1.2, seed, max_tokens: 16 };
      return (await complete(ask('Invent a name for a boat and say why.', more))).text;
    };
    assert.equal(await draw(7), await draw(7));
    const texts = new Set([await draw(1), await draw(2), await draw(3)]);
    assert.ok(texts.size > 1, 'three seeds gave one text');
  });

  it('streams the same text in chunks, then the usage where asked', async () => {
    const body = ask('What is tea?', { max_tokens: 24 });
    const whole = await complete(body);
    const chunks = await streamed({ ...body, stream: true, stream_options: { include_usage: true } });
    assert.ok(chunks.every(({ object, id }) => object === 'chat.completion.chunk' && id === chunks[0]?.id));
    assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant');
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), whole.text);
    assert.deepEqual(finishes(chunks), [whole.finish]);
    assert.deepEqual(chunks.at(-1)?.usage, whole.usage);
    assert.ok(chunks.length > 10, 'the text came in one piece');
    const without = await streamed({ ...body, stream: true });
    assert.ok(without.every(({ usage, choices }) => usage === undefined && choices.length === 1));
  });

  it('follows a JSON schema, with references, alternatives and unbounded texts', async () => {
    const schema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        mood: { enum: ['good', 'bad'] },
        stars: { type: 'integer', minimum: 1, maximum: 5 },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        people: { type: 'array', items: { $ref: '#/$defs/person' }, minItems: 1, maxItems: 2 },
      },
      required: ['title', 'mood', 'stars', 'people'],
      $defs: { person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    };
    const format = { type: 'json_schema', json_schema: { name: 'review', schema, strict: true } };
    const answer = await complete(ask('Review the film "The Sea" in JSON.', { response_format: format }));
    assert.equal(answer.finish, 'stop');
    const value = JSON.parse(answer.text) as Record<string, unknown>;
    assert.deepEqual(Object.keys(value), Object.keys(schema.properties));
    assert.equal(typeof value['title'], 'string');
    assert.ok(['good', 'bad'].includes(value['mood'] as string));
    assert.ok([1, 2, 3, 4, 5].includes(value['stars'] as number));
    assert.ok(value['note'] === null || typeof value['note'] === 'string');
    const people = value['people'] as { name: unknown }[];
    assert.ok(people.length >= 1 && people.every(({ name }) => typeof name === 'string'));
  });

  it('answers with one JSON object where json_object is asked for', async () => {
    const answer = await complete(ask('Describe a cat in JSON.', { response_format: { type: 'json_object' } }));
    assert.equal(answer.finish, 'stop');
    const value: unknown = JSON.parse(answer.text);
    assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  });

  it('calls a tool where one is required', async () => {
    const question = ask('Add 12 and 30.', { tools: TOOLS, tool_choice: 'required' });
    const answer = await complete(question);
    assert.equal(answer.finish, 'tool_calls');
    assert.equal(answer.text, '');
    const [call] = answer.toolCalls;
    assert.ok(call && TOOLS.some(({ function: { name } }) => name === call.function.name));
    assert.match(call.id, /^call_\w+$/);
    assert.equal(typeof JSON.parse(call.function.arguments), 'object');
  });

  it('streams the call of a named tool', async () => {
    const choice = { type: 'function', function: { name: 'add_numbers' } };
    const chunks = await streamed(ask('12 and 30', { stream: true, tools: TOOLS, tool_choice: choice }));
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    assert.equal(deltas[0]?.function.name, 'add_numbers');
    const parsed = JSON.parse(deltas.map((delta) => delta.function.arguments).join('')) as Record<string, unknown>;
    assert.deepEqual(Object.values(parsed).map((value) => typeof value), ['number', 'number']); // prettier-ignore
    assert.deepEqual(finishes(chunks), ['tool_calls']);
  });

  it('with auto, calls a tool that the question speaks of, once, and else answers in text', async () => {
    const tools = { tools: TOOLS, tool_choice: 'auto', max_tokens: 40 };
    const asked = await complete(ask('How is the weather in Paris?', tools));
    const [call] = asked.toolCalls;
    assert.equal(call?.function.name, 'get_weather');
    const messages = [
      { role: 'user', content: 'How is the weather in Paris?' },
      { role: 'assistant', content: null, tool_calls: asked.toolCalls },
      { role: 'tool', tool_call_id: call.id, content: '18 degrees and sunny' },
    ];
    const answered = await complete({ model: MODEL, temperature: 0, messages, ...tools });
    assert.deepEqual(answered.toolCalls, []);
    assert.ok(answered.text.trim().length > 0);
    const chat = await complete(ask('Who are you?', tools));
    assert.deepEqual(chat.toolCalls, []);
    assert.ok(chat.text.trim().length > 0);
  });
});

async function streamed(body: object): Promise<Chunk[]> {
  const response = await post(body);
  assert.equal(response.headers.get('content-type')?.split(';')[0], 'text/event-stream');
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  assert.equal(lines.pop(), 'data: [DONE]');
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as Chunk);
}

function finishes(chunks: readonly Chunk[]): string[] {
  return chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
}

function tool(name: string, description: string, properties: object) {
  return { type: 'function', function: { name, description, parameters: { type: 'object', properties } } };
}
