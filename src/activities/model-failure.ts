import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { isModelCallError, type ModelCallError } from '../contract/model-error.js';
import type { EarlierAttempts } from '../contract/wire.js';

/** Longest wait that a provider's Retry-After may ask for; a longer one is cut to this and tried again then. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

/**
 * How often a call may run out of time. A model that never comes to an end is paid for each time, for as long as an attempt
 * may take; one that is only slow today is not quicker at the fourth try.
 */
const MAX_TIMED_OUT = 3;

/**
 * The one classifier of provider errors: an `ApplicationFailure` with a dotted type, non-retryable where another try
 * cannot help, and the next try when the provider said. `attempts`: this one and those before, as its detail. Our own bugs (anything but a `ModelCallError`) pass unchanged.
 */
export function modelFailure(error: unknown, attempts: EarlierAttempts, timedOutBefore = 0): unknown {
  if (!isModelCallError(error)) return error;
  const { type, retryable: mayHelp } = RULES[error.reason];
  const retryable = mayHelp && !(error.reason === 'timed_out' && timedOutBefore + 1 >= MAX_TIMED_OUT);
  return ApplicationFailure.create({
    type,
    message: describe(error),
    nonRetryable: !retryable,
    details: [attempts],
    ...(retryable &&
      error.retryAfterMs !== undefined && { nextRetryDelay: Math.min(error.retryAfterMs, MAX_RETRY_AFTER_MS) }),
  });
}

const RULES: Record<ModelCallError['reason'], { type: FailureType; retryable: boolean }> = {
  rate_limited: { type: FailureType.modelRateLimited, retryable: true },
  unavailable: { type: FailureType.modelUnavailable, retryable: true },
  unreachable: { type: FailureType.modelUnreachable, retryable: true },
  timed_out: { type: FailureType.modelTimedOut, retryable: true },
  stream_cut: { type: FailureType.modelStreamCut, retryable: true },
  bad_response: { type: FailureType.modelBadResponse, retryable: true },
  // It would be as large again, and is paid for each time.
  answer_too_large: { type: FailureType.modelAnswerTooLarge, retryable: false },
  quota_exhausted: { type: FailureType.modelQuotaExhausted, retryable: false },
  unauthorized: { type: FailureType.modelUnauthorized, retryable: false },
  not_found: { type: FailureType.modelNotFound, retryable: false },
  context_exceeded: { type: FailureType.modelContextExceeded, retryable: false },
  bad_request: { type: FailureType.modelBadRequest, retryable: false },
};

function describe({ reason, status, message }: ModelCallError): string {
  const http = status === undefined ? '' : ` (HTTP ${status})`;
  const said = message === '' ? '' : `: ${message}`;
  return `${WORDS[reason]}${http}${said}`;
}

const WORDS: Record<ModelCallError['reason'], string> = {
  rate_limited: 'The model provider asked to slow down',
  unavailable: 'The model provider is not available',
  unreachable: 'The model provider could not be reached',
  timed_out: 'The model did not answer in time',
  stream_cut: "The model's answer was cut off",
  answer_too_large: 'The answer of the model is too large',
  bad_response: 'The model provider sent something that is no answer',
  quota_exhausted: "The quota at the model provider is used up; see the account's billing",
  unauthorized: 'The model provider refused the key',
  not_found: 'The model provider has no such model',
  context_exceeded: "The prompt is longer than the model's context window",
  bad_request: 'The model provider refused the request',
};
