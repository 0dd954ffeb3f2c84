import { randomUUID } from 'node:crypto';
import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import { limitedModels } from '../../src/adapters/models/registry.js';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import { createCrewBatches } from '../../src/adapters/temporal/batches.js';
import type { TemporalClient } from '../../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../../src/adapters/temporal/crew-runs.js';
import { limitedWorkers } from '../../src/adapters/temporal/limited-workers.js';
import { fetchHistories } from '../../src/adapters/temporal/replay.js';
import { runStatesOf } from '../../src/adapters/temporal/run-states.js';
import { createCrewSchedules } from '../../src/adapters/temporal/schedules.js';
import { createCrewThreads } from '../../src/adapters/temporal/threads.js';
import { TUNING } from '../../src/adapters/temporal/worker-options.js';
import { RUN_BATCH, RUN_SCHEDULED, RUN_THREAD } from '../../src/contract/coordination.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import type { ApprovalView } from '../../src/contract/views.js';
import type { Crew, CrewBatches, CrewCatalog, CrewRuns, CrewSchedules, CrewThreads, Store } from '../../src/ports.js';
import { startScriptedModel, type ScriptedModel } from '../../src/scripted-model/server.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import type { runCrew } from '../../src/workflows/index.js';
import { uniqueName } from './crews.js';
import { activityParts, modelFactsFor, scriptedModels, type ExtensionParts } from './parts.js';
import { PatientClient } from './patient-client.js';
import { testStore } from './store.js';
import { replay, testServer, type TestServer } from './temporal.js';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** How often batches and threads look for runs that ended without a word. */
const CHECK_EVERY_MS = 2_000;

/** The real parts of one test: server, worker, LangChain, a store, and a scripted model behind HTTP. */
export interface CrewWorld {
  runs: CrewRuns;
  batches: CrewBatches;
  threads: CrewThreads;
  schedules: CrewSchedules;
  model: ScriptedModel;
  store: Store;
  client: TemporalClient;
  taskQueue: string;
  /** Starts a run of a crew. */
  start(crew: Crew, inputs?: Record<string, string>, label?: string): Promise<string>;
  handle(runId: string): WorkflowHandleWithFirstExecutionRunId<typeof runCrew>;
  /** The history of a run; of one that continued as new, of its last part. */
  history(runId: string): Promise<History>;
  /** The histories of all parts of a run. */
  histories(runId: string, tenant?: string): Promise<History[]>;
  /** One more worker. */
  startWorker(): Promise<void>;
  /** Stops all of them. */
  stopWorker(): Promise<void>;
  /**
   * Calls of Temporal that are made meanwhile are given up as soon as the product gives them up, and others much later: where a test is
   * not about it, a machine that is busy for some seconds does not matter.
   */
  hurried<T>(work: () => Promise<T>): Promise<T>;
}

/** What a test's worker has beside the scripted model. */
export interface WorldParts extends ExtensionParts {
  /** Models of a registry, as `models.yaml` has them; absent: one called `scripted-model`. */
  models?: Record<string, object>;
  /** Another server than the shared one. */
  server?: TestServer;
  store?: Store;
  /** How payloads are converted; absent: as they are. */
  dataConverter?: DataConverter;
  /** What schedules find their crews in. */
  crews?: CrewCatalog;
}

/**
 * Runs a test in a world of its own: a task queue, a worker, and a model that answers from the script. Afterwards the
 * history of every run that the test started is replayed, so that each test is a determinism test too.
 */
