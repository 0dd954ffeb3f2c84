import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { RunEvent } from '../../src/contract/events.js';
import { eventually, inCrewWorld, openApproval, scheduledActivities } from '../support/crew-world.js';
import { adder, crewWith, readEnded, toolCall } from '../support/engine.js';
import { serverWith, type TestServer } from '../support/temporal.js';

describe('a run that continues as new', () => {
  let server: TestServer;
  before(async () => {
    server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
  });
  after(() => server.env.teardown());

  it('goes on in the middle of parallel turns and an open decision, with nothing lost and nothing paid twice', async () => {
    const rounds = 12;
    const { tool, calls } = adder();
    // Each task's agent makes `rounds` calls of the tool, each with other numbers, then answers.
    const turnOf = (task: string) =>
      Array.from({ length: rounds }, (_, at) => toolCall('add', { a: at, b: task.charCodeAt(0) }, `DO-${task}`));
    const answers = [
      ...['a', 'b', 'c'].flatMap(turnOf),
      ...['a', 'b', 'c'].map((task) => ({ when: `DO-${task}`, text: `${task} is done` })),
      { when: 'DO-z', text: 'all done' },
    ];
    const crew = crewWith(
      { a: {}, b: {}, c: {}, z: { context: ['a', 'b', 'c'], tools: [] } },
      { process: 'parallel', budget: { model_calls: 30, on_exceed: 'pause' } },
      { tools: ['add'], max_iter: 50 },
    );
    await inCrewWorld(
      { answers },
      async (world) => {
        const runId = await world.start(crew, {});
        const seen: RunEvent[] = [];
        const read = async () => {
          const more = await world.runs.events(DEFAULT_TENANT, runId, seen.at(-1)?.seq ?? 0);
          seen.push(...more);
        };
        const budget = await eventually('the budget to be used up', async () => {
          await read();
          const { view } = await world.runs.get(DEFAULT_TENANT, runId);
          return view.approvals.find(({ status }) => status === 'open');
        });
        // The last ones may be on their way yet.
        await eventually('30 calls', () => Promise.resolve(world.model.calls().length >= 30));
        assert.equal(world.model.calls().length, 30);
        // The same key sent again is answered again, also by the run that follows.
        const decision = { approvalId: budget.id, action: 'approve', by: 'ada' } as const;
        await world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1');
        await world.handle(runId).result();
        await read();

        const ended = await readEnded(world, runId);
        assert.equal(ended.view.status, 'completed');
        assert.equal(ended.view.result?.output, 'all done');
        const histories = await world.histories(runId);
        assert.ok(histories.length >= 3, `${histories.length} parts`);
        // Paid once each: three turns of rounds + 1 calls, and the last task's.
        assert.equal(world.model.calls().length, 3 * (rounds + 1) + 1);
        assert.equal(ended.view.usage.calls, world.model.calls().length);
        assert.equal(ended.view.usage.failedCalls + ended.view.usage.unknownCalls, 0);
        assert.equal(calls.length, 3 * rounds);
        const ids = histories.flatMap(scheduledActivities).filter((id) => /\/(model|tool)\//.test(id));
        assert.equal(new Set(ids).size, ids.length, 'every call has an id of its own');
        // The reader that asked all along, and one that asks at the end, have the same story with no gap.
        const seqs = Array.from({ length: ended.view.lastSeq }, (_, at) => at + 1);
        assert.deepEqual(
          seen.map(({ seq }) => seq),
          seqs,
        );
        assert.deepEqual(seen, ended.events);
      },
      { tools: [tool], server },
    );
  });

  it('keeps an approval open over it, and answers the update that decided before again', async () => {
    const { tool } = adder();
    const answers = [
      { when: 'shorter', text: 'a' },
      { when: 'DO-a', text: 'A' },
      ...Array.from({ length: 30 }, (_, at) => toolCall('add', { a: at, b: 1 }, 'DO-b')),
      { when: 'DO-b', text: 'B' },
    ];
    const crew = crewWith(
      { a: { human_input: true, tools: [] }, b: {} },
      { process: 'parallel' },
      { tools: ['add'], max_iter: 50 },
    );
    await inCrewWorld(
      { answers },
      async (world) => {
        const runId = await world.start(crew, {});
        const first = await openApproval(world, runId);
        const reject = { approvalId: first.id, action: 'reject', by: 'ada', feedback: 'shorter' } as const;
        const decided = await world.runs.decide(DEFAULT_TENANT, runId, reject, 'key-1');
        await eventually(
          'the other task to go on as new twice',
          async () => (await world.histories(runId)).length >= 3,
          120_000,
        );
        // Lost its answer, the gateway's client sends the same key again.
        const again = await world.runs.decide(DEFAULT_TENANT, runId, reject, 'key-1');
        assert.deepEqual(again.decision, decided.decision);
        const second = await openApproval(world, runId);
        const approve = { approvalId: second.id, action: 'approve', by: 'bob' } as const;
        await world.runs.decide(DEFAULT_TENANT, runId, approve, 'key-2');
        await world.handle(runId).result();
        const ended = await readEnded(world, runId);
        assert.equal(ended.task('a').output, 'a');
        assert.equal(ended.task('b').output, 'B');
        assert.equal(world.model.calls().length, 2 + 31);
      },
      { tools: [tool], server },
    );
  });
});
