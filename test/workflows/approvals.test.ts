import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { decideApprovalSignal } from '../../src/contract/messages.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { inCrewWorld, openApproval, scheduledActivities } from '../support/crew-world.js';
import { crewDocument, crewOf } from '../support/crews.js';
import { assertNoTrace } from '../support/histories.js';

const reviewed = () => {
  const document = crewDocument();
  document.tasks['write'] = { ...document.tasks['write'], human_input: true };
  return crewOf(document);
};

const reason = (expected: string) => (error: unknown) => error instanceof RunsError && error.reason === expected;

describe('approvals of human_input', () => {
  const draft = [
    { when: 'FIND', text: 'facts' },
    { when: 'WRITE', text: 'first draft' },
    { when: 'shorter', text: 'second draft' },
  ];

  it('waits, shows the output, and completes when approved by Update', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const approval = await openApproval(world, runId);
      assert.equal(approval.id, 'write.output.1');
      assert.equal(approval.shown, 'first draft');
      assert.deepEqual(approval.actions, ['approve', 'reject', 'edit', 'skip', 'abort']);
      const waiting = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(waiting.view.status, 'waiting_human');
      assert.equal(waiting.view.tasks[1]?.status, 'waiting_human');

      const decision = { approvalId: approval.id, action: 'approve', by: 'ada' } as const;
      const decided = await world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1');
      assert.equal(decided.decision?.by, 'ada');
      assert.equal(decided.decision.byClaimed, true);
      const { output } = await world.handle(runId).result();
      assert.equal(output, 'first draft');

      // The same key gives the same answer, even after the end; another is told who decided.
      const again = await world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1');
      assert.deepEqual(again.decision, decided.decision);
      await assert.rejects(world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-2'), (error: unknown) => {
        assert.ok(error instanceof RunsError);
        assert.equal(error.reason, 'approval_closed');
        assert.equal(error.approval?.decision?.by, 'ada');
        return true;
      });
    });
  });

  it('makes the agent work with the feedback of a rejection', async () => {
    await inCrewWorld({ answers: draft }, async (world) => {
      const runId = await world.start(reviewed());
      const first = await openApproval(world, runId);
      const rejection = { approvalId: first.id, action: 'reject', by: 'ada', feedback: 'shorter, please' } as const;
      await world.runs.decide(DEFAULT_TENANT, runId, rejection, 'key-1');
      const second = await openApproval(world, runId);
      assert.equal(second.id, 'write.output.2');
      assert.equal(second.shown, 'second draft');

      const rework = world.model.calls()[2]?.messages ?? [];
      assert.match(JSON.stringify(rework), /first draft.*shorter, please/);
      await world.runs.decide(DEFAULT_TENANT, runId, { approvalId: second.id, action: 'approve', by: 'bob' }, 'key-2');
      const { output } = await world.handle(runId).result();
      assert.equal(output, 'second draft');
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.deepEqual(
        view.approvals.map(({ decision }) => decision?.action),
        ['reject', 'approve'],
      );
      assert.deepEqual(scheduledActivities(await world.history(runId)), [
        'find/model/1',
        'write/model/1',
        'write/model/2',
      ]);
    });
  });

  it('is decided by Signal; a signal that does not fit changes nothing', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const { id } = await openApproval(world, runId);
      const bad = [
        { approvalId: 'write.output.9', action: 'approve', by: 'eve' },
        { approvalId: id, action: 'edit', by: 'eve' },
        { approvalId: id, action: 'destroy', by: 'eve' },
        { approvalId: id, action: 'approve', by: 'eve', answer: 1 },
        { approvalId: id, action: 'reject', by: 'eve', feedback: 7 },
        { approvalId: id, action: 'approve' },
        null,
      ];
      for (const signal of bad) await world.handle(runId).signal('decideApproval', signal);
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'waiting_human');
      await world.handle(runId).signal(decideApprovalSignal, { approvalId: id, action: 'approve', by: 'ada' });
      await world.handle(runId).result();
      const ended = await world.runs.get(DEFAULT_TENANT, runId);
      assert.deepEqual(
        ended.view.approvals.map(({ decision }) => [decision?.by, decision?.via]),
        [['ada', 'signal']],
      );
    });
  });

  it('refuses what does not fit, leaving no history', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const { id } = await openApproval(world, runId);
      const before = await world.history(runId);
      const decide = (decision: object, key: string) =>
        world.runs.decide(DEFAULT_TENANT, runId, decision as Parameters<typeof world.runs.decide>[2], key);
      await assert.rejects(
        decide({ approvalId: 'nope', action: 'approve', by: 'a' }, '1'),
        reason('approval_not_found'),
      );
      await assert.rejects(decide({ approvalId: id, action: 'edit', by: 'a' }, '2'), reason('invalid_decision'));
      await assert.rejects(decide({ approvalId: id, action: 'reject', by: 'a' }, '3'), reason('invalid_decision'));
      assertNoTrace(before, await world.history(runId));
    });
  });

  it('lets exactly one of many decisions at the same instant win', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const { id } = await openApproval(world, runId);
      const people = ['ada', 'bob', 'cy', 'dee'];
      const outcomes = await Promise.allSettled(
        people.map((by) =>
          world.runs.decide(DEFAULT_TENANT, runId, { approvalId: id, action: 'approve', by }, `key-${by}`),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.ok(reason('approval_closed')(outcome.reason));
    });
  });

  it('says within seconds that no worker is there, and the same key is safe to send again', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const { id } = await openApproval(world, runId);
      await world.stopWorker();
      const decision = { approvalId: id, action: 'approve', by: 'ada' } as const;
      await world.hurried(async () => {
        await assert.rejects(world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1'), reason('outcome_unknown'));
        await assert.rejects(world.runs.get(DEFAULT_TENANT, runId), reason('worker_unavailable'));
      });
      await world.startWorker();
      const decided = await world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1');
      assert.equal(decided.decision?.by, 'ada');
      await world.handle(runId).result();
    });
  });

  it('withdraws an open approval when the run is cancelled', async () => {
    await inCrewWorld({ answers: draft.slice(0, 2) }, async (world) => {
      const runId = await world.start(reviewed());
      const { id } = await openApproval(world, runId);
      await world.handle(runId).cancel();
      await assert.rejects(world.handle(runId).result());
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.approvals[0]?.status, 'withdrawn');
      const decision = { approvalId: id, action: 'approve', by: 'ada' } as const;
      await assert.rejects(world.runs.decide(DEFAULT_TENANT, runId, decision, 'k'), reason('approval_closed'));
    });
  });
});