export async function inCrewWorld(
  script: ScriptInput,
  test: (world: CrewWorld) => Promise<void>,
  parts: WorldParts = {},
): Promise<void> {
  const { env, bundle } = parts.server ?? (await testServer());
  const store = parts.store ?? (await testStore()).store;
  const model = await startScriptedModel({ script });
  const models = scriptedModels(model.url, parts.models);
  const telemetry = startTelemetry('test', false);
  const converting = parts.dataConverter && { dataConverter: parts.dataConverter };
  const client = new PatientClient({
    connection: env.connection,
    identity: 'test',
    plugins: [telemetry.plugin],
    ...converting,
  });
  const taskQueue = uniqueName('queue');
  const temporal = client as PatientClient & TemporalClient;
  const runs = createCrewRuns(temporal, store, taskQueue, parts.publishOf);
  const started: { tenant: string; runId: string }[] = [];
  let running: { workers: { worker: Worker; done: Promise<void> }[]; connection: NativeConnection }[] = [];

  const world: CrewWorld = {
    model,
    store,
    client: temporal,
    taskQueue,
    batches: createCrewBatches(temporal, taskQueue, CHECK_EVERY_MS),
    threads: createCrewThreads(temporal, taskQueue, { checkEveryMs: CHECK_EVERY_MS, admissionMs: 20_000 }),
    schedules: createCrewSchedules(client, taskQueue),
    hurried: (work) => client.hurried(work),
    runs: {
      ...runs,
      start: async (run) => {
        started.push({ tenant: run.tenant, runId: run.runId });
        return runs.start(run);
      },
    },
    start: async (crew, inputs = { topic: 'tea' }, label) => {
      const runId = randomUUID();
      const named = modelFactsFor(models, crew.definition);
      await world.runs.start({
        tenant: DEFAULT_TENANT,
        runId,
        crew,
        inputs,
        models: named,
        ...(label !== undefined && { label }),
      });
      return runId;
    },
    handle: (runId) =>
      client.workflow.getHandle(workflowIdOf(DEFAULT_TENANT, runId)) as ReturnType<CrewWorld['handle']>,
    history: (runId) => world.handle(runId).fetchHistory(),
    histories: async (runId, tenant) => {
      const histories: History[] = [];
      for await (const { history } of fetchHistories(temporal, runId, tenant)) histories.push(history);
      return histories;
    },
    startWorker: async () => {
      const connection = await NativeConnection.connect({ address: env.address });
      const activities = createActivities({
        ...activityParts(models, store, parts),
        runs: world.runs,
        readRunStates: runStatesOf(client),
        ...(parts.crews && { crews: parts.crews }),
      });
      const common = {
        connection,
        // Histories are saved: no host name in them.
        identity: 'test',
        activities,
        plugins: [telemetry.plugin],
        ...converting,
        ...TUNING,
      };
      const workers = [
        await Worker.create({ ...common, taskQueue, workflowBundle: bundle }),
        ...(await Promise.all(limitedWorkers(limitedModels(models), taskQueue, common))),
      ];
      running.push({ workers: workers.map((worker) => ({ worker, done: worker.run() })), connection });
    },
    stopWorker: async () => {
      for (const { worker } of running.flatMap(({ workers }) => workers)) worker.shutdown();
      for (const { done } of running.flatMap(({ workers }) => workers)) await done;
      for (const { connection } of running) await connection.close();
      running = [];
    },
  };

  await world.startWorker();
  try {
    await test(world);
    for (const { runId, tenant } of started)
      for (const history of await world.histories(runId, tenant))
        await replay(history, workflowIdOf(tenant, runId), parts.dataConverter);
    await replayCoordinators(temporal, taskQueue, parts.dataConverter);
  } finally {
    // Ended hard, so that a failed test leaves no run that keeps asking a model which is gone.
    for (const { runId, tenant } of started)
      await client.workflow
        .getHandle(workflowIdOf(tenant, runId))
        .terminate('test over')
        .catch(() => undefined);
    for await (const { workflowId } of client.workflow.list({ query: coordinatorsOf(taskQueue, 'Running') }))
      await client.workflow
        .getHandle(workflowId)
        .terminate('test over')
        .catch(() => undefined);
    await world.stopWorker();
    await model.close();
  }
}

/** Batches, threads and what schedules started, of one task queue. */
function coordinatorsOf(taskQueue: string, status?: string): string {
  const types = [RUN_BATCH, RUN_THREAD, RUN_SCHEDULED].map((type) => `'${type}'`).join(', ');
  const among = `WorkflowType IN (${types}) AND TaskQueue = '${taskQueue}'`;
  return status === undefined ? among : `${among} AND ExecutionStatus = '${status}'`;
}

async function replayCoordinators(
  client: TemporalClient,
  taskQueue: string,
  dataConverter?: DataConverter,
): Promise<void> {
  for await (const { workflowId, runId } of client.workflow.list({ query: coordinatorsOf(taskQueue) }))
    await replay(await client.workflow.getHandle(workflowId, runId).fetchHistory(), workflowId, dataConverter);
}

/** Waits until the run asks a person, and gives the open approval. */
export function openApproval(world: CrewWorld, runId: string): Promise<ApprovalView> {
  return eventually('an open approval', async () => {
    const { view } = await world.runs.get(DEFAULT_TENANT, runId);
    return view.approvals.find(({ status }) => status === 'open');
  });
}

/** The ids of the activities that a history scheduled, in order: each is a call that was paid for once. */
export function scheduledActivities({ events }: History): string[] {
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityId ? [scheduled.activityId] : [],
  );
}

/** What a reader is told to come again for. */
const SOON: readonly RunsError['reason'][] = ['temporal_unavailable', 'worker_unavailable'];

/**
 * Polls until `probe` gives something, at most `timeoutMs`. A probe that is told to try again soon is tried again: on a busy
 * machine the server, or the worker, answers late now and then. Throws with what it waited for.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let unanswered: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (!(error instanceof RunsError) || !SOON.includes(error.reason)) throw error;
      unanswered = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause: unanswered });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
