#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and `npm run check` run, in a fresh clone too: installs what is missing, then hands over.
 * This file reads in old versions of Node as well, so that they can say what is wrong; the rest is loaded afterwards.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const needed = engines.node
  .replace(/[^\d.]/g, '')
  .split('.')
  .map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`Node ${needed.join('.')} or newer is needed, and this is ${process.versions.node}.`);
  console.error(
    'Install a newer one from https://nodejs.org, or with a version manager such as nvm (nvm install --lts).',
  );
  process.exitCode = 1;
} else {
  import('./lib/commands.mjs').then(({ main }) => main(process.argv.slice(2)));
}
