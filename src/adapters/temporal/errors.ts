import { isGrpcServiceError, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { encryptionErrorIn } from '../../contract/encryption-error.js';
import { RunsError } from '../../contract/runs-error.js';
import { isStoreError } from '../../contract/store-error.js';

/** gRPC status codes that matter here. Source: https://grpc.io/docs/guides/status-codes/ */
const GRPC = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
};

/** The gRPC status code behind an error, through the SDK's wrappers. */
function grpcCode(error: unknown): number | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isGrpcServiceError(at)) return at.code;
  }
  return undefined;
}

/** True where Temporal itself cannot be reached, as opposed to refusing what it was asked. */
export function isUnreachable(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC.unavailable || code === GRPC.deadlineExceeded || code === GRPC.cancelled;
}

/** True where a deadline of ours passed with the server reachable: for a query, no worker answered. */
export function isDeadline(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC.deadlineExceeded || code === GRPC.cancelled;
}

/**
 * True where the server has nobody to ask at the moment: no worker polled lately, its last try failed, or none has ever begun
 * with the run.
 */
export function isRefused(error: unknown): boolean {
  return grpcCode(error) === GRPC.failedPrecondition;
}

/** Puts whatever the Temporal client threw into the port's words. Returns, for the caller to throw. */
export function runsError(error: unknown): RunsError {
  if (error instanceof RunsError) return error;
  const sealed = encryptionErrorIn(error);
  if (sealed) {
    const reason = sealed.problem === 'key_missing' ? 'encryption_key_missing' : 'encryption_broken';
    return new RunsError(reason, sealed.message, { cause: error });
  }
  if (isStoreError(error)) return new RunsError('store_unavailable', error.message, { cause: error });
  if (error instanceof WorkflowNotFoundError) return new RunsError('run_not_found', 'There is no run with this id');
  if (error instanceof NamespaceNotFoundError) {
    const message = 'Temporal has no such namespace; create it, or set TEMPORAL_NAMESPACE to one that exists';
    return new RunsError('temporal_setup', message, { cause: error });
  }
  switch (grpcCode(error)) {
    case GRPC.notFound:
      return new RunsError('run_not_found', 'There is no run with this id', { cause: error });
    case GRPC.failedPrecondition: {
      const message = 'No worker can answer for this run at the moment; try again soon';
      return new RunsError('worker_unavailable', message, { cause: error });
    }
    case GRPC.invalidArgument: {
      const message = 'Temporal refused the request; are the search attributes registered? See temporal/README.md';
      return new RunsError('temporal_setup', message, { cause: error });
    }
    case GRPC.permissionDenied:
    case GRPC.unauthenticated: {
      const message = 'Temporal refused our credentials; see TEMPORAL_API_KEY and TEMPORAL_TLS_* in .env.example';
      return new RunsError('temporal_setup', message, { cause: error });
    }
    default:
      return new RunsError('temporal_unavailable', 'Temporal cannot be reached; try again soon', { cause: error });
  }
}
