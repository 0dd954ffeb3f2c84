import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { bundleOptions } from '../../src/adapters/temporal/worker-options.js';
import { eventually } from '../support/crew-world.js';
import { uniqueName } from '../support/crews.js';
import { testServer } from '../support/temporal.js';
import type { handled, unhandled } from '../support/unhandled-workflows.js';

const WAYS = ['a failure of ours', 'no error at all', 'an async function', 'one of several'];

// The SDK finds the run of a promise by the same question that `quick-promises.ts` answers; with call stacks it answers itself.
describe('promises that fail while nobody waits for them', function () {
  this.timeout(120_000);

  for (const callStacks of [false, true]) {
    it(`fail the workflow task of their run and of no other, ${callStacks ? 'by the SDK alone' : 'as promises are here'}`, async () => {
      const { env } = await testServer();
      const workflowsPath = fileURLToPath(new URL('../support/unhandled-workflows.ts', import.meta.url));
      const logger = new DefaultLogger('ERROR', () => undefined);
      const { preloadModules } = bundleOptions(callStacks);
      const workflowBundle = await bundleWorkflowCode({ workflowsPath, preloadModules, logger });
      const taskQueue = uniqueName('unhandled');
      const connection = await NativeConnection.connect({ address: env.address });
      const worker = await Worker.create({ connection, taskQueue, workflowBundle });
      const running = worker.run();
      const { workflow } = env.client;
      const start = (what: string) =>
        workflow.start<typeof unhandled>('unhandled', { taskQueue, workflowId: uniqueName('run'), args: [what] });
      const failing = await Promise.all(WAYS.map(start));
      try {
        for (const [at, handle] of failing.entries()) {
          const message = await eventually(`'${WAYS[at]}' to fail its task`, async () => {
            const { events } = await handle.fetchHistory();
            return events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes
              ?.failure?.message;
          });
          assert.match(message ?? '', /^Unhandled Promise rejection: .*nobody heard of it$/, WAYS[at]);
          assert.equal((await handle.describe()).status.name, 'RUNNING');
        }
        // The worker goes on, and what is heard of is no matter of the SDK's.
        const heard = await workflow.start<typeof handled>('handled', { taskQueue, workflowId: uniqueName('run') });
        assert.equal(await heard.result(), WAYS.length - 1);
        const history = await heard.fetchHistory();
        assert.ok(!history.events?.some((event) => event.workflowTaskFailedEventAttributes));
        await Worker.runReplayHistory({ workflowBundle }, history, heard.workflowId);
      } finally {
        for (const handle of failing) await handle.terminate('test over').catch(() => undefined);
        worker.shutdown();
        await running;
        await connection.close();
      }
    });
  }
});
