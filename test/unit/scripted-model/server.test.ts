import assert from 'node:assert/strict';
import type { RecordedCall } from '../../../src/scripted-model/player.js';
import type { ScriptInput } from '../../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../../src/scripted-model/server.js';
import { eventually } from '../../support/crew-world.js';

let model: ScriptedModel | undefined;

async function play(...answers: ScriptInput['answers']): Promise<ScriptedModel> {
  model = await startScriptedModel({ script: { answers } });
  return model;
}

/** One chat completion call, as any client makes it. */
function ask(content: unknown, more: { body?: object; headers?: Record<string, string>; signal?: AbortSignal } = {}) {
  assert.ok(model);
  return fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...more.headers },
    body: JSON.stringify({ model: 'some-model', messages: [{ role: 'user', content }], ...more.body }),
    ...(more.signal && { signal: more.signal }),
  });
}

async function textOf(response: Response): Promise<string> {
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

/** The data lines of an event stream. */
async function eventsOf(response: Response): Promise<string[]> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  assert.ok(lines.every((line) => line.startsWith('data: ')));
  return lines.map((line) => line.slice('data: '.length));
}

function outcomes(): RecordedCall['outcome'][] {
  return model?.calls().map(({ outcome }) => outcome) ?? [];
}

function becomes(at: number, outcome: RecordedCall['outcome']): Promise<unknown> {
  return eventually(`call ${at} to be ${outcome}`, () => Promise.resolve(outcomes()[at] === outcome));
}

afterEach(async () => {
  await model?.close();
  model = undefined;
});

describe('scripted model: which answer', () => {
  it('gives answers in order, each once, and keeps those with `when` for the calls they fit', async () => {
    const { remaining } = await play({ text: 'for S', when: 'Summarizer' }, { text: 'one' }, { text: 'two' });
    assert.equal(await textOf(await ask('first')), 'one');
    assert.equal(await textOf(await ask([{ type: 'text', text: 'You are the Summarizer' }])), 'for S');
    assert.equal(remaining(), 1);
    assert.equal(await textOf(await ask('Summarizer again')), 'two');
    assert.equal(remaining(), 0);
  });

  it('keeps an answer for the model that it is for, and for calls with that result of a tool', async () => {
    await play({ text: 'from fast', when_model: 'fast' }, { text: 'so it is 42', when: 'result: 42' }, { text: 'any' });
    assert.equal(await textOf(await ask('x')), 'any');
    assert.equal(await textOf(await ask('x', { body: { model: 'fast' } })), 'from fast');
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'tool', tool_call_id: 'a', content: 'result: 42' },
    ];
    assert.equal(await textOf(await ask('', { body: { messages } })), 'so it is 42');
  });

  it('repeats an answer that may be', async () => {
    await play({ text: 'again', repeat: true });
    for (let n = 0; n < 3; n++) assert.equal(await textOf(await ask('x')), 'again');
  });

  it('refuses a call that no answer is left for, and says which call it was', async () => {
    await play({ text: 'one' });
    await ask('x');
    const response = await ask('What now?\nsecond line');
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), {
      error: {
        message: 'The script has no answer left for call 2 (model some-model): "What now?"',
        type: 'invalid_request_error',
        param: null,
        code: 'script_exhausted',
      },
    });
    assert.deepEqual(outcomes(), ['answered', 'exhausted']);
  });

  it('starts anew after a reset', async () => {
    const { port } = await play({ text: 'one' });
    await ask('x');
    assert.equal((await fetch(`http://127.0.0.1:${port}/reset`, { method: 'POST' })).status, 204);
    assert.deepEqual(outcomes(), []);
    assert.equal(await textOf(await ask('x')), 'one');
  });
});

