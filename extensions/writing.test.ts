import assert from 'node:assert/strict';
import { testGuardrail, testTool } from 'agent-orchestration-service/authoring';
import { noPlaceholders, wordCount } from './writing.js';

describe('extensions/writing', () => {
  it('word_count counts', async () => {
    const { content } = await testTool(wordCount, { text: 'One two – three. Four!' });
    assert.deepEqual(JSON.parse(content), { words: 4, sentences: 2, characters: 22 });
  });

  it('word_count says what it needs', async () => {
    await assert.rejects(testTool(wordCount, { txt: 'One' }), {
      reason: 'invalid_arguments',
      message: /text: .*Given: txt/,
    });
  });

  it('no_placeholders lets finished texts pass and names what is left of a template', async () => {
    assert.deepEqual(await testGuardrail(noPlaceholders, { output: 'Dear Ada, see [1].' }), { ok: true });
    for (const output of ['Dear [Your Name],', 'TODO: the facts', 'Hello {{name}}']) {
      assert.equal((await testGuardrail(noPlaceholders, { output })).ok, false, output);
    }
  });
});
