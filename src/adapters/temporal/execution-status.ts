import type { RunStatus } from '../../contract/views.js';

/** How Temporal names the end of an execution: its number, and its word in visibility queries. */
interface EndStatus {
  code: number;
  inQueries: string;
  status: RunStatus;
}

/** Source: temporal.api.enums.v1.WorkflowExecutionStatus */
const ENDS: EndStatus[] = [
  { code: 2, inQueries: 'Completed', status: 'completed' },
  { code: 3, inQueries: 'Failed', status: 'failed' },
  { code: 4, inQueries: 'Canceled', status: 'cancelled' },
  { code: 5, inQueries: 'Terminated', status: 'terminated' },
  { code: 7, inQueries: 'TimedOut', status: 'timed_out' },
];

/** How an execution ended, as a run status; undefined while it is open. */
export function endStatus(code: number | null | undefined): RunStatus | undefined {
  return ENDS.find((end) => end.code === code)?.status;
}

/** What `ExecutionStatus` is in a visibility query for runs of this status: an open run is `Running`, whatever it does. */
export function statusInQueries(status: RunStatus): { inQueries: string; open: boolean } {
  const end = ENDS.find((one) => one.status === status);
  return end ? { inQueries: end.inQueries, open: false } : { inQueries: 'Running', open: true };
}
