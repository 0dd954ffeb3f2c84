import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  admitUpdate,
  RUN_THREAD,
  threadWorkflowId,
  type Admission,
  type AdmitInput,
  type ThreadInput,
} from '../../contract/coordination.js';
import { fairnessOf } from '../../contract/identity.js';
import { SearchAttribute } from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import type { CrewThreads } from '../../ports.js';
import type { runThread } from '../../workflows/index.js';
import { isUnreachable, runsError } from './errors.js';
import { runStatesOf } from './run-states.js';
import { keywords } from './keywords.js';

/** How long an admission may take. */
const ADMIT_TIMEOUT_MS = 5_000;

/** How often it is asked again where the thread was just closing. */
const ATTEMPTS = 5;

/** How threads are paced; other values are for tests. */
const PACE: ThreadInput = { checkEveryMs: 60_000, admissionMs: 20_000 };

/** The `CrewThreads` port: a workflow for each thread that has runs, reached by Update-with-Start. */
export function createCrewThreads(client: Client, taskQueue: string, pace: ThreadInput = PACE): CrewThreads {
  const readStates = runStatesOf(client);
  return {
    coordinator: (tenant, thread) => ({ workflowId: threadWorkflowId(tenant, thread) }),
    admit: async (tenant, thread, run) => {
      const { [run.runId]: state } = await readStates(tenant, [run.runId]);
      if (state !== 'missing') return { answer: 'known' };
      for (let attempt = 1; ; attempt++) {
        try {
          return await admit(client, taskQueue, pace, tenant, thread, run);
        } catch (error) {
          if (attempt < ATTEMPTS && wasClosing(error)) continue;
          throw admissionError(error);
        }
      }
    },
  };
}

function admit(
  client: Client,
  taskQueue: string,
  pace: ThreadInput,
  tenant: string,
  thread: string,
  run: AdmitInput,
): Promise<Admission> {
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof runThread>(RUN_THREAD, {
    workflowId: threadWorkflowId(tenant, thread),
    taskQueue,
    args: [pace],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: keywords({ [SearchAttribute.tenant]: tenant, [SearchAttribute.thread]: thread }),
    ...fairnessOf(tenant),
    staticSummary: thread,
  });
  return client.withDeadline(Date.now() + ADMIT_TIMEOUT_MS, () =>
    client.workflow.executeUpdateWithStart(admitUpdate, { args: [run], startWorkflowOperation }),
  );
}

/** gRPC's code for what has ended meanwhile, and for what was aborted by it. */
const WHILE_CLOSING: number[] = [5, 10];

function wasClosing(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError) return true;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return WHILE_CLOSING.includes(at.code);
  }
  return false;
}

function admissionError(error: unknown): RunsError {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isUnreachable(error)) {
    // Nothing is lost: what was admitted and does not start is given up, and the same run is answered the same.
    const message = 'No answer in time of the thread; try again, with the same Idempotency-Key';
    return new RunsError('worker_unavailable', message, { cause: error });
  }
  return runsError(error);
}
