import { ApplicationFailure, isCancellation, upsertMemo } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import {
  MAX_CLOSING_CHARS,
  type RunClosing,
  type RunFailureDetails,
  type RunInput,
  type RunOutcome,
} from '../contract/messages.js';
import type { FailureView } from '../contract/views.js';
import { CrewRun } from './crew-run.js';
import { failure } from './failure.js';
import type { RunState } from './run-state.js';

/**
 * Interprets a crew definition, durably. Ends as completed with a `RunOutcome`; as failed with `Crew.TaskFailed`; or as
 * cancelled. Either way its last view and events stay readable with no worker: in the result, the failure or the memo.
 */
export async function runCrew(input: RunInput): Promise<RunOutcome> {
  const run = new CrewRun(input);
  run.listen();
  try {
    const output = await run.toEnd();
    run.state.runCompleted(output);
    const closing = closingOf(run.state);
    return { output, ...(closing && { closing }) };
  } catch (error) {
    if (isCancellation(error)) {
      run.state.runCancelled();
      const closing = closingOf(run.state);
      if (closing) upsertMemo({ closing });
      throw error;
    }
    throw runFailure(error, run.state);
  }
}

/** Ends the run as failed. The failure carries the view of the failure, and the closing record. */
function runFailure(error: unknown, state: RunState): unknown {
  if (!(error instanceof ApplicationFailure) || error.type !== FailureType.taskFailed) return error;
  state.runFailed(error.details?.[0] as FailureView);
  const { message, cause } = error;
  const details: RunFailureDetails = [closingOf(state)];
  return failure(FailureType.taskFailed, message, { details, cause });
}

function closingOf({ view, events }: RunState): RunClosing | undefined {
  const closing = { view, events };
  return JSON.stringify(closing).length <= MAX_CLOSING_CHARS ? closing : undefined;
}
