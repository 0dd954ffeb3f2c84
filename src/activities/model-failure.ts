import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { isModelCallError, type ModelCallError } from '../contract/model-error.js';
import type { EarlierAttempts } from '../contract/wire.js';
import type { FailedAttempt } from './heartbeat.js';

/** Longest wait that a provider's Retry-After may ask for; a longer one is cut to this and tried again then. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

/**
 * How often a call may fail so, as each time may have to be paid for: a model that never comes to an end, for as long as an
 * attempt may take; an answer that breaks off, up to where it did. What three tries did not bring, a fourth does not.
 */
const MOST_ALIKE = { timedOut: 3, cut: 3, otherwise: Infinity };

/** What can be done where the tries are used up. */
const ADVICE = {
  timedOut: 'raise its timeout_seconds, ask it for shorter answers (max_tokens), or name another model after it in llm',
  cut: 'see whether its provider, or a proxy before it, ends long answers; ask it for shorter ones (max_tokens), or name another model after it in llm',
  otherwise: 'name another model after it in llm',
};

/** An attempt that failed, among those of its call. */
interface Attempts {
  /** This one and those before. */
  attempts: EarlierAttempts;
  how: FailedAttempt['how'];
  /** Those among them that failed in the same way as this one. */
  alike: number;
  /** The model's name, where it has one. */
  model?: string | undefined;
}

/**
 * The one classifier of provider errors: an `ApplicationFailure` with a dotted type, non-retryable where another try
 * cannot help, and the next try when the provider said. The attempts are its detail. Our own bugs (anything but a `ModelCallError`) pass unchanged.
 */
export function modelFailure(error: unknown, failed: Attempts): unknown {
  if (!isModelCallError(error)) return error;
  const { type, retryable: mayHelp } = RULES[error.reason];
  const usedUp = mayHelp && failed.alike >= MOST_ALIKE[failed.how];
  const retryable = mayHelp && !usedUp;
  return ApplicationFailure.create({
    type,
    message: usedUp ? describeLast(error, failed) : describe(error),
    nonRetryable: !retryable,
    details: [failed.attempts],
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

/** Said where no further try follows, though one might help another time. */
function describeLast(error: ModelCallError, { how, alike, model }: Attempts): string {
  const which = model === undefined ? 'the default model' : `the model '${model}'`;
  return `${describe(error)}. So it was at ${alike} tries of ${which}, each of which may have to be paid for: ${ADVICE[how]}`;
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
