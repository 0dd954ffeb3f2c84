import { readFileSync } from 'node:fs';

/** Megabytes of memory that a process has had at most since it was started. Linux only. */
export function peakMegabytes(pid: number): number {
  return ofStatus(pid, 'VmHWM');
}

/** Megabytes of memory that a process has now. */
export function megabytes(pid: number): number {
  return ofStatus(pid, 'VmRSS');
}

function ofStatus(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1_000;
}
