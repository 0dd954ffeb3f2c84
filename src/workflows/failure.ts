import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../contract/failures.js';

/**
 * A final failure of one of our types. Never a plain `Error` in workflow code: that would retry the workflow task for
 * ever.
 */
export function failure(
  type: FailureType,
  message: string,
  { details, cause }: { details?: unknown[]; cause?: Error | undefined } = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    ...(details && { details }),
    ...(cause && { cause }),
  });
}
