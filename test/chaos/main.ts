import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stopTestServer } from '../support/temporal.js';
import { chaos } from './chaos.js';
import { reportOf } from './report.js';
import { missingForChaos } from './world.js';

/** `npm run chaos -- [--minutes 30] [--runs 200] [--seed N] [--only PATTERN] [--write docs/chaos.md]`: exit code 1 where anything is wrong. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    only: { type: 'string', default: '.' },
    write: { type: 'string', default: 'docs/chaos.md' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const missing = missingForChaos();
if (missing !== undefined) {
  say(missing);
  process.exit(2);
}
const [seed, runs, minutes] = [Number(values.seed), Number(values.runs), Number(values.minutes)];
say(`seed ${seed}: ${runs} runs in ${minutes} minutes`);
const only = new RegExp(values.only);
const result = await chaos({ seed, runs, forMs: minutes * 60_000, gapMs: 4_000, settleMs: 300_000, only, say });
await stopTestServer();
writeFileSync(values.write, reportOf(result));
say(`${values.write} is written`);
for (const problem of result.problems) say(problem);
if (result.problems.length > 0) say(`logs are in ${result.logs}`);
process.exit(result.problems.length === 0 ? 0 : 1);
