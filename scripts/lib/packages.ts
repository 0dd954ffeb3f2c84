import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { npmCommand, npmEnv } from './locked-install.mjs';

/** The packages of this repository: each has a lock file of its own. */
export const PACKAGES = [
  { name: 'the service', folder: '.', sbom: 'build/sbom.cdx.json' },
  { name: 'the demo model', folder: 'local-model', sbom: 'build/sbom-local-model.cdx.json' },
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of a file or folder of the repository. */
export function inRepository(path: string): string {
  return `${root}${path}`;
}

const exceptionsSchema = z.strictObject({
  /** Advisories that are known and do no harm here, until a day. */
  advisories: z.array(
    z.strictObject({ id: z.string().regex(/^GHSA-/), reason: z.string().min(20), until: z.iso.date() }),
  ),
  /** Licences of packages that do not say theirs where programs look, and others that were looked at one by one. */
  licenses: z.array(z.strictObject({ package: z.string(), license: z.string(), reason: z.string().min(20) })),
});
export type Exceptions = z.output<typeof exceptionsSchema>;

/** What was looked at and is taken all the same, each with its reason. */
export function readExceptions(): Exceptions {
  return exceptionsSchema.parse(JSON.parse(readFileSync(inRepository('security/exceptions.json'), 'utf8')));
}

/** A package of a lock file. */
export interface Locked {
  name: string;
  version: string;
  license?: string;
  /** True: it runs a program of its own when it is installed. */
  installs: boolean;
}

interface LockEntry {
  name?: string;
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
  integrity?: string;
  hasInstallScript?: boolean;
}

/** What a lock file has for production, each name and version once, in order. */
export function lockedPackages(folder: string): Locked[] {
  const lock = JSON.parse(readFileSync(inRepository(`${folder}/package-lock.json`), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const found = new Map<string, Locked>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev || entry.link) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const version = entry.version ?? '';
    const installs = entry.hasInstallScript === true;
    found.set(`${name}@${version}`, { name, version, installs, ...(entry.license && { license: entry.license }) });
  }
  return [...found.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** Runs npm in a folder of the repository. */
export function npm(folder: string, args: readonly string[]): { stdout: string; stderr: string } {
  const [command, ...before] = npmCommand();
  const options = {
    cwd: inRepository(folder),
    env: npmEnv(process.env),
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  } as const;
  const { stdout, stderr, error } = spawnSync(command, [...before, ...args], options);
  if (error) throw error;
  return { stdout, stderr };
}
