import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what a killed embedded store left behind. Postgres' own lock names a process of its WebAssembly world, so it cannot
 * tell by itself that nobody holds it; that one process at a time uses the folder, its supervisor sees to.
 */
export function clearStaleLock(folder: string): void {
  rmSync(join(folder, 'postmaster.pid'), { force: true });
}
