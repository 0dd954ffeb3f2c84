/** Options for `spawn` that give the child a process group of its own. */
export const OWN_GROUP: { detached: boolean; windowsHide: boolean };

/** Sends a signal to a process group that was started with `OWN_GROUP`; false when nothing is left of it. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): boolean;
