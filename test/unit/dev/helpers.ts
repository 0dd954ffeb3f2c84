import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from '../../../scripts/lib/process-identity.mjs';

/** A folder that is removed after each test of the suite that calls this. */
export function useTempDir(): { path: string } {
  const dir = { path: '' };
  beforeEach(() => {
    dir.path = mkdtempSync(join(tmpdir(), 'dev-test-'));
  });
  afterEach(() => rmSync(dir.path, { recursive: true, force: true }));
  return dir;
}

/** Asks again until the answer is there. */
export async function until<T>(what: string, probe: () => T | undefined | false, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await sleep(20);
  }
}

export function isRunning(pid: number): boolean {
  return startOf(pid) !== undefined;
}

/** Writes a script and returns its path. */
export function script(dir: string, name: string, source: string): string {
  const path = join(dir, name);
  writeFileSync(path, source);
  return path;
}

/** A child that follows the stack's protocol: ready at once, notes its end in a file, ends with its parent. */
export function politeChild(dir: string, name: string): string {
  const journal = JSON.stringify(join(dir, 'journal'));
  return script(
    dir,
    `${name}.mjs`,
    `import { appendFileSync } from 'node:fs';
     const end = () => { appendFileSync(${journal}, '${name}\\n'); process.exit(0); };
     process.on('SIGTERM', end);
     process.on('disconnect', () => process.exit(0));
     process.send({ type: 'ready', port: 1234 });`,
  );
}
