import { writeFileSync } from 'node:fs';
import type { Effort, Measure } from './section.js';

/** One benchmark in a process of its own: `measure.ts NAME EFFORT FILE` writes its section as JSON into the file. */
const [name = '', effort = 'quick', file = ''] = process.argv.slice(2);
const { measure } = (await import(`./${name}.bench.ts`)) as { measure: Measure };
writeFileSync(file, JSON.stringify(await measure(effort as Effort)));
// What a benchmark left open must not hold the others up.
process.exit(0);
