import assert from 'node:assert/strict';
import type { ApprovalView, RunView } from '../../src/contract/views.js';
import { eventually } from '../support/crew-world.js';
import { withDeployment, type Deployment, type RunningPart } from '../support/deployment.js';
import { buildReleases, type Release, type SourceChange } from '../support/release.js';
import { serverWith, type TestServer } from '../support/temporal.js';

/** A task that asks a person, and one after it: what is decided still has work to do. */
const CREW = {
  schemaVersion: 1,
  name: 'asks',
  agents: { writer: { role: 'Writer', goal: 'Write', backstory: 'You write.' } },
  tasks: {
    draft: { description: 'Draft it', expected_output: 'A text', agent: 'writer', approval: true },
    polish: { description: 'Polish it', expected_output: 'A text', agent: 'writer' },
  },
};

const TASK_RUN = 'src/workflows/task-run.ts';
const TURN = `    const answer = await place.block('turn', (inner) => oneAttempt(`;
const NOTE = `await place.step('note', () => putText.executeWithOptions({ ...STORE, activityId: \`\${taskId}/note\` }, [taskId]));`;

/** One activity more at the beginning of a task: no open run would replay on it. */
const BREAKING: SourceChange[] = [{ file: TASK_RUN, before: TURN, after: `    ${NOTE}\n${TURN}` }];

/** The same, for runs that begin on it only. */
const COMPATIBLE: SourceChange[] = [
  { file: TASK_RUN, before: TURN, after: `    if (patched('note')) ${NOTE}\n${TURN}` },
  {
    file: TASK_RUN,
    before: `import { isCancellation } from`,
    after: `import { isCancellation, patched } from`,
  },
];

const OF_RUN = ['draft/model/1', 'polish/model/1'];
const WITH_NOTES = ['draft/note', 'draft/model/1', 'polish/note', 'polish/model/1'];

/** What a history says of where a run ran. */
interface Ran {
  /** Builds that did a workflow task, by its completion. */
  builds: string[];
  /** Workers that took a task of it, of either kind. */
  workers: string[];
  activities: string[];
  failedTasks: number;
}

async function ran({ handle }: Deployment, runId: string): Promise<Ran> {
  const { events } = await handle(runId).fetchHistory();
  const all = events ?? [];
  const unique = (found: (string | null | undefined)[]) => [...new Set(found)].filter((one) => one != null);
  return {
    builds: unique(all.map((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId)),
    workers: unique(
      all.flatMap(({ workflowTaskCompletedEventAttributes: task, activityTaskStartedEventAttributes: activity }) => [
        task?.identity,
        activity?.identity,
      ]),
    ).sort(),
    activities: all.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? []),
    failedTasks: all.filter(({ workflowTaskFailedEventAttributes: failed }) => failed != null).length,
  };
}

async function buildOf({ handle }: Deployment, runId: string): Promise<string | null | undefined> {
  const { raw } = await handle(runId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
}

/** Starts a run and waits until it asks. */
async function asked(deployment: Deployment): Promise<string> {
  const runId = await deployment.start('asks');
  await deployment.until(runId, 'an open approval', ({ approvals }) =>
    approvals.some(({ status }) => status === 'open'),
  );
  return runId;
}

function decide<T = ApprovalView>({ call }: Deployment, runId: string) {
  const path = `/v1/runs/${runId}/approvals/draft.output.1`;
  return call<T>('POST', path, { action: 'approve', by: 'ada' }, `decide-${runId}`);
}

/** Decides, and waits for the end. Where the outcome is not known, the same key is sent again. */
async function approved(deployment: Deployment, runId: string): Promise<RunView> {
  await eventually(
    'the decision',
    async () => {
      const { status, body } = await decide<{ code?: string }>(deployment, runId);
      if (status !== 200) assert.equal(body.code, 'outcome_unknown', JSON.stringify(body));
      return status === 200;
    },
    120_000,
  );
  return deployment.until(runId, 'the end', ({ endedAt }) => endedAt !== undefined);
}

const current = (deployment: Deployment, release: Release) =>
  deployment.main(release, 'set-current', '--timeout', '90').then((said) => assert.equal(said.code, 0, said.err));

/** Takes a run to another build, as an operator does it with `temporal workflow update-options`. */
async function move({ name, handle }: Deployment, server: TestServer, runId: string, buildId: string): Promise<void> {
  const { client } = server.env;
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle(runId).workflowId },
    // Source: temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior
    workflowExecutionOptions: {
      versioningOverride: { pinned: { behavior: 1, version: { deploymentName: name, buildId } } },
    },
    updateMask: { paths: ['versioning_override'] },
  });
}

