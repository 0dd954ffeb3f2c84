import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { decideApprovalSignal } from '../../src/contract/messages.js';
import { eventually, inCrewWorld, openApproval, scheduledActivities } from '../support/crew-world.js';
import { crewWith, decide, ended, openOnes, runToEnd, statuses } from '../support/engine.js';
import { lastingEvents } from '../support/histories.js';

const answers = (...ids: string[]) => ({
  answers: ids.map((id) => ({ when: `DO-${id}`, text: `output of ${id}`, repeat: true })),
});

describe('approvals of a definition', () => {
  it('asks what the definition says, with its assignees, actions and question', async () => {
    await inCrewWorld(answers('a'), async (world) => {
      const approval = { question: 'Fit for {where}?', actions: ['approve', 'edit'], assignees: ['ada', 'legal'] };
      const crew = crewWith({ a: { approval } }, { inputs: { where: {} } });
      const runId = await world.start(crew, { where: 'the web' });
      const open = await openApproval(world, runId);
      assert.equal(open.question, 'Fit for the web?');
      assert.deepEqual(open.actions, ['approve', 'edit']);
      assert.deepEqual(open.assignees, ['ada', 'legal']);
      await assert.rejects(decide(world, runId, { approvalId: open.id, action: 'skip' }), /takes approve, edit/);
      await decide(world, runId, { approvalId: open.id, action: 'approve' });
      const { events } = await ended(world, runId);
      const asked = events.find(({ type }) => type === 'approval.requested');
      assert.deepEqual(asked?.data, {
        approvalId: 'a.output.1',
        attempt: 1,
        kind: 'task_output',
        assignees: ['ada', 'legal'],
      });
    });
  });

  it('has five open at once, each decided alone and in any order, with its own action', async () => {
    const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { approval: true }]));
    const last = { z: { context: ['a', 'b', 'c', 'd', 'e'] } };
    await inCrewWorld(answers('a', 'b', 'c', 'd', 'e', 'z'), async (world) => {
      const runId = await world.start(crewWith({ ...tasks, ...last }, { process: 'parallel' }), {});
      await openOnes(world, runId, 5);
      await decide(world, runId, { approvalId: 'c.output.1', action: 'approve' });
      await decide(world, runId, { approvalId: 'e.output.1', action: 'edit', output: 'by hand' });
      await decide(world, runId, { approvalId: 'a.output.1', action: 'reject', feedback: 'better' });
      await decide(world, runId, { approvalId: 'd.output.1', action: 'skip' });
      await decide(world, runId, { approvalId: 'b.output.1', action: 'approve' });
      await openOnes(world, runId, 1);
      await decide(world, runId, { approvalId: 'a.output.2', action: 'approve' });
      const end = await ended(world, runId);
      assert.deepEqual(statuses(end), {
        a: 'completed',
        b: 'completed',
        c: 'completed',
        d: 'skipped',
        e: 'completed',
        z: 'completed',
      });
      assert.equal(end.task('d').skipped, 'person');
      assert.equal(end.task('e').output, 'by hand');
      assert.equal(end.task('a').attempts.length, 2);
      assert.deepEqual(end.task('a').attempts[0]?.sentBack, { by: 'person', reason: 'better' });
      const prompt = JSON.stringify(world.model.calls().at(-1)?.messages);
      assert.match(prompt, /by hand/);
      assert.doesNotMatch(prompt, /output of d|output of e/);
    });
  });

  it('ends as stopped where a person aborts; what is finished stays', async () => {
    await inCrewWorld(answers('a', 'b', 'c'), async (world) => {
      const runId = await world.start(crewWith({ a: {}, b: { approval: true }, c: {} }), {});
      const { id } = await openApproval(world, runId);
      await decide(world, runId, { approvalId: id, action: 'abort' });
      const end = await ended(world, runId);
      assert.equal(end.view.status, 'stopped');
      assert.deepEqual(statuses(end), { a: 'completed', b: 'cancelled', c: 'pending' });
      assert.equal(end.view.result?.output, 'output of a');
      assert.deepEqual(end.events.at(-1)?.data, { reason: 'aborted', by: 'ada' });
      assert.deepEqual(scheduledActivities(await world.history(runId)), ['a/model/1', 'b/model/1']);
    });
  });

  it('ends the task after as many rejections as the definition allows', async () => {
    await inCrewWorld(answers('a'), async (world) => {
      const runId = await world.start(crewWith({ a: { approval: { max_rejections: 2 } } }), {});
      for (const attempt of [1, 2]) {
        await eventually(
          `attempt ${attempt}`,
          async () => (await openApproval(world, runId)).id === `a.output.${attempt}`,
        );
        await decide(world, runId, { approvalId: `a.output.${attempt}`, action: 'reject', feedback: 'no' });
      }
      const end = await ended(world, runId);
      assert.equal(end.task('a').error?.code, 'Task.ReworkExhausted');
      assert.equal(world.model.calls().length, 2);
    });
  });

  it('takes an answer that fits its schema, and gives it to those who read the output', async () => {
    const schema = { type: 'object', properties: { audience: { type: 'string' } }, required: ['audience'] };
    await inCrewWorld(answers('a', 'b'), async (world) => {
      const runId = await world.start(crewWith({ a: { approval: { answer_schema: schema } }, b: {} }), {});
      const { id, answerSchema } = await openApproval(world, runId);
      assert.deepEqual(answerSchema, schema);
      await assert.rejects(decide(world, runId, { approvalId: id, action: 'approve' }), /asks for an 'answer'/);
      // An Update that nobody checked is refused; a signal is checked by an activity.
      const wrong = { approvalId: id, action: 'approve', by: 'eve', answer: { audience: 7 } } as const;
      await assert.rejects(world.runs.decide(DEFAULT_TENANT, runId, wrong, 'k'), /must be checked first/);
      await world.handle(runId).signal(decideApprovalSignal, wrong);
      await world.handle(runId).signal(decideApprovalSignal, { ...wrong, by: 'ada', answer: { audience: 'children' } });
      const end = await ended(world, runId);
      assert.equal(end.view.approvals[0]?.decision?.by, 'ada');
      assert.deepEqual(end.task('a').answer, { audience: 'children' });
      assert.match(JSON.stringify(world.model.calls().at(-1)?.messages), /children/);
    });
  });

  it('checks an edit by signal against the output schema, and keeps a long one in the store', async () => {
    const schema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
    await inCrewWorld({ answers: [{ when: 'DO-a', text: '{"text": "x"}' }] }, async (world) => {
      const runId = await world.start(crewWith({ a: { output_schema: schema, approval: true } }), {});
      const { id } = await openApproval(world, runId);
      const edit = (output: string) => ({ approvalId: id, action: 'edit', by: 'ada', output }) as const;
      await world.handle(runId).signal(decideApprovalSignal, edit('{"text": 7}'));
      await world.handle(runId).signal(decideApprovalSignal, edit('no JSON'));
      const long = 'ä'.repeat(6_000);
      await world.handle(runId).signal(decideApprovalSignal, edit(JSON.stringify({ text: long })));
      const end = await ended(world, runId);
      const ref = end.task('a').outputRef;
      assert.ok(ref);
      assert.deepEqual(JSON.parse((await world.store.getText(DEFAULT_TENANT, ref.ref)) ?? ''), { text: long });
      assert.equal(end.task('a').format, 'json');
      const checks = scheduledActivities(await world.history(runId)).filter((name) => !name.startsWith('a/'));
      assert.equal(checks.length, 3);
    });
  });
});

