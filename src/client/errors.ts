import type { components } from './openapi.js';

/** The body of an error: RFC 9457 problem details with a stable `code`. */
export type Problem = components['schemas']['Problem'];

/**
 * The service refused, or cannot be reached. `code` is stable and what programs go by: the service's own
 * (`run_not_found`, `approval_closed`, …), `http_<status>` of an answer that is not the service's, or `unreachable`.
 */
export class ServiceError extends Error {
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly code: string;
  /** The whole error body, where there was one: which fields are wrong, who decided before, … */
  readonly problem: Problem | undefined;

  constructor(status: number, code: string, message: string, more: { problem?: Problem; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.problem = more.problem;
  }
}

/** What an answer that is not `ok` says. */
export async function errorOf(response: Response): Promise<ServiceError> {
  const { status } = response;
  const problem = problemIn(await response.text().catch(() => ''));
  if (problem) return new ServiceError(status, problem.code, problem.detail, { problem });
  return new ServiceError(status, `http_${status}`, `The service answered ${status} ${response.statusText}`.trim());
}

/** What a call that got no answer says. */
export function unreachable(url: string, cause: unknown): ServiceError {
  const { host } = new URL(url, 'http://here');
  return new ServiceError(0, 'unreachable', `There is no answer from ${host}: ${reasonOf(cause)}`, { cause });
}

function problemIn(text: string): Problem | undefined {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    return typeof body?.code === 'string' && typeof body.detail === 'string' ? (body as Problem) : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { cause } = error;
  return cause instanceof Error ? ((cause as { code?: string }).code ?? cause.message) : error.message;
}