describe('scripted model: the record', () => {
  it('keeps who called with what and what became of it, for GET /calls too', async () => {
    const { port, calls } = await play({ text: 'one', when: 'never said' }, { text: 'two' });
    await ask('hello', { headers: { 'X-Client-Request-Id': 'run/find/model/1' } });
    const [call] = calls();
    assert.ok(call && Math.abs(Date.now() - Date.parse(call.at)) < 60_000);
    assert.deepEqual(call, {
      n: 1,
      at: call.at,
      clientRequestId: 'run/find/model/1',
      model: 'some-model',
      messages: [{ role: 'user', content: 'hello' }],
      tools: [],
      traceparent: null,
      toolChoice: null,
      responseFormat: null,
      maxTokens: null,
      outcome: 'answered',
      answerIndex: 1,
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    });
    assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/calls`)).json(), [call]);
  });

  it('keeps what a call could have been answered with, and what usage was reported: none where nothing was', async () => {
    const usage = { input_tokens: 9, output_tokens: 4, cached_input_tokens: 5, reasoning_tokens: 3 };
    const { calls } = await play(
      { json: { a: 1 }, usage },
      { text: 'one two', cut_after_chars: 3 },
      { rate_limit: { retry_after_seconds: 0 } },
      { text: 'not asked for' },
    );
    const body = {
      tools: [{ type: 'function', function: { name: 'calculator', parameters: {} } }],
      tool_choice: 'none',
      response_format: { type: 'json_object' },
      max_completion_tokens: 7,
      stream: true,
      stream_options: { include_usage: true },
    };
    assert.match(await (await ask('x', { body })).text(), /"content":"{\\"a\\":1}"/);
    await assert.rejects((await ask('x', { body })).text());
    await ask('x', { body });
    await (await ask('x', { body: { stream: true } })).text();
    const [first, ...others] = calls();
    assert.deepEqual(
      [first?.tools, first?.toolChoice, first?.responseFormat, first?.maxTokens],
      [['calculator'], 'none', { type: 'json_object' }, 7],
    );
    assert.deepEqual(first?.usage, {
      prompt_tokens: 9,
      completion_tokens: 4,
      total_tokens: 13,
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
    assert.deepEqual(
      others.map((call) => call.usage),
      [null, null, null],
    );
  });

  it('shows a call in flight, and at once when its client goes away', async () => {
    await play({ hang: true }, { text: 'late', delay_ms: 3_600_000 });
    for (const at of [0, 1]) {
      const client = new AbortController();
      const response = ask('x', { signal: client.signal });
      await becomes(at, 'in_flight');
      client.abort();
      await assert.rejects(response);
      await becomes(at, 'aborted');
    }
  });
});

describe('scripted model: what goes over the wire', () => {
  it('streams words, a finish reason, usage where it is asked for, and [DONE]', async () => {
    await play({ text: 'Hello  there,\nyou ' });
    const response = await ask('x', { body: { stream: true, stream_options: { include_usage: true } } });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = await eventsOf(response);
    assert.equal(events.pop(), '[DONE]');
    type Chunk = { choices: { delta: { content?: string }; finish_reason: string | null }[]; usage: object | null };
    const chunks = events.map((event) => JSON.parse(event) as Chunk);
    assert.deepEqual(chunks.at(-1)?.choices, []);
    assert.deepEqual(chunks.at(-1)?.usage, { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 });
    const choices = chunks.flatMap((chunk) => chunk.choices);
    assert.equal(choices.map(({ delta }) => delta.content ?? '').join(''), 'Hello  there,\nyou ');
    assert.deepEqual(
      choices.map((choice) => choice.finish_reason).filter((reason) => reason !== null),
      ['stop'],
    );
    assert.ok(choices.length > 4, 'several chunks');
  });

  it('reports no usage in a stream that did not ask for it', async () => {
    await play({ text: 'Hi' });
    assert.doesNotMatch((await eventsOf(await ask('x', { body: { stream: true } }))).join(), /usage/);
  });

  it('plays a rate limit and an error in the shape of OpenAI', async () => {
    await play(
      { rate_limit: { retry_after_seconds: 2 } },
      { error: { status: 503, message: 'overloaded', code: 'busy' } },
    );
    const limited = await ask('x');
    assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '2']);
    assert.match(await limited.text(), /"code":"rate_limit_exceeded"/);
    const failed = await ask('x', { body: { stream: true } });
    assert.equal(failed.status, 503);
    const error = { message: 'overloaded', type: 'server_error', param: null, code: 'busy' };
    assert.deepEqual(await failed.json(), { error });
    assert.deepEqual(outcomes(), ['rate_limited', 'error']);
  });

  it('cuts a stream and a body in the middle', async () => {
    await play({ text: 'one two three', cut_after_chars: 5 }, { text: 'one two three', cut_after_chars: 5 });
    for (const stream of [true, false]) {
      const response = await ask('x', { body: { stream } });
      assert.equal(response.status, 200);
      let received = '';
      await assert.rejects(async () => {
        for await (const part of response.body ?? []) received += Buffer.from(part as Uint8Array).toString();
      });
      assert.match(received, /one/);
      assert.doesNotMatch(received, /two|DONE/);
    }
    assert.deepEqual(outcomes(), ['cut', 'cut']);
  });

  it('sends what is not JSON', async () => {
    await play({ malformed: true }, { malformed: true });
    await assert.rejects((await ask('x')).json(), SyntaxError);
    const [event = ''] = await eventsOf(await ask('x', { body: { stream: true } }));
    assert.throws(() => JSON.parse(event) as unknown, SyntaxError);
    assert.deepEqual(outcomes(), ['malformed', 'malformed']);
  });

  it('answers slowly where the script says so', async () => {
    await play({ text: 'late', delay_ms: 300 });
    const started = performance.now();
    assert.equal(await textOf(await ask('x')), 'late');
    assert.ok(performance.now() - started >= 295);
  });

  it('streams slowly where the script says so, and sees a client that goes away meanwhile', async () => {
    await play({ text: 'one two three', chunk_delay_ms: 40 }, { text: 'one two three', chunk_delay_ms: 3_600 });
    const started = performance.now();
    const chunks = await eventsOf(await ask('x', { body: { stream: true } }));
    assert.ok(performance.now() - started >= (chunks.length - 2) * 39);
    assert.equal(chunks.at(-1), '[DONE]');
    const client = new AbortController();
    const response = await ask('x', { body: { stream: true }, signal: client.signal });
    assert.equal(response.status, 200);
    client.abort();
    await becomes(1, 'aborted');
  });

  it('sends arguments and ids of tool calls as the script has them', async () => {
    await play({ tool_calls: [{ name: 'a', arguments_text: '{"x": ', id: '' }] });
    const { choices } = (await (await ask('x')).json()) as {
      choices: { message: { tool_calls: { id: string; function: object }[] } }[];
    };
    assert.deepEqual(choices[0]?.message.tool_calls, [
      { id: '', type: 'function', function: { name: 'a', arguments: '{"x": ' } },
    ]);
  });

  it('answers bad requests and unknown routes with an error, and uses no answer for them', async () => {
    const { url, remaining } = await play({ text: 'one' });
    const bad = await ask('x', { body: { messages: [] } });
    assert.equal(bad.status, 400);
    assert.match(await bad.text(), /messages.*"type":"invalid_request_error"/);
    const noJson = await fetch(`${url}/chat/completions`, { method: 'POST', body: '{' });
    assert.equal(noJson.status, 400);
    assert.equal((await fetch(`${url}/embeddings`, { method: 'POST' })).status, 404);
    assert.equal(remaining(), 1);
    const models = (await (await fetch(`${url}/models`)).json()) as { data: { id: string }[] };
    assert.deepEqual(
      models.data.map(({ id }) => id),
      ['scripted-model'],
    );
  });
});
