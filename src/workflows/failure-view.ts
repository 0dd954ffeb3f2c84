import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import type { FailureView } from '../contract/views.js';

/** What a failure of a task says to people: its stable code and a message that names nothing internal. */
export function failureView(error: unknown, taskId: string): FailureView {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    // A heartbeat that stopped means that the worker went away; any other time-out, that the work took too long.
    const lost = cause.timeoutType === 'HEARTBEAT';
    return lost
      ? { code: FailureType.workerLost, message: 'The worker went away at every attempt', taskId }
      : { code: FailureType.taskTimedOut, message: 'The agent did not finish within its time', taskId };
  }
  if (cause instanceof ApplicationFailure && cause.type && KNOWN_TYPES.has(cause.type)) {
    return { code: cause.type, message: cause.message, taskId };
  }
  return { code: FailureType.internal, message: 'The task failed on an internal error', taskId };
}

const KNOWN_TYPES = new Set<string>(Object.values(FailureType));
