import assert from 'node:assert/strict';
import { eventually } from '../support/crew-world.js';
import { opens } from '../support/free-port.js';
import { allGone, TestStack } from '../support/stack.js';

/** A server that is back sooner misses no heartbeat: one must come every 5 s, one is sent every second, and who sends it connects again first. */
const SOON_MS = 2_500;

const TOPIC = { crew: 'research-summary', inputs: { topic: 'honey bees' } };

/** The whole stack with the real local model: what a user gets by typing `npm start`. */
describe('npm start, on the local model', function () {
  this.timeout(600_000);
  const stack = new TestStack();

  before(async () => {
    await stack.start();
    await stack.said(/curl -s/);
  });

  after(async () => {
    await stack.stop();
    stack.remove();
  });

  it('runs the example crew and shows its tasks, its summary and where to look', () => {
    for (const part of [
      /Researcher/,
      /Summarizer/,
      /demo model/,
      /\/v1\/runs\//,
      /\/namespaces\/default\/workflows\//,
    ]) {
      assert.match(stack.output, part);
    }
  });

  it('answers POST /agents/execute with what two agents wrote', async () => {
    const { status, body } = await stack.post<{
      status: string;
      result: { summary: string };
      usage: { calls: number; output_tokens: number };
    }>('/agents/execute', { workflow_id: 'test123', parameters: { topic: 'AI' } });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.status, 'success');
    assert.ok(body.result.summary.trim().length > 20);
    assert.equal(body.usage.calls, 2);
    assert.ok(body.usage.output_tokens > 0);
  });

  for (const part of ['worker', 'gateway', 'temporal']) {
    it(`completes a run whose ${part} was killed while the Summarizer's call was in flight, and pays for no answer twice`, async () => {
      const { runId } = (await stack.postUntilTaken<{ runId: string }>('/v1/runs', TOPIC)).body;
      const callsOf = async (task: string) =>
        (await stack.modelCalls()).filter(({ clientRequestId }) =>
          clientRequestId?.endsWith(`/${runId}/${task}/model/1`),
        );
      await eventually(
        "the Summarizer's call",
        async () => (await callsOf('summarize')).some(({ status }) => status === 'running'),
        120_000,
      );
      const killed = performance.now();
      await stack.kill(part);
      const port = Number(stack.describe()?.temporal.split(':')[1]);
      await eventually('the port of Temporal', () => opens(port));
      const awayMs = performance.now() - killed;
      const run = await stack.endOf(runId);
      assert.equal(run.status, 'completed');
      assert.ok(run.tasks.every(({ output }) => (output ?? '').length > 0));
      assert.equal((await callsOf('research')).length, 1, "the Researcher's call was made once");
      const answered = (await callsOf('summarize')).filter(({ status }) => status === 'completed').length;
      assert.ok(answered >= 1 && answered <= 2, `${answered} answers of the Summarizer`);
      if (part === 'gateway' || (part === 'temporal' && awayMs < SOON_MS))
        assert.equal((await callsOf('summarize')).length, 1, 'the call in flight went on');
    });
  }
});

describe('npm start, on a scripted model', function () {
  this.timeout(600_000);
  const scripted = { MODEL_SCRIPT: 'test/e2e/answers.yaml' };

  it('with --once ends with exit code 0 after the run, and leaves no process', async () => {
    const stack = new TestStack();
    try {
      await stack.start(['--once', '--topic', 'the honey bee'], scripted);
      // It may be over before it is seen to be ready.
      const seen = new Set<number>();
      let code: number | null | undefined;
      void stack.ended.then((ended) => (code = ended));
      await eventually(
        'it to end',
        () => {
          for (const pid of Object.values(stack.describe()?.processes ?? {})) seen.add(pid);
          return Promise.resolve(code !== undefined);
        },
        200_000,
      );
      assert.equal(code, 0, stack.output);
      assert.match(stack.output, /the honey bee/);
      assert.match(stack.output, /their workers collect nectar/);
      assert.ok(seen.size >= 5, `${seen.size} processes`);
      await allGone([...seen]);
    } finally {
      await stack.stop();
      stack.remove();
    }
  });

  it('keeps a run over a stop and a start: approved after the restart, it completes', async () => {
    const stack = new TestStack();
    try {
      await stack.start([], scripted);
      const { processes } = await stack.ready();
      const start = { crew: 'reviewed-announcement', inputs: { product: 'a tea shop' } };
      const { runId } = (await stack.postUntilTaken<{ runId: string }>('/v1/runs', start)).body;
      type Approvals = { approvals: { id: string; status: string }[] };
      await eventually(
        'the approval',
        async () => (await stack.get<Approvals>(`/v1/runs/${runId}`)).body.approvals?.length === 1,
        120_000,
      );
      assert.equal(await stack.stop('SIGINT'), 0, stack.output);
      await allGone(Object.values(processes));

      await stack.start([], scripted);
      await stack.ready();
      const path = `/v1/runs/${runId}/approvals/draft.output.1`;
      const decided = await stack.postUntilTaken(path, { action: 'approve', by: 'ada' });
      assert.equal(decided.status, 200, JSON.stringify(decided.body));
      const run = await stack.endOf(runId);
      assert.equal(run.result?.output, 'Our tea shop opens today.');
    } finally {
      await stack.stop();
      stack.remove();
    }
  });

  it('leaves no orphan when it is itself killed with -9', async () => {
    const stack = new TestStack();
    try {
      await stack.start([], scripted);
      const { processes } = await stack.ready();
      process.kill(stack.pid, 'SIGKILL');
      await allGone(Object.values(processes));
    } finally {
      stack.remove();
    }
  });

  it('says in one line which port is in use and takes the next one', async () => {
    const first = new TestStack();
    const second = new TestStack();
    try {
      await first.start([], scripted);
      const { api } = await first.ready();
      const port = new URL(api).port;
      await second.start(['--once'], { ...scripted, PORT: port });
      assert.equal(await second.ended, 0, second.output);
      assert.match(second.output, new RegExp(`${port}.*PORT.*${Number(port) + 1}`));
    } finally {
      await second.stop();
      await first.stop();
      second.remove();
      first.remove();
    }
  });
});
