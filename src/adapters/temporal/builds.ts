import { isGrpcServiceError } from '@temporalio/client';
import type { TemporalClient } from './connection.js';

/** Longest that one call may take. */
const RPC_TIMEOUT_MS = 10_000;

/** A worker's poll lasts a minute: one that is alive has asked for work within this time. */
const POLLER_FRESH_MS = 75_000;

/** How often it is looked for pollers, and a refused change is tried again. */
const RETRY_MS = 1_000;

/** Temporal's numbers of a version's state. Source: temporal.api.enums.v1.WorkerDeploymentVersionStatus */
const STATES = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'created'] as const;

/** Temporal knows no such deployment. Source: https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND = 5;

/** What a build is to Temporal: `draining` has runs open and gets no new ones, `drained` has none. */
export type BuildState = (typeof STATES)[number];

/** One build of the workers' deployment, as Temporal knows it. */
export interface Build {
  id: string;
  state: BuildState;
}

/** The deployment's builds, newest first; none where no versioned worker has ever polled. */
export async function listBuilds(client: TemporalClient, deploymentName: string): Promise<Build[]> {
  const summaries = await versionsOf(client, deploymentName);
  return summaries
    .map(({ deploymentVersion, status, createTime }) => ({
      id: deploymentVersion?.buildId ?? '',
      state: STATES[status ?? 0] ?? ('unknown' as const),
      created: (createTime?.seconds?.toNumber() ?? 0) + (createTime?.nanos ?? 0) / 1e9,
    }))
    .sort((a, b) => b.created - a.created)
    .map(({ id, state }) => ({ id, state }));
}

async function versionsOf(client: TemporalClient, deploymentName: string) {
  try {
    const { workerDeploymentInfo } = await bounded(client, () =>
      client.connection.workflowService.describeWorkerDeployment({ namespace: namespaceOf(client), deploymentName }),
    );
    return workerDeploymentInfo?.versionSummaries ?? [];
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
    throw error;
  }
}

/** Builds whose workers must stay: new runs go there, or runs that began there are still open. */
export function neededBuilds(builds: readonly Build[]): Build[] {
  return builds.filter(({ state }) => state === 'current' || state === 'ramping' || state === 'draining');
}

/** Which build shall be current, and when to give up. */
export interface CurrentBuild {
  deploymentName: string;
  buildId: string;
  /** The queue that its workers must be seen on. */
  taskQueue: string;
  timeoutMs: number;
  /** Also where the workers of now have a queue that the new ones have not: a rate-limited model was taken out. */
  ignoreMissingTaskQueues?: boolean;
}

/**
 * Waits until a worker of the build asks for work, then lets new runs go to it. Safe to repeat.
 * @throws Error that says what was waited for, where that did not come within the time
 */
export async function makeCurrent(client: TemporalClient, build: CurrentBuild): Promise<void> {
  const until = Date.now() + build.timeoutMs;
  for (;;) {
    const why = await tryCurrent(client, build);
    if (why === undefined) return;
    if (Date.now() > until)
      throw new Error(
        `Build '${build.buildId}' of '${build.deploymentName}' was not made current in ${build.timeoutMs / 1000} s: ${why}`,
      );
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Undefined where the build is current now; else why not. */
async function tryCurrent(client: TemporalClient, build: CurrentBuild): Promise<string | undefined> {
  try {
    if (!(await hasPoller(client, build))) return `no worker of it asks for work on '${build.taskQueue}'`;
    await setCurrent(client, build);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function hasPoller(client: TemporalClient, { deploymentName, buildId, taskQueue }: CurrentBuild) {
  const { pollers } = await bounded(client, () =>
    client.connection.workflowService.describeTaskQueue({
      namespace: namespaceOf(client),
      taskQueue: { name: taskQueue },
      // Source: temporal.api.enums.v1.TaskQueueType
      taskQueueType: 1,
    }),
  );
  return pollers.some(({ deploymentOptions: of, lastAccessTime }) => {
    const seen = (lastAccessTime?.seconds?.toNumber() ?? 0) * 1000;
    return of?.deploymentName === deploymentName && of.buildId === buildId && Date.now() - seen < POLLER_FRESH_MS;
  });
}

async function setCurrent(client: TemporalClient, build: CurrentBuild): Promise<void> {
  const { deploymentName, buildId, ignoreMissingTaskQueues = false } = build;
  await bounded(client, () =>
    client.connection.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: namespaceOf(client),
      deploymentName,
      buildId,
      identity: client.options.identity,
      ignoreMissingTaskQueues,
    }),
  );
}

function bounded<T>(client: TemporalClient, call: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + RPC_TIMEOUT_MS, call);
}

function namespaceOf(client: TemporalClient): string {
  return client.options.namespace;
}
