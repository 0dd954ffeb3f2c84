import { openStore } from './adapters/store/index.js';
import { ensureSearchAttributes } from './adapters/temporal/setup.js';
import { runOperator, type OperatorParts } from './operator.js';
import { StartError } from './process.js';

/**
 * `main.js migrate [store|search-attributes]`: brings what the processes stand on up to date before they start; without a word
 * both. Safe to repeat, and while older processes run: migrations only add.
 */
const STEPS: Record<string, (parts: OperatorParts) => Promise<void>> = {
  store: async ({ config, say }) => {
    const store = openStore({ databaseUrl: config.databaseUrl, connections: 1 });
    try {
      await store.migrate();
    } finally {
      await store.close();
    }
    say('store: up to date');
  },
  'search-attributes': async ({ config, client, say }) => {
    const { namespace } = config.temporal;
    await client.withDeadline(Date.now() + 30_000, () => ensureSearchAttributes(client.connection, namespace));
    say(`search attributes of namespace '${namespace}': registered`);
  },
};

const [only, ...rest] = process.argv.slice(3);

await runOperator(async (parts) => {
  if (rest.length > 0 || (only !== undefined && !Object.hasOwn(STEPS, only)))
    throw new StartError(`migrate: expected nothing, or one of ${Object.keys(STEPS).join(', ')}`);
  for (const [name, step] of Object.entries(STEPS)) if (only === undefined || only === name) await step(parts);
});
