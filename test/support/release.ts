import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A build of the product in a folder of its own, without its sources: what a release has. */
export interface Release {
  buildId: string;
  folder: string;
}

/** A change of one place in the sources. */
export interface SourceChange {
  file: string;
  before: string;
  after: string;
}

/** Releases, and where they lie. */
export interface Releases<Id extends string> {
  of: Record<Id, Release>;
  remove(): void;
}

const SOURCES = ['src', 'scripts/bundle.ts', 'package.json', 'tsconfig.build.json', 'tsconfig.types.json'];
const BUILT = ['dist', 'build'];
const AS_THEY_ARE = ['bin', 'extensions', 'package.json'];

/**
 * Builds the sources as they are here, each time with other changes, by `npm run build` in a copy of them. After the first time
 * the compiler looks only at what was changed.
 */
export async function buildReleases<Id extends string>(changes: Record<Id, SourceChange[]>): Promise<Releases<Id>> {
  const root = mkdtempSync(join(tmpdir(), 'releases-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const copy = join(root, 'sources');
    for (const path of SOURCES) cpSync(path, join(copy, path), { recursive: true });
    const { compilerOptions, ...rest } = JSON.parse(readFileSync('tsconfig.json', 'utf8')) as {
      compilerOptions: object;
    };
    const config = { compilerOptions: { ...compilerOptions, incremental: true }, ...rest };
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    const releases: [string, Release][] = [];
    for (const [buildId, changed] of Object.entries<SourceChange[]>(changes))
      releases.push([buildId, await build(copy, join(root, buildId), buildId, changed)]);
    return { of: Object.fromEntries(releases) as Record<Id, Release>, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function build(copy: string, folder: string, buildId: string, changes: SourceChange[]): Promise<Release> {
  for (const { file } of changes) cpSync(file, join(copy, file));
  for (const change of changes) apply(change, copy, buildId);
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: copy, timeout: 400_000 });
  } catch (error) {
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`build ${buildId}: ${message}\n${stdout}`, { cause: error });
  }
  mkdirSync(folder);
  for (const path of BUILT) cpSync(join(copy, path), join(folder, path), { recursive: true });
  for (const path of AS_THEY_ARE) cpSync(path, join(folder, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  for (const { file } of changes) cpSync(file, join(copy, file));
  return { buildId, folder };
}

function apply({ file, before, after }: SourceChange, folder: string, buildId: string): void {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(before);
  if (parts.length !== 2)
    throw new Error(
      `${file}: what build ${buildId} changes is there ${parts.length - 1} times, not once. Change the test too:\n${before}`,
    );
  writeFileSync(path, parts.join(after));
}
