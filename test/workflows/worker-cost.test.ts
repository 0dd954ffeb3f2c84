import assert from 'node:assert/strict';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { bundleOptions } from '../../src/adapters/temporal/worker-options.js';
import { inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { crewWith, ended } from '../support/engine.js';
import { testServer } from '../support/temporal.js';

describe('what a run costs its worker', () => {
  it('no stack is taken for each of its promises', async () => {
    await inCrewWorld({ answers: [{ text: 'A text.', repeat: true }] }, async (world) => {
      const runId = await world.start(crewWith({ a: { approval: true } }));
      await openApproval(world, runId);
      // The query shows every stack that the SDK keeps: where it keeps them again, each promise costs as it did.
      assert.equal(await world.handle(runId).query('__stack_trace'), '');
    });
  });

  it('where WORKFLOW_CALL_STACKS asks for them, they are there', async () => {
    const { env } = await testServer();
    const logger = new DefaultLogger('ERROR', () => undefined);
    const bundle = await bundleWorkflowCode({ ...bundleOptions(true), logger });
    const script = { answers: [{ text: 'A text.', repeat: true }] };
    const test = async (world: CrewWorld) => {
      const runId = await world.start(crewWith({ a: { approval: true } }));
      await openApproval(world, runId);
      assert.match(await world.handle(runId).query('__stack_trace'), /src\/workflows\/ask-person\.ts:\d+/);
    };
    await inCrewWorld(script, test, { server: { env, bundle } });
  });

  it('no module is loaded for it, and no async context is made', async () => {
    const { code } = await bundleWorkflowCode({ ...bundleOptions(), logger: new DefaultLogger('ERROR') });
    const creator = await ReusableVMWorkflowCreator.create(parseWorkflowCode(code), 60_000, new Set());
    const options = { info: { workflowType: 'runCrew', runId: 'run', unsafe: {} }, randomnessSeed: [1], now: 0 };
    const { activator } = (await creator.createWorkflow(options as never)) as unknown as Inside;
    // What the bundle leaves empty, as there are no converters of ours, has such a name.
    const loaded = [...activator.moduleCache.keys()].filter((name) => !name.startsWith('?'));
    assert.deepEqual(loaded, []);
    assert.equal(activator.workflowSandboxDestructors.length, 0);
  });

  it('what fails still says where, in the sources', async () => {
    await inCrewWorld({ answers: [{ error: { status: 401, message: 'no' } }] }, async (world) => {
      const { runId } = await ended(world, await world.start(crewWith({ a: {} })));
      const last = (await world.history(runId)).events?.at(-1)?.workflowExecutionFailedEventAttributes;
      assert.match(last?.failure?.stackTrace ?? '', /src\/workflows\/run-crew\.ts:\d+/);
    });
  });
});

/** What the SDK keeps of a run in its sandbox. */
interface Inside {
  activator: {
    /** Modules that were loaded for this run. */
    moduleCache: Map<string, unknown>;
    /** What ends with the run: its async contexts. */
    workflowSandboxDestructors: unknown[];
  };
}
