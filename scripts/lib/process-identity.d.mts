/** One process for good: its pid and when it started. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** When a process started, as an opaque text; undefined when there is no such process. */
export function startOf(pid: number): string | undefined;

/** Whether the process that was seen with this start is still the one behind the pid. */
export function isSameProcess(identity: ProcessIdentity): boolean;
