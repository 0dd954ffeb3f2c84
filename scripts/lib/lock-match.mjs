import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written into node_modules after a complete install: which lock file it was made from, and for which platform. */
const STAMP = join('node_modules', '.installed-from');

/**
 * Whether a folder's node_modules is what its package-lock.json says: undefined when it is, otherwise why not, in words for people.
 *
 * Two records are accepted: this project's stamp (made after a complete install), or npm's own list of what it installed, so that an install
 * made by hand counts as well. In both cases every package that the lock file demands must lie on the disk.
 */
export function whyNotInstalled(dir) {
  const lock = readJson(join(dir, 'package-lock.json'));
  if (lock === undefined)
    throw new Error(`${join(dir, 'package-lock.json')} is missing or broken: restore it (git checkout).`);
  if (!existsSync(join(dir, 'node_modules'))) return 'not installed yet';
  const demanded = Object.entries(lock.packages ?? {}).filter(([path, entry]) => path !== '' && !isOptional(entry));
  const absent = demanded.find(([path]) => !existsSync(join(dir, path, 'package.json')));
  if (absent !== undefined) return 'the last install did not finish';
  if (readText(join(dir, STAMP)) === stampFor(dir)) return undefined;
  const installed = readJson(join(dir, 'node_modules', '.package-lock.json'))?.packages ?? {};
  const differs = demanded.some(([path, entry]) => !isSamePackage(entry, installed[path]));
  return differs ? 'package-lock.json has changed' : undefined;
}

/** Forgets the stamp: from here on an interrupted install is seen as one. */
export function clearStamp(dir) {
  rmSync(join(dir, STAMP), { force: true });
  rmSync(join(dir, 'node_modules', '.package-lock.json'), { force: true });
}

export function writeStamp(dir) {
  writeFileSync(join(dir, STAMP), stampFor(dir));
}

function stampFor(dir) {
  const hash = createHash('sha256')
    .update(readFileSync(join(dir, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** Packages for other platforms, and links within the repository, need not be there. */
function isOptional(entry) {
  return entry.optional === true || entry.devOptional === true || entry.peer === true || entry.link === true;
}

function isSamePackage(wanted, found) {
  return found !== undefined && wanted.version === found.version && wanted.integrity === found.integrity;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
