import {
  CancellationScope,
  condition,
  ContinueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
} from '@temporalio/workflow';
import { goSignal, runEndedSignal, type Coordinator } from '../contract/coordination.js';
import type { RunInput, RunOutcome } from '../contract/messages.js';
import type { RunStatus } from '../contract/views.js';
import type { CrewRun } from './crew-run.js';

/** Waits until the run may begin: for its time, then for its turn; or until it is told to stop. @throws CancelledFailure */
export async function whenDue({ startAfter, turn }: RunInput, run: CrewRun): Promise<void> {
  let go = turn !== true;
  if (turn) setHandler(goSignal, () => void (go = true), { description: 'It is the turn of this run' });
  run.show();
  const waitMs = startAfter === undefined ? 0 : Date.parse(startAfter) - Date.now();
  if (waitMs > 0) await condition(() => run.stopped !== undefined, waitMs);
  await condition(() => go || run.stopped !== undefined);
  if (run.stopped) return;
  run.state.runBegan();
  run.show();
}

/** The outcome of a run; however it ends, its coordinator is told, unless it goes on as new. */
export async function tellingOf(
  { runId }: RunInput,
  coordinator: Coordinator,
  outcome: Promise<RunOutcome>,
): Promise<RunOutcome> {
  try {
    const ended = await outcome;
    await tell(coordinator, runId, ended.status ?? 'completed');
    return ended;
  } catch (error) {
    if (!(error instanceof ContinueAsNew))
      await tell(coordinator, runId, isCancellation(error) ? 'cancelled' : 'failed');
    throw error;
  }
}

async function tell({ workflowId }: Coordinator, runId: string, status: RunStatus): Promise<void> {
  try {
    // A run that was cancelled tells so all the same.
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(workflowId).signal(runEndedSignal, { runId, status }),
    );
  } catch (error) {
    // A coordinator that is gone needs to know nothing; one that is there looks for itself.
    log.info('the coordinator of the run was not told', { workflowId, reason: String(error) });
  }
}
