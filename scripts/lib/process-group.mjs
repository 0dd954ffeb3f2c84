import { execFileSync } from 'node:child_process';

/** Options for `spawn` that give the child a process group of its own, which `signalGroup` can reach as a whole. */
export const OWN_GROUP = { detached: process.platform !== 'win32', windowsHide: true };

/** Sends a signal to a process group that was started with `OWN_GROUP`; false when nothing is left of it. On Windows every signal is a kill. */
export function signalGroup(leaderPid, signal) {
  try {
    if (process.platform === 'win32') {
      execFileSync('taskkill', ['/pid', String(leaderPid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    } else {
      process.kill(-leaderPid, signal);
    }
    return true;
  } catch {
    return false;
  }
}
