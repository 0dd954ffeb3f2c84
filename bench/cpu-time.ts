import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux counts in these whatever its timer is set to. */
const TICKS_A_SECOND = 100;

/** CPU seconds that a process has used so far, its threads included; NaN where the system does not tell by `/proc`. */
export function cpuSecondsOf(pid: number): number {
  try {
    // The name, in brackets, may have blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return NaN;
  }
}

/** CPU seconds that the whole machine has used so far, and those that it had. */
export function machineSeconds(): { used: number; had: number } {
  const times = cpus().map(({ times: each }) => each);
  const sum = (of: (one: (typeof times)[number]) => number) => times.reduce((all, one) => all + of(one), 0) / 1000;
  const used = sum(({ user, nice, sys, irq }) => user + nice + sys + irq);
  return { used, had: used + sum(({ idle }) => idle) };
}
