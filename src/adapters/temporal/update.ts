import { WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { RunsError } from '../../contract/runs-error.js';
import { isUnreachable } from './errors.js';

/** How long an Update may take, so that the caller is answered within 5 s. With no worker it would wait for ever. */
const UPDATE_TIMEOUT_MS = 4_500;

/**
 * Sends an Update and gives its answer. The same `updateId` gives the first answer again. `what`: what is sent, in a word.
 * @throws RunsError `outcome_unknown`, after which the same call with the same `updateId` is safe; what Temporal refuses as it is
 */
export async function executeUpdate<Answer, Input>(
  client: Client,
  workflowId: string,
  update: UpdateDefinition<Answer, [Input]>,
  input: Input,
  { updateId, what }: { updateId: string; what: string },
): Promise<Answer> {
  try {
    return await client.withDeadline(Date.now() + UPDATE_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId).executeUpdate(update, { args: [input], updateId }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) && !isUnreachable(error)) throw error;
    const message = `No answer in time: the ${what} may or may not be taken. Send it again with the same Idempotency-Key`;
    throw new RunsError('outcome_unknown', message, { cause: error });
  }
}
