import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, as an opaque text; undefined when there is no such process. Together with the pid it names one process
 * for good: a pid alone is given away again after a crash or a reboot.
 */
export function startOf(pid) {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    if (process.platform === 'win32') return 'unknown';
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).trim() || undefined
    );
  } catch {
    return isAlive(pid) ? 'unknown' : undefined;
  }
}

/** Whether the process that was seen with this start is still the one behind the pid. */
export function isSameProcess({ pid, started }) {
  const current = startOf(pid);
  return current !== undefined && (current === started || current === 'unknown' || started === 'unknown');
}

/** The 22nd field of /proc/PID/stat, counted behind the command name, which may hold spaces. A zombie counts as gone. */
function linuxStart(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function isAlive(pid) {
  // 0 and negative numbers address whole process groups.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return error.code === 'EPERM';
  }
}
