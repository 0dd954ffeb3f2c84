import { setMaxListeners } from 'node:events';
import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
} from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { workflowIdOf } from '../../contract/ids.js';
import {
  decideApprovalSignal,
  RUN_CREW,
  SearchAttribute,
  type RunInput,
  type RunMemo,
} from '../../contract/messages.js';
import { fairnessOf } from '../../contract/identity.js';
import { RunsError } from '../../contract/runs-error.js';
import { keyword } from '../../contract/waiting.js';
import type { CrewRuns, PublishOf, RunRecord, StartRun, Started, Store } from '../../ports.js';
import type { runCrew } from '../../workflows/index.js';
import { SharedReads } from '../shared-reads.js';
import { bounded } from './bounded.js';
import { Closings } from './closings.js';
import type { TemporalClient } from './connection.js';
import { cancelRun, readInput, sendMessage, stopRun, terminateRun } from './control.js';
import { decideByUpdate } from './decide.js';
import { isUnreachable, runsError } from './errors.js';
import { runsHealth } from './health.js';
import { listWaiting } from './inbox.js';
import { callerWord, keywords } from './keywords.js';
import { listRuns } from './list.js';
import { readEvents, readRun } from './read.js';

/**
 * The `CrewRuns` port on a Temporal client, which carries the namespace, interceptors and data converter. `store`: where
 * long runs keep their events and closing records. `publishOf`: what runs that are started tell the platform; absent: nothing.
 */
export function createCrewRuns(
  client: TemporalClient,
  store: Store,
  taskQueue: string,
  publishOf: PublishOf = () => Promise.resolve(undefined),
): CrewRuns {
  const closings = new Closings(client, store);
  const records = new SharedReads<RunRecord>();
  const on = <T>(call: () => Promise<T>): Promise<T> => bounded(client, call);
  return {
    start: (run) => on(() => start(client, taskQueue, publishOf, run)),
    get: (tenant, runId) => {
      const workflowId = workflowIdOf(tenant, runId);
      return records.get(workflowId, () => on(() => readRun(client, closings, workflowId)));
    },
    events: (tenant, runId, after) =>
      on(() => readEvents(client, { closings, store }, workflowIdOf(tenant, runId), after)),
    waitForEnd: (tenant, runId, signal) => waitForEnd(client, workflowIdOf(tenant, runId), signal),
    list: (filter) => on(() => listRuns(client, filter)),
    inbox: (filter) => on(() => listWaiting(client, filter)),
    decide: async (tenant, runId, decision, updateId) => {
      try {
        return await decideByUpdate(client, closings, workflowIdOf(tenant, runId), decision, updateId);
      } catch (error) {
        throw runsError(error);
      }
    },
    signalDecision: (tenant, runId, decision) =>
      on(() => client.workflow.getHandle(workflowIdOf(tenant, runId)).signal(decideApprovalSignal, decision)),
    source: (tenant, runId) => on(() => readInput(client, workflowIdOf(tenant, runId))),
    cancel: (tenant, runId, reason) => on(() => cancelRun(client, workflowIdOf(tenant, runId), reason)),
    stop: (tenant, runId, input) => on(() => stopRun(client, workflowIdOf(tenant, runId), input)),
    terminate: (tenant, runId, reason) => on(() => terminateRun(client, workflowIdOf(tenant, runId), reason)),
    message: async (tenant, runId, message, updateId) => {
      try {
        return await sendMessage(client, workflowIdOf(tenant, runId), message, updateId);
      } catch (error) {
        throw runsError(error);
      }
    },
    health: () => runsHealth(client, taskQueue),
  };
}

async function start(client: Client, taskQueue: string, publishOf: PublishOf, run: StartRun): Promise<Started> {
  const { tenant, runId, crew, inputs, models, label, requestDigest, fork } = run;
  const workflowId = workflowIdOf(tenant, runId);
  const publish = await publishOf(tenant, run.webhooks === undefined ? {} : { webhooks: run.webhooks });
  const input: RunInput = {
    runId,
    crew: crew.ref,
    definition: crew.definition,
    inputs,
    models,
    ...(fork && { fork }),
    ...(publish && { publish }),
    ...coordinationOf(run),
  };
  requireFits(input);
  const memo: RunMemo = {
    crew: crew.ref,
    ...(label !== undefined && { label }),
    ...(requestDigest && { requestDigest }),
    ...(fork && { parentRunId: fork.parentRunId }),
    ...(run.thread !== undefined && { thread: run.thread }),
  };
  try {
    const handle = await client.workflow.start<typeof runCrew>(RUN_CREW, {
      workflowId,
      taskQueue,
      args: [input],
      // FAIL rather than USE_EXISTING, to tell a new run from one that was there: the caller compares the requests.
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      memo: { ...memo },
      typedSearchAttributes: searchAttributes(run),
      ...fairnessOf(tenant),
      staticSummary: label === undefined ? crew.ref.name : `${crew.ref.name} · ${label}`.slice(0, 100),
    });
    return { created: true, executionId: handle.firstExecutionRunId };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const existing = await client.workflow.getHandle(workflowId).describe();
    const digest = (existing.memo as RunMemo | undefined)?.requestDigest;
    return { created: false, executionId: existing.runId, ...(digest !== undefined && { requestDigest: digest }) };
  }
}

/** Most that a run is started with: Temporal takes 2 MB, encrypted and with what it adds itself. */
const MAX_START_BYTES = 1_900_000;

/** Said here, as Temporal's refusal says no more than that the request is not valid. */
function requireFits(input: RunInput): void {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes <= MAX_START_BYTES) return;
  const message = `The definition, the inputs and what is taken over from another run have ${bytes} bytes together; at most ${MAX_START_BYTES} fit a run`;
  throw new RunsError('run_too_large', message);
}

/** What makes a run wait, and whom it tells of its end. */
function coordinationOf({
  startAfter,
  turn,
  coordinator,
}: StartRun): Pick<RunInput, 'startAfter' | 'turn' | 'coordinator'> {
  return {
    ...(startAfter !== undefined && { startAfter }),
    ...(turn && { turn }),
    ...(coordinator && { coordinator }),
  };
}

function searchAttributes({
  tenant,
  caller,
  crew,
  label,
  fork,
  thread,
  startAfter,
  turn,
}: StartRun): TypedSearchAttributes {
  return keywords({
    [SearchAttribute.crew]: crew.ref.name,
    [SearchAttribute.tenant]: tenant,
    [SearchAttribute.caller]: caller === undefined ? undefined : callerWord(caller),
    [SearchAttribute.status]: startAfter !== undefined || turn ? 'queued' : 'running',
    [SearchAttribute.label]: label === undefined ? undefined : keyword(label),
    [SearchAttribute.parent]: fork?.parentRunId,
    [SearchAttribute.thread]: thread,
  });
}

/** How long to leave Temporal alone when it went away in the middle of a wait. */
const RECONNECT_MS = 500;

async function waitForEnd(client: Client, workflowId: string, signal: AbortSignal): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  // The client leaves a listener at each poll, of which a wait of minutes has many.
  setMaxListeners(0, signal);
  while (!signal.aborted) {
    try {
      await client.withAbortSignal(signal, () => handle.result());
      return true;
    } catch (error) {
      if (error instanceof WorkflowFailedError) return true;
      if (signal.aborted) return false;
      // A server that restarts is waited for as the caller waits; anything else is the caller's to know.
      if (!isUnreachable(error) && !isGrpcServiceError(error)) throw runsError(error);
      const failed = runsError(error);
      if (failed.reason !== 'temporal_unavailable') throw failed;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }
  return false;
}
