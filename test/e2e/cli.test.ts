import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { crewProcess, IN_TERMINAL } from '../support/cli.js';
import { inCliWorld } from '../support/cli-world.js';
import { eventually, type CrewWorld } from '../support/crew-world.js';
import { crewWith } from '../support/engine.js';

const script = { answers: [{ text: 'Our tea shop opens today.', repeat: true }] };
const REVIEWED = ['run', 'reviewed-announcement', '-i', 'product=tea'];
const UP = '\u001b[A';

/** The run whose agent asked the model first. */
function firstRun({ model }: CrewWorld): string {
  // `crew/<tenant>/<runId>/<activity>`
  return model.calls()[0]?.clientRequestId?.split('/')[2] ?? assert.fail('no call');
}

/** A command in a terminal, typed at as a person does: after what they were waiting for has come. */
function inTerminal(url: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const process = crewProcess(
    url,
    args,
    { TERM: 'xterm-256color', CI: '', FORCE_COLOR: undefined, ...env },
    IN_TERMINAL,
  );
  const shown = () => stripVTControlCharacters(process.said.out);
  return {
    ...process,
    shown,
    type: async (text: string, after: RegExp) => {
      await eventually(`${after} on ${shown()}`, () => Promise.resolve(after.test(shown())));
      process.child.stdin?.write(text);
    },
  };
}

describe('crew, as a process', function () {
  this.timeout(240_000);

  it('asks for an approval in the terminal: rejected with a reason, then edited in $EDITOR, it completes', () =>
    inCliWorld(script, async ({ url, client, world }) => {
      const folder = mkdtempSync(join(tmpdir(), 'editor-'));
      const editor = join(folder, 'my editor');
      writeFileSync(editor, '#!/bin/sh\necho "My own words." > "$1"\n');
      chmodSync(editor, 0o755);
      try {
        const { type, ended, shown, said } = inTerminal(url, REVIEWED, { VISUAL: `'${editor}'` });
        // Down to Reject.
        await type('\u001b[B\r', /Our tea shop opens today[^]*Approve/);
        await type('Shorter\r', /do differently/);
        await type(`\u001b[B\u001b[B\r`, /attempt 2[^]*Approve/);
        const { code } = await ended;
        assert.equal(code, 0, shown());
        assert.match(shown(), /draft\.output\.1: reject by ada/);
        assert.match(shown(), /My own words\./);
        assert.match(shown(), /\d\/1 tasks · .*calls? ·/);
        assert.ok(said.out.includes('\u001b[36m'), 'colours');
        const { approvals } = await client.runs.get(firstRun(world));
        assert.deepEqual(
          approvals.map(({ decision }) => [decision?.action, decision?.feedback ?? decision?.output]),
          [
            ['reject', 'Shorter'],
            ['edit', 'My own words.'],
          ],
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    }));

  it('lets a person choose between the answers of an approval, and asks for inputs that were not given', () =>
    inCliWorld(
      script,
      async ({ url, client, world }) => {
        const { type, ended, shown } = inTerminal(url, ['run', 'asks']);
        await type('tea\r', /what to sell/);
        // The second answer: print.
        await type('\r', /Fit for what\?[^]*Approve/);
        await type('\u001b[B\r', /Your answer[^]*web/);
        assert.equal((await ended).code, 0, shown());
        const { approvals, inputs } = await client.runs.get(firstRun(world));
        assert.deepEqual([approvals[0]?.decision?.answer, inputs], ['print', { topic: 'tea' }]);
      },
      [
        crewWith(
          { a: { approval: { question: 'Fit for what?', answer_schema: { enum: ['web', 'print'] } } } },
          { name: 'asks', inputs: { topic: { description: 'what to sell' } } },
        ),
      ],
    ));

  it('takes the question away when somebody else decides, and asks the next one', () =>
    inCliWorld(
      script,
      async ({ url, client, world }) => {
        const { type, ended, shown } = inTerminal(url, ['run', 'twice']);
        await type(UP, /a\.output\.1[^]*Approve/);
        await client.approvals.decide(firstRun(world), 'a.output.1', { action: 'approve', by: 'bob' });
        await type('\r', /b\.output\.1[^]*Approve/);
        assert.equal((await ended).code, 0, shown());
        assert.match(shown(), /a\.output\.1: approve by bob[^]*b\.output\.1: approve by ada/);
      },
      [crewWith({ a: { human_input: true }, b: { human_input: true, context: ['a'] } }, { name: 'twice' })],
    ));

  it('leaves the run alone at Ctrl-C, in a question and in a pipe, and says how to watch it again', () =>
    inCliWorld(script, async ({ url, client }) => {
      const terminal = inTerminal(url, REVIEWED);
      await terminal.type('\u0003', /Our tea shop opens today[^]*Approve/);
      assert.equal((await terminal.ended).code, 130, terminal.shown());
      const runId = /crew watch (\S+)/.exec(terminal.shown())?.[1] ?? '';
      assert.equal((await client.runs.get(runId)).status, 'waiting_human');
      const piped = crewProcess(url, ['watch', runId]);
      await eventually('the approval', () => Promise.resolve(/asks a person/.test(piped.said.err)));
      piped.child.kill('SIGINT');
      const { code, err } = await piped.ended;
      assert.equal(code, 130, err);
      assert.match(err, /crew watch/);
      assert.equal((await client.runs.get(runId)).status, 'waiting_human');
    }));

  it('works over a pipe: JSON alone on standard output, and a reader that goes is no error', () =>
    inCliWorld(script, async ({ url }) => {
      const run = await crewProcess(url, ['run', 'research-summary', '-i', 'topic=-', '--json']).ended;
      assert.equal((JSON.parse(run.out) as { status: string }).status, 'completed');
      const bash = ['bash', '-o', 'pipefail', '-c'];
      const head = `'${process.execPath}' bin/crew.mjs watch '${(JSON.parse(run.out) as { runId: string }).runId}' --json | head -1`;
      const { code, out, err } = await crewProcess(url, [], {}, [...bash, head]).ended;
      assert.deepEqual([code, err], [0, '']);
      assert.equal((JSON.parse(out) as { type: string }).type, 'snapshot');
      const missing = await crewProcess(url, ['show', 'nothing', '--json']).ended;
      assert.equal(missing.code, 3);
      assert.equal((JSON.parse(missing.out) as { error: { code: string } }).error.code, 'run_not_found');
    }));

  it('writes a completion for each shell, and completes', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, out } = await crewProcess('http://127.0.0.1:9', ['completion', shell]).ended;
      assert.equal(code, 0);
      assert.match(out, /crew complete --/, shell);
    }
    const { out } = await crewProcess('http://127.0.0.1:9', ['complete', '--', 'sch']).ended;
    assert.match(out, /^schedule\t/);
  });
});
