/** Why node_modules is not what package-lock.json says, in words for people; undefined when it is. */
export function whyNotInstalled(dir: string): string | undefined;

/** Forgets that the install was complete. */
export function clearStamp(dir: string): void;

/** Records that node_modules was completely installed from package-lock.json. */
export function writeStamp(dir: string): void;
