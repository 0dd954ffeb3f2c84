/** Entry of the image: its first argument says which part this process is. */
const PARTS: Record<string, () => Promise<unknown>> = {
  gateway: () => import('./gateway.js'),
  worker: () => import('./worker.js'),
  intake: () => import('./intake.js'),
  migrate: () => import('./migrate.js'),
  reseal: () => import('./reseal.js'),
  builds: () => import('./builds.js'),
  'set-current': () => import('./set-current.js'),
};

const part = process.argv[2] ?? '';
const run = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
if (run) await run();
else {
  process.stderr.write(`Expected one of ${Object.keys(PARTS).join(', ')}, found '${part}'\n`);
  process.exitCode = 2;
}
