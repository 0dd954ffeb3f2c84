import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  upsertMemo,
} from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { isQueued } from '../contract/first-view.js';
import type { ClosingRecord, RunFailureDetails, RunInput, RunOutcome } from '../contract/messages.js';
import type { FailureView, RunResult } from '../contract/views.js';
import type { BlobRef } from '../contract/wire.js';
import { closingRecord, isRef, makeCarry, readCarry, type RunCarry } from './carry.js';
import { CrewRun } from './crew-run.js';
import { failure } from './failure.js';
import { lengthOf } from './messages.js';
import { tellingOf, whenDue } from './queued.js';

/**
 * Interprets a crew definition, durably. Ends as completed with a `RunOutcome`; as failed with `Crew.TaskFailed`; or as
 * cancelled. Either way its last view and events stay readable with no worker: in the result, the failure or the memo.
 * When Temporal suggests it, the run lets what is in flight finish, starts nothing new, and continues as new.
 */
export function runCrew(input: RunInput): Promise<RunOutcome> {
  return input.coordinator ? tellingOf(input, input.coordinator, interpret(input)) : interpret(input);
}

async function interpret(input: RunInput): Promise<RunOutcome> {
  const carried = input.carry as RunCarry | BlobRef | undefined;
  const run = new CrewRun(input, carried && isRef(carried) ? await readCarry(carried) : carried);
  run.listen();
  run.publisher?.start();
  try {
    if (!carried && isQueued(input)) await whenDue(input, run);
    const ended = run.toEnd().then((result) => ({ result }));
    // Not cancelled with the run: how the tasks end is what counts then.
    const drained = CancellationScope.nonCancellable(() => run.drained()).then(() => undefined);
    const end = await Promise.race([ended, drained]);
    if (end) return await outcomeOf(run, end.result);
    // Nothing is in flight: what goes on here waits for good, and begins again in the run that follows.
    return await goOn(input, run);
  } catch (error) {
    if (isCancellation(error)) {
      run.state.runCancelled();
      const closing = await CancellationScope.nonCancellable(() => closed(run));
      upsertMemo({ closing });
      throw error;
    }
    throw await runFailure(error, run);
  }
}

async function goOn(input: RunInput, run: CrewRun): Promise<never> {
  await condition(allHandlersFinished);
  const carry = await makeCarry(run);
  await condition(allHandlersFinished);
  return makeContinueAsNewFunc<typeof runCrew>()({ ...input, carry });
}

async function outcomeOf(run: CrewRun, result: RunResult | undefined): Promise<RunOutcome> {
  // Whoever decided last is answered before the run is closed.
  await condition(allHandlersFinished);
  const { output = '', outputRef } = result ?? {};
  if (run.stopped) {
    run.state.runStopped(result, run.stopped);
    run.show();
  } else run.state.runCompleted(result ?? { output }, lengthOf(outputRef ?? output));
  return {
    output,
    ...(outputRef && { outputRef }),
    ...(run.stopped && { status: 'stopped' as const }),
    closing: await closed(run),
  };
}

/** Ends the run as failed. The failure carries the view of the failure, and the closing record. */
async function runFailure(error: unknown, run: CrewRun): Promise<unknown> {
  if (!(error instanceof ApplicationFailure) || error.type !== FailureType.taskFailed) return error;
  run.state.runFailed(error.details?.[0] as FailureView);
  const { message, cause } = error;
  const details: RunFailureDetails = [await closed(run)];
  return failure(FailureType.taskFailed, message, { details, cause });
}

/** The closing record, when the last event is in the outbox: what ends a run has been told before it has ended. */
async function closed({ publisher, state }: CrewRun): Promise<ClosingRecord> {
  while (publisher?.behind) await CancellationScope.nonCancellable(() => publisher.caughtUp());
  return closingRecord(state);
}
