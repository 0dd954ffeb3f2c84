import assert from 'node:assert/strict';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { crewDocument, crewOf } from '../support/crews.js';

describe('a run that has ended', () => {
  it('is read whole each time, and its record fetched once', async () => {
    await inCrewWorld({ answers: [{ text: 'Tea.' }, { text: 'Short.' }] }, async (world) => {
      const runId = await ended(world);
      const fetched = counted(world, 'getWorkflowExecutionHistory');
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

  it('is read once for many who ask at the same time, and again for who comes later', async () => {
    await inCrewWorld({ answers: [{ text: 'Tea.' }, { text: 'Short.' }] }, async (world) => {
      const runId = await ended(world);
      const described = counted(world, 'describeWorkflowExecution');
      try {
        const read = () => world.runs.get(DEFAULT_TENANT, runId);
        const all = await Promise.all(Array.from({ length: 20 }, read));
        assert.deepEqual(new Set(all.map(({ view }) => view.result?.output)), new Set(['Short.']));
        // The first one, and the one of those who came while it was at work.
        assert.equal(described.count(), 2);
        await read();
        assert.equal(described.count(), 3);
      } finally {
        described.stop();
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

/** Counts how often Temporal is asked something. */
function counted({ client }: CrewWorld, method: 'getWorkflowExecutionHistory' | 'describeWorkflowExecution') {
  const services = client.connection.workflowService as unknown as Record<string, (...args: unknown[]) => unknown>;
  const real = services[method];
  let count = 0;
  services[method] = (...args) => {
    count += 1;
    return real?.apply(services, args);
  };
  return { count: () => count, stop: () => void (real && (services[method] = real)) };
}