describe('deadlines and escalation of approvals', () => {
  it('lets the definition decide when the deadline passes', async () => {
    const ask = (onDeadline: string) => ({ approval: { deadline: '1s', on_deadline: onDeadline, max_rejections: 1 } });
    const tasks = { a: ask('approve'), b: ask('skip'), c: { ...ask('reject'), on_failure: 'continue' } };
    await inCrewWorld(answers('a', 'b', 'c'), async (world) => {
      const end = await runToEnd(world, crewWith(tasks, { process: 'parallel' }));
      assert.deepEqual(statuses(end), { a: 'completed', b: 'skipped', c: 'failed' });
      for (const { status, decision } of end.view.approvals) {
        assert.equal(status, 'expired');
        assert.deepEqual([decision?.by, decision?.via, decision?.byClaimed], ['deadline', 'deadline', false]);
      }
      assert.equal(end.story.filter((line) => line.startsWith('approval.expired')).length, 3);
    });
  });

  it('tells the next ones step by step, and stops when somebody decides', async () => {
    const escalation = [
      { after: '50ms', notify: ['bob'] },
      { after: 1, notify: ['cy', 'dee'] },
      { after: '1h', notify: ['nobody'] },
    ];
    await inCrewWorld(answers('a'), async (world) => {
      const runId = await world.start(crewWith({ a: { approval: { escalation } } }), {});
      const told = await eventually('the second step', async () => {
        const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
        const steps = events.flatMap((event) => (event.type === 'approval.escalated' ? [event.data] : []));
        return steps.length === 2 && steps;
      });
      assert.deepEqual(
        told.map(({ step, notify }) => [step, notify]),
        [
          [1, ['bob']],
          [2, ['cy', 'dee']],
        ],
      );
      await decide(world, runId, { approvalId: 'a.output.1', action: 'approve' });
      const { view } = await ended(world, runId);
      assert.deepEqual(
        view.approvals[0]?.escalations?.map(({ done }) => done),
        [true, true, undefined],
      );
    });
  });

  it('asks about the budget with a deadline', async () => {
    const budget = {
      model_calls: 1,
      on_exceed: 'pause',
      approval: { deadline: '1s', on_deadline: 'abort', assignees: ['boss'] },
    };
    await inCrewWorld(answers('a', 'b'), async (world) => {
      const end = await runToEnd(world, crewWith({ a: {}, b: {} }, { budget }));
      assert.equal(end.view.status, 'stopped');
      assert.equal(end.view.approvals[0]?.status, 'expired');
      assert.deepEqual(end.view.approvals[0].assignees, ['boss']);
      assert.equal(world.model.calls().length, 1);
    });
  });

  it('costs no timer, and no other event, where there is no deadline', async () => {
    await inCrewWorld(answers('a'), async (world) => {
      const runId = await world.start(crewWith({ a: { approval: true } }), {});
      const { id } = await openApproval(world, runId);
      const before = lastingEvents(await world.history(runId)).length;
      await decide(world, runId, { approvalId: id, action: 'approve' });
      await ended(world, runId);
      const history = await world.history(runId);
      assert.equal(
        (history.events ?? []).some(({ timerStartedEventAttributes: timer }) => timer),
        false,
      );
      const more = lastingEvents(history).length - before;
      assert.ok(more <= 10, `${more}`);
    });
  });
});
