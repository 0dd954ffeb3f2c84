import { verdictOf } from './lib/audit.js';
import { npm, PACKAGES, readExceptions } from './lib/packages.js';

/**
 * `npm run audit`: asks the registry for advisories on what runs in production. Exit code 0: none that is high or critical but
 * those of security/exceptions.json; 1: there are some; 2: it could not be asked, so nobody knows.
 */
const FAILS = { clean: 0, found: 1, 'not asked': 2 } as const;
const today = new Date().toISOString().slice(0, 10);
let exitCode = 0;
for (const { name, folder } of PACKAGES) {
  const verdict = verdictOf(npm(folder, ['audit', '--omit=dev', '--json']).stdout, readExceptions(), today);
  const failed = FAILS[verdict.outcome];
  if (exitCode !== 1 && failed !== 0) exitCode = failed;
  if (verdict.outcome === 'not asked') console.error(`${name}: could not ask the registry: ${verdict.why}`);
  else if (verdict.outcome === 'found') console.error([`${name}:`, ...verdict.lines].join('\n  '));
  else console.log([`${name}: no high or critical advisory`, ...verdict.excepted].join('\n  excepted: '));
}
process.exitCode = exitCode;
