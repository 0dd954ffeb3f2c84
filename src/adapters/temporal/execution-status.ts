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

/** All statuses that a run ends with. */
export const END_STATUSES: readonly RunStatus[] = [...ENDS.map(({ status }) => status), 'stopped'];

/** The same by Temporal's word; undefined for one that is open or continued as new. One that was stopped is `completed`. */
export function endStatusInWords(word: string): RunStatus | undefined {
  return ENDS.find((end) => end.inQueries === word)?.status;
}

/**
 * What a visibility query for runs of this status asks: `execution` is Temporal's word, `own` what the attribute that the run
 * sets itself must be, or must not be. An open run is `Running`, whatever it does; one that was stopped `Completed`.
 */
export function statusInQueries(status: RunStatus): { execution: string; own?: RunStatus; ownNot?: RunStatus } {
  if (status === 'stopped') return { execution: 'Completed', own: 'stopped' };
  if (status === 'completed') return { execution: 'Completed', ownNot: 'stopped' };
  const end = ENDS.find((one) => one.status === status);
  return end ? { execution: end.inQueries } : { execution: 'Running', own: status };
}
