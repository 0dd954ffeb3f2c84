import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../temporal/cache-dir.js';
import { runTethered } from './lib/run-tethered.mjs';

/**
 * `npm run jaeger:build`: builds the Jaeger that the test of traces asks for the tree, with the Go toolchain on the PATH, once, into
 * the user's cache folder under its version. It takes 8 to 16 minutes; without it that part of the test is left out.
 */
const MODULE = 'github.com/jaegertracing/jaeger';
const VERSION = 'v1.76.0';
const TIMEOUT_MS = 60 * 60_000;

/** Where the program lies once it is built. */
export function jaegerPath(): string {
  return join(cacheDir(), 'jaeger', VERSION, 'jaeger');
}

async function go(args: string[], cwd: string): Promise<string[]> {
  const result = await runTethered('go', args, {
    cwd,
    env: { ...process.env, GOFLAGS: '-modcacherw' },
    onLine: (line) => console.log(line),
    timeoutMs: TIMEOUT_MS,
  });
  if (result.code === 127) throw new Error('go is not on the PATH: install Go (https://go.dev/dl), then try again');
  if (result.code !== 0) throw new Error(`go ${args.join(' ')} failed:\n${result.lines.slice(-8).join('\n')}`);
  return result.lines;
}

/** The module's own `replace` lines keep `go install` from working, so it is built in a copy of its source. */
async function build(): Promise<void> {
  const program = jaegerPath();
  if (existsSync(program)) {
    console.log(`${program} is there`);
    return;
  }
  const folder = join(cacheDir(), 'jaeger', VERSION);
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'build-'));
  try {
    const described = await go(['mod', 'download', '-json', `${MODULE}@${VERSION}`], work);
    const { Dir } = JSON.parse(described.slice(described.indexOf('{')).join('\n')) as { Dir: string };
    const source = join(work, 'source');
    cpSync(Dir, source, { recursive: true });
    makeWritable(source);
    await go(['build', '-v', '-ldflags', '-s -w', '-o', join(work, 'jaeger'), './cmd/jaeger'], source);
    renameSync(join(work, 'jaeger'), program);
    console.log(`${program} is built`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The module cache is read-only, and so is a copy of it. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
}

// Not awaited at the top: a test that loads this module could not be loaded as the others are.
if (process.argv[1]?.endsWith('jaeger.ts') === true) {
  build().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
