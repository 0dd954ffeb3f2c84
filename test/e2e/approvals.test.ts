import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../support/crew-world.js';
import { TestStack } from '../support/stack.js';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const approval = { deadline: '3d', on_deadline: 'skip', escalation: [{ after: '2s', notify: ['bob'] }] };
const crew = {
  schemaVersion: 1,
  name: 'five',
  process: 'parallel',
  agents: { worker: { role: 'Worker', goal: 'Work', backstory: 'You work.' } },
  tasks: {
    ...Object.fromEntries(
      IDS.map((id) => [id, { description: 'Write a text', expected_output: 'Text', agent: 'worker', approval }]),
    ),
    last: { description: 'Gather', expected_output: 'Text', agent: 'worker', context: IDS },
  },
};

interface Run {
  status: string;
  endedAt?: string;
  tasks: { id: string; status: string; attempt: number; output?: string }[];
  approvals: { id: string; status: string; deadline: string; escalations: { done?: true }[] }[];
  usage: { calls: number };
}

describe('five open approvals', function () {
  this.timeout(600_000);

  it('outlive kill -9 of worker, gateway and Temporal, with their deadlines, and are decided alone', async () => {
    const stack = new TestStack();
    const crews = mkdtempSync(join(tmpdir(), 'crews-'));
    // The demo run of npm start wants its own crew.
    cpSync('crews', crews, { recursive: true });
    writeFileSync(join(crews, 'five.yaml'), stringify(crew));
    try {
      await stack.start([], { MODEL_SCRIPT: 'test/e2e/approvals.yaml', CREWS_DIR: crews });
      await stack.ready();
      const { runId } = (await stack.postUntilTaken<{ runId: string }>('/v1/runs', { crew: 'five' })).body;
      const read = async () => {
        const { status, body } = await stack.get<Run>(`/v1/runs/${runId}`);
        return status === 200 ? body : undefined;
      };
      const when = (what: string, holds: (run: Run) => boolean) =>
        eventually(
          what,
          async () => {
            const run = await read().catch(() => undefined);
            return run && holds(run) && run;
          },
          200_000,
        );
      const before = await when('five open approvals', ({ approvals }) => approvals.length === 5);
      for (const part of ['worker', 'temporal', 'gateway', 'worker']) await stack.kill(part);
      const after = await when('the escalations', ({ approvals }) =>
        approvals.every(({ escalations }) => escalations[0]?.done === true),
      );
      assert.deepEqual(
        after.approvals.map(({ id, status, deadline }) => [id, status, deadline]),
        before.approvals.map(({ id, deadline }) => [id, 'open', deadline]),
      );
      assert.equal(after.usage.calls, 5);

      const decide = async (id: string, body: object) => {
        const answer = await stack.postUntilTaken(`/v1/runs/${runId}/approvals/${id}`, { by: 'ada', ...body });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
      };
      await decide('d.output.1', { action: 'edit', output: 'by hand' });
      await decide('b.output.1', { action: 'skip' });
      await stack.kill('worker');
      // After one more kill the first answers may be that the outcome is not known: the same key is safe to send again.
      await decide('e.output.1', { action: 'approve' });
      await decide('a.output.1', { action: 'approve' });
      await decide('c.output.1', { action: 'approve' });
      const end = await when('the end', ({ endedAt }) => endedAt !== undefined);
      assert.equal(end.status, 'completed');
      assert.deepEqual(
        end.tasks.map(({ id, status }) => `${id} ${status}`),
        ['a completed', 'b skipped', 'c completed', 'd completed', 'e completed', 'last completed'],
      );
      assert.equal(end.tasks[3]?.output, 'by hand');
      assert.equal(end.usage.calls, 6);
    } finally {
      await stack.stop();
      stack.remove();
      rmSync(crews, { recursive: true });
    }
  });
});
