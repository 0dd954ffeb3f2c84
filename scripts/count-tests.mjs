import { readFileSync } from 'node:fs';

/** Prints the counts of a test report as one line; fails where there is no report or it holds no test. */
const { passed, failed, skipped } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (passed + failed === 0) process.exitCode = 1;
