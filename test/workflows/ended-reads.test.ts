import assert from 'node:assert/strict';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { crewDocument, crewOf } from '../support/crews.js';

describe('a run that has ended', () => {
  it('is read whole each time, and its record fetched once', async () => {
    await inCrewWorld({ answers: [{ text: 'Tea.' }, { text: 'Short.' }] }, async (world) => {
      const runId = await ended(world);
      const fetched = countHistories(world);
      try {
        const first = await world.runs.get(DEFAULT_TENANT, runId);
        assert.equal(fetched.count(), 1);
        assert.equal(first.view.result?.output, 'Short.');
        first.view.tasks.length = 0;
        const second = await world.runs.get(DEFAULT_TENANT, runId);
        assert.equal(second.view.tasks.length, 2, 'nobody changes what another one reads');
        assert.equal((await world.runs.events(DEFAULT_TENANT, runId, 0)).length, second.view.lastSeq);
        assert.equal(fetched.count(), 1);
        await assert.rejects(world.runs.get('other', runId), isAbsent);
      } finally {
        fetched.stop();
      }
    });
  });

  it('is read anew where an operator has reset it', async () => {
    const texts = ['Tea.', 'Short.', 'Tea again.', 'Another.'];
    await inCrewWorld({ answers: texts.map((text) => ({ text })) }, async (world) => {
      const runId = await ended(world);
      const before = await world.runs.get(DEFAULT_TENANT, runId);
      const { events = [] } = await world.history(runId);
      const first = events?.find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes);
      await world.client.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId: workflowIdOf(DEFAULT_TENANT, runId), runId: before.executionId },
        workflowTaskFinishEventId: first?.eventId ?? null,
        reason: 'of a test',
        requestId: runId,
      });
      await world.handle(runId).result();
      const after = await world.runs.get(DEFAULT_TENANT, runId);
      assert.notEqual(after.executionId, before.executionId);
      assert.equal(after.view.result?.output, 'Another.');
    });
  });
});

async function ended(world: CrewWorld): Promise<string> {
  const runId = await world.start(crewOf(crewDocument()));
  await world.handle(runId).result();
  return runId;
}

function isAbsent(error: unknown): boolean {
  return error instanceof RunsError && error.reason === 'run_not_found';
}

/** Counts how often a history, or the end of one, is fetched. */
function countHistories({ client }: CrewWorld) {
  const service = client.connection.workflowService;
  const real = service.getWorkflowExecutionHistory;
  let count = 0;
  service.getWorkflowExecutionHistory = ((...args: Parameters<typeof real>) => {
    count += 1;
    return real.apply(service, args);
  }) as typeof real;
  return { count: () => count, stop: () => (service.getWorkflowExecutionHistory = real) };
}
