import type { BundleOptions, WorkerOptions } from '@temporalio/worker';
import { modulePath } from '../module-path.js';
import { WORKFLOW_INTERCEPTORS, WORKFLOW_PRELOADED } from '../telemetry/plugin.js';

/**
 * What goes into the workflow bundle: our workflows, and the interceptors that every history is made with. `callStacks`: promises keep
 * their stacks, for the tab "Call Stack" of the Temporal UI, which takes a third more of a worker's time.
 */
export function bundleOptions(callStacks = false): BundleOptions & Required<Pick<BundleOptions, 'preloadModules'>> {
  const workflows = (name: string) => modulePath(import.meta.url, `../../workflows/${name}`);
  return {
    workflowsPath: workflows('index'),
    preloadModules: [WORKFLOW_PRELOADED, ...(callStacks ? [] : [workflows('quick-promises')]), workflows('preloaded')],
    workflowInterceptorModules: [WORKFLOW_INTERCEPTORS],
  };
}

/**
 * Runs in a worker's cache, where Node.js propagates async context by hooks (before 24). There each promise of any run carries an
 * entry for every cached run, so that time and memory grow with its square: the SDK's default of 2,300 took 4 GB at 1,700, and then
 * the process, as collecting that held workflow code up for longer than it may take
 * (https://github.com/temporalio/sdk-typescript/issues/939). A run that is not cached is replayed from its history.
 */
const CACHED_RUNS_WITH_HOOKS = 200;
const HOOKS_BEFORE_NODE = 24;

/** How a worker is tuned, measured on two-call runs: with fewer pollers or longer throttles runs wait for nothing. */
export const TUNING = {
  // How soon a cancellation reaches a call: heartbeats carry it, and are held back for this long.
  maxHeartbeatThrottleInterval: '500ms',
  // How long the server waits for a killed worker's cache before it asks another.
  stickyQueueScheduleToStartTimeout: '1s',
  ...(Number.parseInt(process.versions.node, 10) < HOOKS_BEFORE_NODE && { maxCachedWorkflows: CACHED_RUNS_WITH_HOOKS }),
  maxConcurrentActivityTaskExecutions: 100,
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
} as const satisfies Partial<WorkerOptions>;

/** Worker Versioning, pinned, where both names are set. Such a worker gets no task until its version is made current. */
export function versioning(deploymentName?: string, buildId?: string): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (deploymentName === undefined || buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
