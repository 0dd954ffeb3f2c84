import { ApplicationFailure, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { FailureType } from '../../contract/failures.js';
import {
  messageUpdate,
  stopSignal,
  type MessageInput,
  type RunInput,
  type StopInput,
} from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import type { MessageView } from '../../contract/views.js';
import type { TemporalClient } from './connection.js';
import { runsError } from './errors.js';
import { endStatus } from './execution-status.js';
import { decoded } from './payloads.js';
import { executeUpdate } from './update.js';

/** Asks for a run's cancellation; its calls in flight hear of it with their next heartbeat. @throws RunsError `run_closed` */
export function cancelRun(client: TemporalClient, workflowId: string, reason: string): Promise<void> {
  return ofOpenRun(client, workflowId, async () => {
    // A cancellation of a run that has ended is taken and forgotten.
    if (endStatus((await client.workflow.getHandle(workflowId).describe()).status.code)) throw closed();
    await client.workflowService.requestCancelWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId },
      identity: client.options.identity,
      reason,
    });
  });
}

/** Lets what runs finish, and nothing new begin. @throws RunsError `run_closed` */
export function stopRun(client: Client, workflowId: string, input: StopInput): Promise<void> {
  return ofOpenRun(client, workflowId, () => client.workflow.getHandle(workflowId).signal(stopSignal, input));
}

/** Ends a run hard. @throws RunsError `run_closed` */
export function terminateRun(client: Client, workflowId: string, reason: string): Promise<void> {
  return ofOpenRun(
    client,
    workflowId,
    async () => void (await client.workflow.getHandle(workflowId).terminate(reason)),
  );
}

/** Says something to a running crew. @throws RunsError; after `outcome_unknown` the same call with the same `updateId` is safe. */
export function sendMessage(
  client: Client,
  workflowId: string,
  message: MessageInput,
  updateId: string,
): Promise<MessageView> {
  return ofOpenRun(client, workflowId, async () => {
    try {
      return await executeUpdate(client, workflowId, messageUpdate, message, { updateId, what: 'message' });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
      const { type, message: why } = error.cause;
      if (type === FailureType.messageInvalid) throw new RunsError('invalid_message', why);
      if (type === 'AcceptedUpdateCompletedWorkflow') throw closed();
      throw error;
    }
  });
}

/** What a run was started with: its first event has it, also where the run continued as new since. @throws RunsError `record_lost` */
export async function readInput(client: TemporalClient, workflowId: string): Promise<RunInput> {
  const [first] = await firstEvents(client, workflowId, 1);
  const [payload] = first?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (!payload) throw new RunsError('record_lost', 'Temporal does not have the beginning of this run any more');
  const [input] = await decoded(client, workflowId, [payload]);
  return client.options.loadedDataConverter.payloadConverter.fromPayload<RunInput>(input ?? payload);
}

/** True where a worker has had the run in hand; what comes before that in a history is few events. */
export async function wasBegun(client: TemporalClient, workflowId: string): Promise<boolean> {
  const events = await firstEvents(client, workflowId, 100);
  return events.some(({ workflowTaskStartedEventAttributes }) => workflowTaskStartedEventAttributes);
}

async function firstEvents(client: TemporalClient, workflowId: string, maximumPageSize: number) {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize,
  });
  return history?.events ?? [];
}

/** Temporal answers alike for a run that has ended and one that never was: says which. */
async function ofOpenRun<T>(client: Client, workflowId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (runsError(error).reason !== 'run_not_found') throw error;
    // Throws where there is no such run.
    await client.workflow.getHandle(workflowId).describe();
    throw closed();
  }
}

function closed(): RunsError {
  return new RunsError('run_closed', 'The run has ended');
}
