/**
 * `node scripts/next-builds.mjs VALUES BUILDS NEW`: the values `worker.previousBuilds` of the next upgrade, as JSON, for `helm -f`. VALUES: what
 * `helm get values --all -o json` says of the release that is there (`{}` where there is none); BUILDS: what `main.js builds` says; NEW: the
 * build that comes. The build that was current stays, and each earlier one that is not drained; drained ones go.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Builds that Temporal is done with: no open runs, and no new ones. */
const DONE = ['drained', 'inactive', 'created'];

/**
 * @param {{image?: {tag?: string, digest?: string}, worker?: {versioning?: {buildId?: string}, previousBuilds?: object[]}}} values
 * @param {{id: string, state: string}[]} builds
 * @param {string} next
 */
export function nextBuilds(values, builds, next) {
  const { image = {}, worker = {} } = values;
  const current = worker.versioning?.buildId || image.tag;
  const known = [
    ...(current ? [{ buildId: current, tag: image.tag ?? '', digest: image.digest ?? '' }] : []),
    ...(worker.previousBuilds ?? []),
  ];
  const stateOf = (id) => builds.find((build) => build.id === id)?.state;
  const previousBuilds = known.filter(({ buildId }) => buildId !== next && !DONE.includes(stateOf(buildId) ?? ''));
  return { worker: { previousBuilds } };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [values, builds, next] = process.argv.slice(2);
  if (values === undefined || builds === undefined || next === undefined)
    throw new Error('Usage: next-builds.mjs VALUES BUILDS NEW');
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  console.log(JSON.stringify(nextBuilds(read(values), read(builds), next)));
}
