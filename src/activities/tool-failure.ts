import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { isToolCallError } from '../contract/tool-error.js';

/**
 * The failure of a tool that could not be used now: retried by the tool's own policy. What a tool says of its arguments or of
 * its work is no failure but a result. Our own bugs (anything but a `ToolCallError`) pass unchanged.
 */
export function toolFailure(error: unknown): unknown {
  if (!isToolCallError(error)) return error;
  const type = error.reason === 'timed_out' ? FailureType.toolTimedOut : FailureType.toolUnavailable;
  return ApplicationFailure.create({ type, message: error.message });
}
