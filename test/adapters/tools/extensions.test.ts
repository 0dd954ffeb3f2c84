import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolSetupError } from '../../../src/adapters/tools/extensions.js';
import { createTools } from '../../../src/adapters/tools/index.js';
import { callOptions } from './support.js';

const HEAD = `import { z } from 'zod';
import { defineGuardrail, defineSchema, defineTool, ToolCallError } from 'agent-orchestration-service/authoring';
`;
const tool = (name: string) =>
  `defineTool({ name: '${name}', description: 'Does it.', input: z.object({ a: z.string() }), run: ({ a }) => a })`;

/** A folder in the repository: authors' imports are resolved from where their files lie. */
async function inExtensions(files: Record<string, string>, work: (folder: string) => Promise<void>): Promise<void> {
  mkdirSync('build', { recursive: true });
  const folder = mkdtempSync(join('build', 'extensions-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function load(extensionsDir: string, filesRoot?: string) {
  const http = { allow: [], allowPrivate: false, maxBytes: 1_000, timeoutMs: 1_000 };
  return createTools({ extensionsDir, http, ...(filesRoot !== undefined && { filesRoot }) });
}

async function problemsOf(folder: string, filesRoot?: string): Promise<string> {
  try {
    await load(folder, filesRoot);
  } catch (error) {
    assert.ok(error instanceof ToolSetupError, String(error));
    return error.message;
  }
  return assert.fail('expected problems');
}

describe('extensions', () => {
  it('are the exports of the define functions in every TypeScript and JavaScript file but tests', async () => {
    const files = {
      'a.ts': `${HEAD}interface Kept { a: string }\nexport const one = ${tool('one')};\nexport const other: Kept = { a: '1' };`,
      'b.mjs': `${HEAD}export default ${tool('two')};\nexport const g = defineGuardrail({ name: 'one', check: () => ({ ok: true }) });`,
      'c.mts': `export { one as again } from './a.js';`,
      'd.js': `${HEAD}export const s = defineSchema({ name: 'two', schema: z.object({ n: z.number() }) });`,
      'a.test.ts': 'throw new Error("a test is not loaded");',
      'e.d.ts': 'export declare const nothing: string;',
      'notes.md': 'Not code.',
    };
    await inExtensions(files, async (folder) => {
      const { tools, checks } = await load(folder);
      assert.deepEqual(tools.names().tools, ['calculator', 'now', 'one', 'two']);
      assert.deepEqual([checks.guardrailNames(), checks.schemaNames()], [['one'], ['two']]);
      assert.deepEqual(await tools.call('two', { a: 'x' }, callOptions()), { content: 'x' });
    });
  });

  it('that are not there are none', async () => {
    const { tools, checks } = await load(join('build', 'no-such-folder'));
    assert.deepEqual([tools.names().tools, checks.guardrailNames()], [['calculator', 'now'], []]);
  });

  it('are refused together, each with its file and what is wrong', async () => {
    const files = {
      'a.ts': `${HEAD}export const one = ${tool('same')};\nexport const bad = ${tool('no good')};\nexport const mine = ${tool('read_file')};`,
      'b.ts': `${HEAD}export const one = ${tool('same')};`,
      'c.ts': 'throw new Error("no licence");',
      'd.ts': 'export const = 1;',
      'e.ts': `import { gone } from './nowhere.js';\nexport { gone };`,
      'f.js': `${HEAD}export const t = defineTool({ name: 'js', description: 'x', input: { a: 1 }, idempotent: 'yes' });`,
      'g.js': `${HEAD}export const g = defineGuardrail({ name: 'g' });\nexport const s = defineSchema({ name: 's', schema: z.date() });`,
    };
    await inExtensions(files, async (folder) => {
      const message = await problemsOf(folder);
      const expected = [
        /a\.ts: tool "no good": its name must be/,
        /a\.ts: tool 'read_file': this is also the name of a built-in tool/,
        /b\.ts: tool 'same': this is also the name of one in .*a\.ts/,
        /c\.ts: it cannot be loaded: no licence/,
        /d\.ts: it cannot be loaded: /,
        /e\.ts: it cannot be loaded: .*nowhere/,
        /f\.js: tool 'js': 'idempotent' must be true or false/,
        /f\.js: tool 'js': 'run' must be a function/,
        /f\.js: tool 'js': 'input' must be a schema made by z\.object/,
        /g\.js: guardrail 'g': 'check' must be a function/,
        /g\.js: schema 's': 'schema' cannot be said as JSON Schema: .*Date/,
      ];
      for (const line of expected) assert.match(message, line);
      assert.doesNotMatch(message, /\n\s+at /);
    });
  });

  it('and the folder of files are named together', async () => {
    await inExtensions({ 'a.ts': 'throw new Error("x");' }, async (folder) => {
      const message = await problemsOf(folder, join(folder, 'a.ts'));
      assert.match(message, /FILES_ROOT=.*a\.ts: expected a folder/);
      assert.match(message, /a\.ts: it cannot be loaded: x/);
      assert.match(await problemsOf(join(folder, 'a.ts')), /this folder of extensions cannot be read/);
    });
  });

  it('that refuse are heard, whatever copy of the authoring module they have', async () => {
    const files = {
      'a.ts': `${HEAD}export const no = defineTool({ name: 'no', description: 'No.', input: z.object({}), run: () => Promise.reject(new ToolCallError('refused', 'no')) });`,
    };
    await inExtensions(files, async (folder) => {
      const { tools } = await load(folder);
      await assert.rejects(tools.call('no', {}, callOptions()), { reason: 'refused', message: 'no' });
    });
  });

  it('the example of this repository is one', async () => {
    await inExtensions({}, async (folder) => {
      copyFileSync('extensions/writing.ts', join(folder, 'writing.ts'));
      const { tools, checks } = await load(folder);
      assert.ok(tools.names().tools.includes('word_count'));
      assert.deepEqual([checks.guardrailNames(), checks.schemaNames()], [['no_placeholders'], ['contact']]);
    });
  });
});

describe('output checks', () => {
  it('give verdicts and JSON Schemas by name, and say which names there are', async () => {
    const { checks } = await load('extensions');
    const verdict = await checks.guardrail('no_placeholders', { output: 'TODO', inputs: {} });
    assert.equal(verdict.ok, false);
    assert.deepEqual((checks.schema('contact') as { required: string[] }).required, ['name']);
    assert.equal(checks.schema('contcat'), undefined);
    await assert.rejects(checks.guardrail('no_placeholder', { output: '', inputs: {} }), {
      message: "There is no guardrail function 'no_placeholder'. Did you mean 'no_placeholders'?",
    });
  });
});
