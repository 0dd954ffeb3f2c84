import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crew } from '../support/cli.js';
import { inCliWorld } from '../support/cli-world.js';
import { eventually } from '../support/crew-world.js';

const script = { answers: [{ text: 'done', repeat: true }] };
const NOWHERE = 'http://127.0.0.1:9';

describe('crew', () => {
  it('runs a crew: what happens on standard error, the output alone on standard output', () =>
    inCliWorld(script, async ({ url, listed }) => {
      const { code, out, err } = await crew(url, ['run', 'research-summary', '-i', 'topic=bees', '--label', 'mine']);
      assert.deepEqual([code, out], [0, 'done\n']);
      assert.match(err, /✔ Researcher research .*\n(.*\n)*✔ Summarizer summarize/);
      assert.match(err, /completed in .* 2 calls · [\d,]+ tokens/);
      assert.ok(!err.includes('\u001b'), 'no colours over a pipe');
      const json = await crew(url, ['run', 'research-summary', '-i', 'topic=tea', '--json']);
      const run = JSON.parse(json.out) as { runId: string; status: string; tasks: unknown[] };
      assert.deepEqual([run.status, run.tasks.length, json.err], ['completed', 2, '']);
      await listed(run.runId);
      const lines = (await crew(url, ['watch', 'last', '--json'])).out.trimEnd().split('\n');
      const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
      assert.deepEqual([types[0], types[1], types.at(-1)], ['snapshot', 'run.started', 'end']);
      // Lists may be a moment behind: what has ended may still stand among what is open.
      const page = await eventually('the newest run to be listed as ended', async () => {
        const list = await crew(url, ['list', '--crew', 'research-summary', '--limit', '2', '--json']);
        const { runs } = JSON.parse(list.out) as { runs: { runId: string; status: string }[] };
        if (!runs.every(({ status }) => status === 'completed') || runs[0]?.runId !== run.runId) return undefined;
        const one = await crew(url, ['list', '--crew', 'research-summary', '--limit', '1', '--json']);
        return JSON.parse(one.out) as { runs: { runId: string }[]; nextCursor: string };
      });
      assert.equal(page.runs[0]?.runId, run.runId);
      const next = await crew(url, ['list', '--crew', 'research-summary', '--cursor', page.nextCursor, '--limit', '1']);
      assert.match(next.out, /research-summary@\w+ +completed .*mine/);
      const shown = await crew(url, ['show', run.runId, '--events']);
      assert.match(shown.out, /START +WHEN +TIME +AGENT +TASK/);
      assert.match(shown.out, /█+·* +[\d.]+ s +Researcher +research +completed +1 call/);
      assert.match(shown.out, /1 {2}\S+ {2}run\.started/);
      assert.equal((await crew(url, ['show', run.runId, '--output', 'research'])).out, 'done\n');
    }));

  it('says how a run failed and ends with 1; retry goes on from there', () =>
    inCliWorld(
      { answers: [{ text: 'facts' }, { error: { status: 400, message: 'no such thing' } }, { text: 'summary' }] },
      async ({ url, client }) => {
        const failed = await crew(url, ['run', 'research-summary', '-i', 'topic=bees']);
        assert.deepEqual([failed.code, failed.out], [1, '']);
        assert.match(failed.err, /summarize: .*no such thing.* \(Model\.BadRequest\)/);
        const runId = /crew retry (\S+)/.exec(failed.err)?.[1] ?? '';
        const retried = await crew(url, ['retry', runId]);
        assert.deepEqual([retried.code, retried.out], [0, 'summary\n'], retried.err);
        const forks = await eventually('the retry to be listed', async () => {
          const { runs } = await client.runs.list({ parent: runId });
          return runs.length > 0 && runs;
        });
        assert.equal(forks.length, 1);
      },
    ));

  it('decides approvals, and says who was before', () =>
    inCliWorld(script, async ({ url, client, asking }) => {
      const { runId, approvalId } = await asking();
      const inbox = await crew(url, ['inbox', '--crew', 'reviewed-announcement']);
      assert.match(inbox.out, new RegExp(`${runId} +${approvalId} +reviewed-announcement`));
      const rejected = await crew(url, ['reject', runId, '-m', 'Shorter', '--json']);
      assert.deepEqual((JSON.parse(rejected.out) as { decision: { by: string } }).decision.by, 'ada');
      const again = await crew(url, ['approve', runId, approvalId, '--by', 'bob']);
      assert.equal(again.code, 4);
      assert.match(again.err, /decided \(reject\) by ada/);
      assert.equal((await crew(url, ['approve', runId, 'other'])).code, 3);
      const second = async () => (await client.runs.get(runId)).approvals.filter(({ status }) => status === 'open')[0];
      while (!(await second())) await new Promise((resolve) => setTimeout(resolve, 50));
      const edited = await crew(url, ['edit', runId, '--file', '-'], { readText: () => Promise.resolve('my own\n') });
      assert.equal(edited.code, 0, edited.err);
      assert.equal((await client.runs.wait(runId)).output, 'my own');
      const closed = await crew(url, ['cancel', runId, '--json']);
      assert.equal(closed.code, 4);
      assert.equal((JSON.parse(closed.out) as { error: { code: string } }).error.code, 'run_closed');
      assert.equal((await crew(url, ['skip', runId])).code, 4);
    }));

  it('stores a file as a version and runs that; forks with another definition and other outputs', () =>
    inCliWorld(
      {
        answers: [
          { when: 'In one word', text: 'short' },
          { text: 'long', repeat: true },
        ],
      },
      async ({ url, client }) => {
        const folder = mkdtempSync(join(tmpdir(), 'cli-'));
        try {
          const file = join(folder, 'mine.yaml');
          const text = readFileSync('crews/research-summary.yaml', 'utf8').replace(
            'name: research-summary',
            'name: mine',
          );
          writeFileSync(file, text);
          const topic = join(folder, 'topic.txt');
          writeFileSync(topic, 'bees');
          const detached = await crew(url, ['run', file, '-i', `topic=@${topic}`, '--detach']);
          assert.equal(detached.code, 0, detached.err);
          const runId = detached.out.trim();
          await client.runs.wait(runId);
          const { inputs, crew: ref } = await client.runs.get(runId);
          assert.deepEqual([inputs, ref.name], [{ topic: 'bees' }, 'mine']);
          const set = ['--set', 'agents.summarizer.goal=In one word', '--edit', 'research=by hand'];
          const forked = await crew(url, ['fork', runId, '--from', 'summarize', ...set]);
          assert.deepEqual([forked.code, forked.out], [0, 'short\n'], forked.err);
          assert.match(forked.err, /kept from/);
          const bad = await crew(url, ['fork', runId, '--from', 'summarize', '--set', 'name=x']);
          assert.equal(bad.code, 2);
          const hooked = (...args: string[]) => crew(url, ['fork', runId, '--from', 'summarize', '--detach', ...args]);
          const unknown = await hooked('--webhook', 'nobody');
          assert.equal(unknown.code, 4);
          assert.match(unknown.err, /webhooks\.0: There is no webhook 'nobody'/);
          assert.equal((await hooked('--webhook', 'nobody', '--no-webhooks')).code, 2);
          const silent = await hooked('--no-webhooks');
          assert.equal(silent.code, 0, silent.err);
          await client.runs.wait(silent.out.trim());
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    ));

  it('has an exit code and words for each kind of failure', () =>
    inCliWorld(script, async ({ url }) => {
      const cases: [string[], number, RegExp][] = [
        [['runn'], 2, /Did you mean run\?/],
        [['run', 'research-summary', '--detatch'], 2, /Did you mean --detach\?/],
        [['run'], 2, /missing required argument/],
        [['run', 'research-summary', '-i', 'topic'], 2, /expected key=value/],
        [['list', '--status', 'done'], 2, /Allowed choices are/],
        [['show', 'nothing'], 3, /no run|no such run/i],
        [['run', 'research-sumary', '-i', 'topic=x'], 3, /Did you mean 'research-summary'/],
        [['run', 'research-summary', '-i', 'topics=x'], 4, /inputs\.topics: Unknown input/],
        [['run', 'research-summary', '-i', 'topic=x', '--webhook', 'nobody'], 4, /webhooks\.0: There is no webhook/],
        [['run', 'nothing.yaml'], 1, /nothing\.yaml/],
        [['delete', 'nothing'], 2, /--yes/],
        [['approve', 'nothing'], 3, /run/],
      ];
      for (const [args, expected, words] of cases) {
        const { code, out, err } = await crew(url, args);
        assert.equal(code, expected, `${args.join(' ')}: ${err}`);
        assert.match(err, words, args.join(' '));
        assert.equal(out, '', args.join(' '));
      }
      const away = await crew(NOWHERE, ['list']);
      assert.equal(away.code, 5);
      assert.match(away.err, /127\.0\.0\.1:9.*\n.*CREW_URL/);
    }));

  it('doctor says what is reachable and what to fix', () =>
    inCliWorld(script, async ({ url }) => {
      const checks = () => never();
      // A worker is seen when it has asked for work.
      const { out } = await eventually('all to be well', async () => {
        const ran = await crew(url, ['doctor', '--json'], { checks, version: '9.9.9' });
        return ran.code === 0 && ran;
      });
      const { ok, checks: found } = JSON.parse(out) as {
        ok: boolean;
        checks: { name: string; status: string; fix?: string }[];
      };
      assert.ok(ok, out);
      assert.deepEqual(
        found.map(({ name, status }) => `${name} ${status}`),
        ['gateway warning', 'reaches ok', 'worker ok', 'crews ok'],
      );
      assert.match(found[0]?.fix ?? '', /9\.9\.9/);
      const away = await crew(NOWHERE, ['doctor'], { checks });
      assert.equal(away.code, 1);
      assert.match(away.out, /✖ gateway .*127\.0\.0\.1:9[^]*→ start it/);
    }));

  it('takes apart the items of a batch, and the times of a schedule', () =>
    inCliWorld(script, async ({ url, client }) => {
      const items = '{"topic":"a"}\n\n{"inputs":{"topic":"b"},"label":"second"}\n';
      const readText = () => Promise.resolve(items);
      const started = await crew(url, ['batch', 'start', 'research-summary', '-', '--json'], { readText });
      const { batchId } = JSON.parse(started.out) as { batchId: string };
      const watched = await crew(url, ['batch', 'watch', batchId]);
      assert.deepEqual([watched.code, watched.out], [0, `${batchId}: completed\n`]);
      const results = (await crew(url, ['batch', 'results', batchId])).out.trim().split('\n');
      const runs = results.map((line) => JSON.parse(line) as { index: number; runId: string; status: string });
      assert.deepEqual(
        runs.map(({ index, status }) => [index, status]),
        [
          [0, 'completed'],
          [1, 'completed'],
        ],
      );
      const [first, second] = await Promise.all(runs.map(({ runId }) => client.runs.get(runId)));
      assert.deepEqual([first?.inputs, first?.label], [{ topic: 'a' }, undefined]);
      assert.deepEqual([second?.inputs, second?.label], [{ topic: 'b' }, 'second']);
      assert.equal((await crew(url, ['batch', 'show', 'b2'])).code, 3);
      const broken = await crew(url, ['batch', 'start', 'x', '-'], { readText: () => Promise.resolve('[1]') });
      assert.deepEqual([broken.code, broken.err], [2, '-:1: expected an object\n']);
      const args = ['schedule', 'create', 'research-summary', '-i', 'topic=a', '--every', '90m', '--json'];
      const { everySeconds } = (JSON.parse((await crew(url, args)).out) as { intervals: { everySeconds: number }[] })
        .intervals[0] ?? { everySeconds: 0 };
      assert.equal(everySeconds, 5_400);
      assert.equal((await crew(url, ['schedule', 'create', 'research-summary'])).code, 2);
      assert.equal((await crew(url, [...args.slice(0, 5), '--every', 'often'])).code, 2);
    }));
});

async function* never(): AsyncGenerator<never> {
  // Nothing is looked at from here.
}
