import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScript, parseScript, ScriptError } from '../../../src/scripted-model/script.js';

/** What is said about a script with this one answer. */
function saidAbout(...answers: unknown[]): string {
  try {
    parseScript({ answers }, 'demo.yaml');
  } catch (error) {
    assert.ok(error instanceof ScriptError, String(error));
    return error.message;
  }
  return assert.fail('the script was taken');
}

describe('scripted model: the script', () => {
  it('takes every kind of answer', () => {
    const { answers } = parseScript({
      answers: [
        { text: 'Facts about {x}', when: 'Summarizer', delay_ms: 3000, usage: { input_tokens: 10, output_tokens: 5 } },
        { rate_limit: { retry_after_seconds: 2 } },
        { error: { status: 503, message: 'overloaded' } },
        { text: 'long text', cut_after_chars: 4 },
        { malformed: true },
        { hang: true },
        { text: 'let me see', tool_calls: [{ name: 'calculator', arguments: { expression: '1+1' } }] },
        { json: { ok: true }, when_model: 'fast', chunk_delay_ms: 20 },
        { tool_calls: [{ name: 'calculator', arguments_text: '{no json', id: '' }] },
        { text: '', repeat: true },
      ],
    });
    assert.equal(answers.length, 10);
    const defaults = { repeat: false, delay_ms: 0, chunk_delay_ms: 0 };
    assert.deepEqual(answers[1], { rate_limit: { retry_after_seconds: 2 }, ...defaults });
  });

  it('names the place of a misspelled key and the one that was meant', () => {
    assert.equal(
      saidAbout({ text: 'x', delay_s: 3 }, { text: 'y', cut_after_char: 3 }),
      [
        "demo.yaml: answers.0.delay_s: Unknown key 'delay_s'. Did you mean 'delay_ms'?",
        "demo.yaml: answers.1.cut_after_char: Unknown key 'cut_after_char'. Did you mean 'cut_after_chars'?",
      ].join('\n'),
    );
    assert.match(saidAbout({ rate_limit: { retry_after: 1 } }), /answers\.0\.rate_limit\.retry_after: Unknown key/);
  });

  it('wants exactly one kind of answer, and text beside tool calls at most', () => {
    assert.match(
      saidAbout({ delay_ms: 1 }),
      /^demo\.yaml: answers\.0: Expected one of: text, json, tool_calls, rate_limit/,
    );
    assert.match(saidAbout({ text: 'x', hang: true }), /answers\.0: 'text' and 'hang' exclude each other/);
    assert.match(saidAbout({ text: 'x', json: {} }), /answers\.0: 'text' and 'json' exclude each other/);
    assert.match(saidAbout({ text: 'x', tool_calls: [{ name: 'a' }], hang: true }), /exclude each other/);
  });

  it('refuses a key that would have no effect', () => {
    assert.match(saidAbout({ hang: true, cut_after_chars: 3 }), /cut_after_chars: Expected only beside 'text'/);
    assert.match(
      saidAbout({ malformed: true, usage: { input_tokens: 1, output_tokens: 1 } }),
      /answers\.0\.usage: Expected only beside/,
    );
    assert.match(
      saidAbout({ text: 'x', repeat: true }, { text: 'y' }),
      /answers\.1: Never used: answers\.0 repeats for every call/,
    );
  });

  it('says which value it expected', () => {
    assert.match(
      saidAbout({ error: { status: 200, message: 'fine' } }),
      /answers\.0\.error\.status: Expected 400 to 599/,
    );
    assert.match(saidAbout({ text: 'x', delay_ms: -1 }), /delay_ms: Expected a whole number of milliseconds/);
    assert.match(saidAbout({ text: 5 }), /answers\.0\.text: Expected a text/);
    assert.throws(() => parseScript(null, 'demo.yaml'), /^ScriptError: demo\.yaml: \(root\): /);
    assert.throws(() => parseScript({}, 'demo.yaml'), /demo\.yaml: answers: Required: expected a list of answers/);
  });

  describe('from a file', () => {
    let folder: string;
    const fileWith = async (name: string, content: string): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, content);
      return file;
    };
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'script-'));
    });
    after(() => rm(folder, { recursive: true }));

    it('reads YAML and JSON alike', async () => {
      const yaml = await loadScript(await fileWith('a.yaml', 'answers:\n  - text: Hi\n    repeat: true\n'));
      const json = await loadScript(await fileWith('a.json', '{"answers": [{"text": "Hi", "repeat": true}]}'));
      assert.deepEqual(yaml, json);
      assert.equal(yaml.answers[0]?.text, 'Hi');
    });

    it('names the file that is missing, is not YAML, or is no script', async () => {
      await assert.rejects(loadScript(join(folder, 'none.yaml')), /none\.yaml: cannot be read \(ENOENT\)/);
      await assert.rejects(loadScript(await fileWith('b.yaml', 'answers: [')), /b\.yaml: expected YAML or JSON: /);
      await assert.rejects(loadScript(await fileWith('c.yaml', 'answer: []')), /c\.yaml: .*Did you mean 'answers'\?/);
    });
  });
});
