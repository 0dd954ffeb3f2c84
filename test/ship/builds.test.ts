import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { listBuilds, makeCurrent, neededBuilds } from '../../src/adapters/temporal/builds.js';
import type { TemporalClient } from '../../src/adapters/temporal/connection.js';
import { versioning } from '../../src/adapters/temporal/worker-options.js';
import { eventually } from '../support/crew-world.js';
import { testServer } from '../support/temporal.js';

/** Workers of one deployment, by build, on the real server; they are stopped at the end. */
async function withDeployment(work: (made: Deployment) => Promise<void>): Promise<void> {
  const { env, bundle } = await testServer();
  const connection = await NativeConnection.connect({ address: env.address });
  const name = `crews-${randomUUID()}`;
  const stops: (() => Promise<void>)[] = [];
  const start = async (buildId: string) => {
    const worker = await Worker.create({
      connection,
      taskQueue: name,
      workflowBundle: bundle,
      ...versioning(name, buildId),
    });
    const ended = worker.run();
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    };
    stops.push(stop);
    return stop;
  };
  try {
    await work({ name, start, client: env.client as TemporalClient });
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    await connection.close();
  }
}

/** A thread whose run has its turn and does not end: a workflow that stays open, with nothing to do. */
const HELD = {
  checkEveryMs: 3_600_000,
  admissionMs: 3_600_000,
  entries: [
    {
      runId: 'held',
      admittedAt: Date.now(),
      released: true,
      toGo: false,
      toCancel: false,
      cancelled: false,
      seen: true,
    },
  ],
};

interface Deployment {
  name: string;
  start(buildId: string): Promise<() => Promise<void>>;
  client: TemporalClient;
}

const currentBuild = (name: string, buildId: string, timeoutMs = 90_000) => ({
  deploymentName: name,
  buildId,
  taskQueue: name,
  timeoutMs,
});

describe('builds of the worker', () => {
  it('a deployment that nobody has seen has none', async () => {
    const { env } = await testServer();
    assert.deepEqual(await listBuilds(env.client as TemporalClient, `unseen-${randomUUID()}`), []);
  });

  it('a build becomes current once a worker of it asks for work, and not before', async () => {
    await withDeployment(async ({ name, start, client }) => {
      await assert.rejects(
        makeCurrent(client, currentBuild(name, 'a', 1)),
        /Build 'a' of 'crews-.*' was not made current in 0\.001 s: no worker of it asks for work/,
      );
      const made = makeCurrent(client, currentBuild(name, 'a'));
      await start('a');
      await made;
      assert.deepEqual(await listBuilds(client, name), [{ id: 'a', state: 'current' }]);
    });
  });

  it('runs stay on their build, new ones go to the next; the old build is needed as long as its runs are open', async () => {
    await withDeployment(async ({ name, start, client }) => {
      await start('a');
      await makeCurrent(client, currentBuild(name, 'a'));
      const open = (workflowId: string) =>
        client.workflow.start('runThread', { taskQueue: name, workflowId, args: [HELD] });
      const buildOf = async (workflowId: string) => {
        const { raw } = await client.workflow.getHandle(workflowId).describe();
        return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
      };
      const old = await open(`${name}-old`);
      await eventually('on build a', async () => (await buildOf(old.workflowId)) === 'a');

      await start('b');
      await makeCurrent(client, currentBuild(name, 'b'));
      const next = await open(`${name}-next`);
      await eventually('on build b', async () => (await buildOf(next.workflowId)) === 'b');
      assert.equal(await buildOf(old.workflowId), 'a');

      const builds = await listBuilds(client, name);
      assert.deepEqual(builds, [
        { id: 'b', state: 'current' },
        { id: 'a', state: 'draining' },
      ]);
      assert.deepEqual(
        neededBuilds(builds).map(({ id }) => id),
        ['b', 'a'],
      );
      await old.terminate();
      await next.terminate();
    });
  });

  it('a build without workers is not made current again', async () => {
    await withDeployment(async ({ name, start, client }) => {
      const stop = await start('a');
      await makeCurrent(client, currentBuild(name, 'a'));
      await stop();
      await start('b');
      await makeCurrent(client, currentBuild(name, 'b'));
      assert.equal((await listBuilds(client, name))[0]?.id, 'b');
      await assert.rejects(makeCurrent(client, { ...currentBuild(name, 'c', 1) }), /no worker of it asks for work/);
    });
  });

  it('drained, inactive and new builds may go', () => {
    const states = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'created'] as const;
    const needed = neededBuilds(states.map((state) => ({ id: state, state })));
    assert.deepEqual(
      needed.map(({ id }) => id),
      ['current', 'ramping', 'draining'],
    );
  });
});
