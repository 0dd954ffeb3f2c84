import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { RunsError, type RunsErrorReason } from '../contract/runs-error.js';
import { EncryptionError } from '../contract/encryption-error.js';
import { isStoreError, type StoreError } from '../contract/store-error.js';
import type { ApprovalView, FailureView } from '../contract/views.js';
import { formatPath, type Issue } from '../crew/issues.js';
import type { Logger } from '../ports.js';
import type { AppEnv } from './env.js';

/** Stable codes of error bodies, with their status and title. */
const CODES = {
  invalid_json: [400, 'The body is not JSON'],
  bad_request: [400, 'The request cannot be read'],
  invalid_cursor: [400, 'The cursor is not valid'],
  unauthenticated: [401, 'Callers are authenticated here'],
  forbidden_scope: [403, 'You may not do this'],
  forbidden_host: [403, 'Requests under this host name are not served'],
  forbidden_origin: [403, 'Requests from this web page are not served'],
  not_found: [404, 'There is nothing here'],
  key_not_found: [404, 'There is no such API key'],
  crew_not_found: [404, 'There is no such crew'],
  run_not_found: [404, 'There is no such run'],
  batch_not_found: [404, 'There is no such batch'],
  schedule_not_found: [404, 'There is no such schedule'],
  webhook_not_found: [404, 'There is no such webhook'],
  delivery_not_found: [404, 'There is no such delivery'],
  output_not_found: [404, 'There is no such output'],
  approval_not_found: [404, 'There is no such approval'],
  record_lost: [410, 'What the run kept is not in the store any more'],
  method_not_allowed: [405, 'This method does not work here'],
  keys_not_configured: [409, 'There are no API keys here'],
  links_not_configured: [409, 'One-time links are not set up here'],
  crew_not_runnable: [409, 'The crew names what is not configured here'],
  crew_name_taken: [409, 'The name belongs to a crew of the operator'],
  approval_closed: [409, 'The approval is not open'],
  run_closed: [409, 'The run has ended'],
  thread_busy: [409, 'Another run of the thread is at work'],
  schedule_exists: [409, 'There is a schedule of this id'],
  too_many_webhooks: [409, 'There are too many webhooks'],
  run_ended_early: [409, 'The run ended before its result'],
  body_too_complex: [400, 'The body is nested too deep or has too many values'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be JSON'],
  invalid_request: [422, 'The request is not valid'],
  invalid_definition: [422, 'The definition is not valid'],
  invalid_inputs: [422, "The crew's inputs are not valid"],
  invalid_decision: [422, 'The decision does not fit the approval'],
  invalid_message: [422, 'The message is not fit for the run'],
  invalid_fork: [422, 'The run cannot be forked so'],
  idempotency_key_reused: [422, 'The Idempotency-Key was used for another request'],
  schedule_refused: [422, 'The times of the schedule are not valid'],
  run_refused: [422, 'The run failed on what it was given'],
  run_too_large: [422, 'The run is given too much'],
  rate_limited: [429, 'Too many requests'],
  too_many_runs: [429, 'Too many open runs'],
  internal: [500, 'Something went wrong here'],
  store_refused: [500, 'The store refused'],
  encryption_broken: [500, 'What lies encrypted does not open'],
  run_failed: [502, 'The run failed'],
  identity_unavailable: [503, 'The identity provider does not answer'],
  temporal_unavailable: [503, 'Temporal cannot be reached'],
  temporal_setup: [503, 'Temporal is not set up for this service'],
  worker_unavailable: [503, 'No worker answers'],
  store_unavailable: [503, 'The store cannot be reached'],
  encryption_key_missing: [503, 'The key of this data is not configured'],
  outcome_unknown: [503, 'The outcome is not known'],
} as const;
export type ProblemCode = keyof typeof CODES;

/** One thing that is wrong. `line` and `column` (from 1) where it was read from a text. */
export interface ErrorLine {
  path: string;
  message: string;
  line?: number;
  column?: number;
}

/** What an error body may carry beside the standard members. */
export interface ProblemExtras {
  /** What exactly is wrong with the request, one an offending field. */
  errors?: ErrorLine[];
  /** Why the run failed. */
  failure?: FailureView;
  runId?: string;
  /** The run that a thread is busy with. */
  busyWith?: string;
  /** The approval as it stands: who decided, and when. */
  approval?: ApprovalView;
}

/** An error with a body for the caller: RFC 9457 problem details with a stable `code`. Thrown by handlers. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;
  readonly headers: Record<string, string>;

  get status(): number {
    return CODES[this.code][0];
  }

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}, headers: Record<string, string> = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.extras = extras;
    this.headers = headers;
  }
}

/** The issues of a body, query or set of inputs, as the error body lists them; `under` is put before each path. */
export function listIssues(issues: readonly Issue[], under?: string): ErrorLine[] {
  return issues.slice(0, 50).map(({ path, message }) => ({
    path: formatPath(under === undefined ? path : [under, ...path]),
    message,
  }));
}

/** Answers any error as problem details. What is not ours to show is logged and said in general words. */
export function errorResponse(error: Error, context: Context<AppEnv>, logger: Logger): Response {
  const problem = problemOf(error);
  const requestId = context.get('requestId');
  if (CODES[problem.code][0] === 500) logger.error({ requestId, err: error }, 'request failed');
  const [status, title] = CODES[problem.code];
  const body = {
    type: `urn:agent-orchestration-service:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...problem.extras,
  };
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...problem.headers });
}

const RUNS_CODES: Record<RunsErrorReason, ProblemCode> = {
  run_not_found: 'run_not_found',
  bad_cursor: 'invalid_cursor',
  approval_not_found: 'approval_not_found',
  approval_closed: 'approval_closed',
  invalid_decision: 'invalid_decision',
  invalid_message: 'invalid_message',
  run_too_large: 'run_too_large',
  outcome_unknown: 'outcome_unknown',
  run_closed: 'run_closed',
  batch_not_found: 'batch_not_found',
  schedule_not_found: 'schedule_not_found',
  schedule_refused: 'schedule_refused',
  record_lost: 'record_lost',
  encryption_key_missing: 'encryption_key_missing',
  encryption_broken: 'encryption_broken',
  store_unavailable: 'store_unavailable',
  temporal_unavailable: 'temporal_unavailable',
  worker_unavailable: 'worker_unavailable',
  temporal_setup: 'temporal_setup',
};

/** Any error as a problem for the caller. */
export function problemOf(error: Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RunsError) {
    const retry: Record<string, string> = CODES[RUNS_CODES[error.reason]][0] === 503 ? { 'retry-after': '2' } : {};
    const extras = error.approval ? { approval: error.approval } : {};
    return new Problem(RUNS_CODES[error.reason], error.message, extras, retry);
  }
  if (isStoreError(error)) return ofStore(error);
  if (error instanceof HTTPException && error.status < 500) {
    return error.message.includes('JSON')
      ? new Problem('invalid_json', 'The body could not be parsed as JSON')
      : new Problem('bad_request', 'The request could not be read');
  }
  return new Problem('internal', 'The request could not be served; the log has more under this requestId');
}

function ofStore(error: StoreError): Problem {
  const retry: Record<string, string> = error.reason === 'unavailable' ? { 'retry-after': '2' } : {};
  return new Problem(codeOfStore(error), error.message, {}, retry);
}

/** The code of what the store could not do. */
export function codeOfStore(error: StoreError): ProblemCode {
  if (error.reason === 'unavailable') return 'store_unavailable';
  if (!(error instanceof EncryptionError)) return 'store_refused';
  return error.problem === 'key_missing' ? 'encryption_key_missing' : 'encryption_broken';
}