describe('a rolling upgrade with runs in flight, by real builds', function () {
  this.timeout(600_000);
  let server: TestServer;
  let a: Release;
  let b: Release;
  let c: Release;
  let remove = () => {};

  before(async function () {
    // The compiler takes its time where others are at work too.
    this.timeout(900_000);
    // Temporal looks for builds that are drained every few minutes; here every second.
    const soon = ['RefreshInterval', 'VisibilityGracePeriod'].map(
      (of) => `matching.wv.VersionDrainageStatus${of}="1s"`,
    );
    server = await serverWith(...soon);
    const built = await buildReleases({ '1.0.0': [], '2.0.0': BREAKING, '1.1.0': COMPATIBLE });
    ({ '1.0.0': a, '2.0.0': b, '1.1.0': c } = built.of);
    remove = built.remove;
  });

  after(async () => {
    remove();
    await (server as TestServer | undefined)?.env.teardown();
  });

  it('runs end on the build that they began on, new ones go to the next, and the old build goes when it is drained', async () => {
    await withDeployment(server, CREW, async (deployment) => {
      const workerA = await deployment.worker(a);
      await current(deployment, a);
      await deployment.gateway(a);
      const old = [await asked(deployment), await asked(deployment)];

      const workerB = await deployment.worker(b);
      await current(deployment, b);
      await deployment.gateway(b);
      const young = [await asked(deployment), await asked(deployment)];
      const builds = () => deployment.main(b, 'builds', '--keep', '2.0.0');
      const draining = await builds();
      assert.equal(draining.out, '[{"id":"2.0.0","state":"current"},{"id":"1.0.0","state":"draining"}]');
      assert.equal(draining.code, 1);
      assert.match(draining.err, /would be left without a worker: 1\.0\.0 \(draining\)/);

      for (const runId of [...old, ...young]) assert.equal((await approved(deployment, runId)).status, 'completed');
      const of = (release: Release, worker: RunningPart, activities: string[]): Ran => ({
        builds: [release.buildId],
        workers: [worker.identity],
        activities,
        failedTasks: 0,
      });
      for (const runId of old) {
        assert.equal(await buildOf(deployment, runId), '1.0.0');
        assert.deepEqual(await ran(deployment, runId), of(a, workerA, OF_RUN));
      }
      for (const runId of young) {
        assert.equal(await buildOf(deployment, runId), '2.0.0');
        assert.deepEqual(await ran(deployment, runId), of(b, workerB, WITH_NOTES));
      }
      assert.equal(deployment.model.calls().length, 8, 'each call was made once');

      await eventually('the old build to be drained', async () => (await builds()).out.includes('drained'), 120_000);
      const drained = await builds();
      assert.deepEqual(drained, {
        code: 0,
        out: '[{"id":"2.0.0","state":"current"},{"id":"1.0.0","state":"drained"}]',
        err: '',
      });
      assert.equal(await workerA.stop(), 0);
      const last = await asked(deployment);
      assert.equal((await approved(deployment, last)).status, 'completed');
      for (const [release, runs] of [
        [a, old],
        [b, [...young, last]],
      ] as const)
        assert.equal((await deployment.crew(release, 'replay', ...runs)).code, 0);
    });
  });

  it('without its worker a run waits, untouched by the workers of the next build, and goes on when it is back', async () => {
    await withDeployment(server, CREW, async (deployment) => {
      const workerA = await deployment.worker(a);
      await current(deployment, a);
      await deployment.gateway(a);
      const old = await asked(deployment);
      const workerB = await deployment.worker(b);
      await current(deployment, b);
      assert.equal(await workerA.stop(), 0);

      const unknown = await decide<{ code: string }>(deployment, old);
      assert.deepEqual([unknown.status, unknown.body.code], [503, 'outcome_unknown']);
      const young = await asked(deployment);
      assert.equal((await approved(deployment, young)).status, 'completed', 'the next build works meanwhile');
      const waiting = await ran(deployment, old);
      assert.deepEqual(waiting, {
        builds: ['1.0.0'],
        workers: [workerA.identity],
        activities: ['draft/model/1'],
        failedTasks: 0,
      });

      const again = await deployment.worker(a);
      const run = await approved(deployment, old);
      assert.deepEqual(
        run.approvals.map(({ status }) => status),
        ['decided'],
      );
      const { workers, ...rest } = await ran(deployment, old);
      assert.deepEqual(rest, { builds: ['1.0.0'], activities: OF_RUN, failedTasks: 0 });
      assert.deepEqual(workers, [workerA.identity, again.identity].sort());
      assert.ok(!workers.includes(workerB.identity));
      assert.equal((await deployment.crew(a, 'replay', old)).code, 0);
    });
  });

  it('the gate refuses a change that breaks runs, which such a build would, and passes one that does not, which can take them over', async () => {
    await withDeployment(server, CREW, async (deployment) => {
      const workerA = await deployment.worker(a);
      await current(deployment, a);
      await deployment.gateway(a);
      const runs = [await asked(deployment), await asked(deployment)];
      const [broken = '', taken = ''] = runs;

      const refused = await deployment.crew(b, 'replay', ...runs);
      assert.equal(refused.code, 1);
      assert.match(refused.out, /✖ .*\n {4}at event \d+ of \d+: .* draft\/model\/1\n {4}.*draft\/note/);
      assert.match(refused.out, /\n0 of 2 histories go the same way/);
      const passed = await deployment.crew(c, 'replay', ...runs);
      assert.equal(passed.code, 0, passed.out);
      assert.match(passed.out, /\n2 of 2 histories go the same way/);

      // What the gate has said is so: moved onto either build, a run stands still, or goes on.
      await deployment.worker(b);
      await move(deployment, server, broken, '2.0.0');
      assert.equal((await decide(deployment, broken)).status, 503);
      await eventually('a failed task', async () => (await ran(deployment, broken)).failedTasks > 0, 120_000);
      assert.deepEqual((await ran(deployment, broken)).activities, ['draft/model/1']);
      await move(deployment, server, broken, '1.0.0');
      assert.equal((await approved(deployment, broken)).status, 'completed', 'nothing is lost by it');
      assert.deepEqual((await ran(deployment, broken)).activities, OF_RUN);

      const workerC = await deployment.worker(c);
      assert.equal(await workerA.stop(), 0);
      await move(deployment, server, taken, '1.1.0');
      assert.equal((await approved(deployment, taken)).status, 'completed');
      const moved = await ran(deployment, taken);
      assert.deepEqual(moved.builds, ['1.0.0', '1.1.0']);
      assert.deepEqual(moved.workers, [workerA.identity, workerC.identity].sort());
      assert.equal((await deployment.crew(c, 'replay', taken)).code, 0);
    });
  });
});
