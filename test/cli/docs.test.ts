import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crew, crewProcess } from '../support/cli.js';
import { inCliWorld, type CliWorld } from '../support/cli-world.js';

const page = readFileSync('docs/cli.md', 'utf8');
const examples = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
/** Typed into a shell; `replay` too, as a process can replay only where no test's worker runs. */
const needsShell = (line: string) => /[|<>$]|crew replay/.test(line);
/** Tried in security-docs.test.ts, where callers are authenticated. */
const needsKey = (line: string) => line.startsWith('crew key ');

const HAIKU = `schemaVersion: 1
name: haiku
inputs: { topic: {} }
agents: { poet: { role: Poet, goal: Write haiku, backstory: You count. } }
tasks: { write: { description: 'A haiku about {topic}', expected_output: Three lines, agent: poet } }
`;

/** A folder with what the examples name. */
function folderOfExamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-docs-'));
  const files = {
    'topic.txt': 'honey bees',
    'inputs.json': '{"topic": "honey bees"}',
    'haiku.yaml': HAIKU,
    'mine.md': 'my own words',
    'notes.md': 'my own notes',
    'topics.ndjson': '{"topic": "bees"}\n{"inputs": {"topic": "tea"}, "label": "second"}\n',
    'my-project/agents.yaml': 'poet:\n  role: Poet\n  goal: Write\n  backstory: You count.\n',
    'my-project/tasks.yaml': 'write:\n  description: A haiku\n  expected_output: Three lines\n  agent: poet\n',
  };
  for (const name of ['my-project', 'crews-made', 'bin']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const name of ['crews', 'test', 'docs']) symlinkSync(join(process.cwd(), name), join(folder, name));
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(process.cwd(), 'bin/crew.mjs')}' "$@"\n`;
  writeFileSync(join(folder, 'bin/crew'), program, { mode: 0o755 });
  return folder;
}

/** Puts a run or a batch in place that the example is about. Gives the line to type: ids of batches are not chosen. */
async function prepare(line: string, { asking, client, listed }: CliWorld): Promise<string> {
  const verb = /crew (\w+)/.exec(line)?.[1] ?? '';
  const byPerson = [
    'approve',
    'reject',
    'edit',
    'skip',
    'abort',
    'link',
    'message',
    'stop',
    'cancel',
    'delete',
    'retry',
  ];
  if (byPerson.includes(verb) || line.includes('| crew reject')) {
    const { runId } = await asking();
    if (verb !== 'retry') return line;
    await client.runs.cancel(runId);
    await client.runs.wait(runId);
  } else if (/crew batch (show|results|cancel)/.test(line)) {
    // One whose run asks somebody has not ended when it is to be cancelled.
    const [crewName, inputs] = line.includes('cancel')
      ? ['reviewed-announcement', { product: 'tea' }]
      : ['research-summary', { topic: 'tea' }];
    const { batchId } = await client.batches.start({ crew: crewName, items: [{ inputs }] });
    return line.replace(/\bb1\b/, batchId);
  } else if (/crew webhook (?!add|list)/.test(line)) {
    const { id } = await client.webhooks.create({ url: 'https://receiver.invalid/hook' });
    return line.replace(/\bw1\b/, id);
  } else if (['watch', 'show', 'fork'].includes(verb)) {
    const { runId } = await client.runs.start({ crew: 'research-summary', inputs: { topic: 'tea' } });
    await client.runs.wait(runId);
    await listed(runId);
  }
  return line;
}

/** The words of a line, as a shell reads them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}

describe('docs/cli.md', function () {
  this.timeout(180_000);

  it('has examples that work as they are typed', async () => {
    assert.ok(examples.length > 45, `${examples.length}`);
    const home = process.cwd();
    const folder = folderOfExamples();
    try {
      await inCliWorld({ answers: [{ text: 'done', repeat: true }] }, async (world) => {
        process.chdir(folder);
        for (const line of examples.filter((one) => !needsShell(one) && !needsKey(one))) {
          const [program, ...args] = wordsOf(await prepare(line, world));
          assert.equal(program, 'crew', line);
          // A run that nobody decides is watched by nobody; `retry` starts one that asks.
          const ran = await crew(world.url, args[0] === 'retry' ? [...args, '--detach'] : args, {
            checks: async function* () {
              // Only the gateway is looked at.
            },
          });
          assert.equal(ran.code, 0, `${line}\n${ran.out}${ran.err}`);
          assert.notEqual(ran.out, '', line);
          if (line.includes('--json') && !line.includes('watch')) JSON.parse(ran.out);
        }
      });
    } finally {
      process.chdir(home);
      rmSync(folder, { recursive: true });
    }
  });

  it('has examples for shells that work as they are typed', async () => {
    const folder = folderOfExamples();
    try {
      await inCliWorld({ answers: [{ text: 'done', repeat: true }] }, async (world) => {
        const inShell = examples.filter((one) => needsShell(one) && !/zsh|fish/.test(one));
        assert.ok(inShell.length >= 4);
        for (const line of inShell) {
          await prepare(line, world);
          const shell = ['bash', '-o', 'pipefail', '-c', `cd '${folder}' && PATH="$PWD/bin:$PATH" && ${line}`];
          const { ended } = crewProcess(world.url, [], {}, shell);
          const { code, out, err } = await ended;
          assert.equal(code, 0, `${line}\n${out}${err}`);
        }
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names every command, and no other', async () => {
    const { out } = await crew('http://127.0.0.1:9', ['--help']);
    const commands = [...out.matchAll(/^ {2}(\w+)(?:\|\w+)? /gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'help');
    assert.ok(commands.length > 20);
    const shown = new Set(examples.flatMap((line) => [...line.matchAll(/(?<!--)crew (\w+)/g)].map(([, name]) => name)));
    assert.deepEqual([...shown].sort(), [...new Set(commands)].sort());
  });
});
