import { parseArgs } from 'node:util';
import { openReseal, PLAIN, type TableKeys } from './adapters/reseal/index.js';
import { runOperator } from './operator.js';
import { StartError } from './process.js';

/**
 * `main.js reseal [--plain] [--dry-run]`: seals what lies in the store under other keys with the first one, so that the others can go
 * some day; with `--plain` also what lies plain. Says which keys are still in use. Safe to repeat, and while all parts are up.
 */
await runOperator(async ({ config, say }) => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { plain: { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false } },
  });
  const { encryption, databaseUrl } = config;
  const { active } = encryption;
  if (active === undefined) throw new StartError('ENCRYPTION_KEYS: Required: there is no key to seal with');
  const reseal = openReseal(databaseUrl, encryption);
  const lost = new Map<string, number>();
  try {
    if (!values['dry-run']) {
      await reseal.run({ plain: values.plain }, ({ table, sealed, unreadable }) => {
        say(`${table}: ${sealed} sealed again with '${active}'`);
        for (const [why, rows] of unreadable) lost.set(why, (lost.get(why) ?? 0) + rows);
      });
    }
    const census = await reseal.census();
    for (const line of inUse(census)) say(line);
    const unused = encryption.ids.filter((id) => id !== active && !census.some(({ byKey }) => byKey.has(id)));
    for (const id of unused)
      say(`The key '${id}' is in use nowhere in the store; histories and schedules are Temporal's`);
  } finally {
    await reseal.close();
  }
  if (lost.size > 0) {
    const lines = [...lost].map(([why, rows]) => `${rows} rows stay as they are. ${why}`);
    throw new StartError(lines.join('\n'));
  }
});

/** A line for each key that is in use: how many rows of which tables. */
function inUse(census: readonly TableKeys[]): string[] {
  const ids = new Set(census.flatMap(({ byKey }) => [...byKey.keys()]));
  if (ids.size === 0) return ['Nothing is in the store yet'];
  return [...ids].sort().map((id) => {
    const found = census.flatMap(({ table, byKey }) => (byKey.has(id) ? [`${table} ${byKey.get(id)}`] : []));
    return `${id === PLAIN ? 'plain' : `key '${id}'`}: rows of ${found.join(', ')}`;
  });
}
