import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import type { FailureView } from '../contract/views.js';

/** What a failure says to people: its stable code and a message that names nothing internal. */
export function failureView(error: unknown, taskId?: string): FailureView & { code: FailureType } {
  return { ...describe(error), ...(taskId !== undefined && { taskId }) };
}

/** The type of a failure of ours, through Temporal's wrapper. */
export function codeOf(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
}

function describe(error: unknown): { code: FailureType; message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    // A heartbeat that stopped means that the worker went away; any other time-out, that the work took too long.
    const lost = cause.timeoutType === 'HEARTBEAT';
    return lost
      ? { code: FailureType.workerLost, message: 'The worker went away at every attempt' }
      : { code: FailureType.taskTimedOut, message: 'The agent did not finish within its time' };
  }
  if (cause instanceof ApplicationFailure && isKnown(cause.type)) return { code: cause.type, message: cause.message };
  return { code: FailureType.internal, message: 'The task failed on an internal error' };
}

const KNOWN_TYPES = new Set<string>(Object.values(FailureType));

function isKnown(type: string | undefined | null): type is FailureType {
  return typeof type === 'string' && KNOWN_TYPES.has(type);
}
