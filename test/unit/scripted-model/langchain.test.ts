import assert from 'node:assert/strict';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import type { ScriptInput } from '../../../src/scripted-model/script.js';
import { startScriptedModel, type ScriptedModel } from '../../../src/scripted-model/server.js';

let model: ScriptedModel | undefined;

async function play(...answers: ScriptInput['answers']): Promise<void> {
  model = await startScriptedModel({ script: { answers } });
}

afterEach(async () => {
  await model?.close();
  model = undefined;
});

describe('scripted model: through LangChain', () => {
  const chat = () =>
    new ChatOpenAI({ model: 'some-model', apiKey: 'k', maxRetries: 0, configuration: { baseURL: model?.url } });

  it('answers a call', async () => {
    await play({ text: 'Hi there', usage: { input_tokens: 10, output_tokens: 5 }, finish_reason: 'length' });
    const answer = await chat().invoke('hello');
    assert.equal(answer.text, 'Hi there');
    assert.equal(answer.response_metadata['finish_reason'], 'length');
    const { input_tokens: input, output_tokens: output } = answer.usage_metadata as unknown as Record<string, unknown>;
    assert.deepEqual({ input, output }, { input: 10, output: 5 });
  });

  it('calls tools, streamed or not', async () => {
    const call = { tool_calls: [{ name: 'calculator', arguments: { expression: '1+1' } }, { name: 'clock' }] };
    await play(call, call);
    const invoked = await chat().invoke('hello');
    let streamed: AIMessageChunk | undefined;
    for await (const chunk of await chat().stream('hello')) streamed = streamed?.concat(chunk) ?? chunk;
    for (const message of [invoked, streamed]) {
      assert.deepEqual(
        message?.tool_calls?.map(({ name, args }) => ({ name, args })),
        [
          { name: 'calculator', args: { expression: '1+1' } },
          { name: 'clock', args: {} },
        ],
      );
      assert.equal(message.response_metadata['finish_reason'], 'tool_calls');
    }
  });
});
