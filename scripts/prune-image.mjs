/**
 * `node scripts/prune-image.mjs node_modules`: takes out of installed packages what the image cannot use: Temporal's core for other
 * platforms and its Rust sources, packages' source maps, type declarations and READMEs. Licences stay.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('Usage: prune-image.mjs NODE_MODULES');

const ARCH = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
if (ARCH === undefined) throw new Error(`There is no core of Temporal for ${process.arch}`);
const CORE = join(root, '@temporalio', 'core-bridge');
const OWN = `${ARCH}-unknown-linux-gnu`;

let removed = 0;
const remove = (path) => {
  removed += sizeOf(path);
  rmSync(path, { recursive: true });
};

const releases = readdirSync(join(CORE, 'releases'));
if (!releases.includes(OWN)) throw new Error(`${CORE}/releases has no ${OWN}: ${releases.join(', ')}`);
for (const name of releases) if (name !== OWN) remove(join(CORE, 'releases', name));
for (const name of ['sdk-core', 'src', 'ts', 'bridge-macros', 'Cargo.lock', 'Cargo.toml'])
  if (readdirSync(CORE).includes(name)) remove(join(CORE, name));

const NOT_RUN = /\.(map|d\.[cm]?ts)$|^README(\.\w+)?$|^CHANGELOG(\.\w+)?$/i;
walk(root);
console.log(`${Math.round(removed / 1e6)} MB removed, ${Math.round(sizeOf(root) / 1e6)} MB left in ${root}`);

function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (entry.isFile() && NOT_RUN.test(entry.name)) remove(path);
  }
}

function sizeOf(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info?.isDirectory()) return info?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
