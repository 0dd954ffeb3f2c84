import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { inCrewWorld } from '../support/crew-world.js';
import { stopTestStore } from '../support/store.js';
import { stopTestServer } from '../support/temporal.js';
import { SCENARIOS } from './scenarios.js';

/**
 * `npm run histories:capture`: saves the history of each scenario that has none yet. An existing one is never written
 * again: it stands for the runs that are open out there, and what no longer replays it would break them.
 */
const FOLDER = new URL('./histories/', import.meta.url);
mkdirSync(FOLDER, { recursive: true });
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const file = new URL(`${name}.json`, FOLDER);
  if (existsSync(file)) {
    console.log(`kept   ${name}`);
    continue;
  }
  const parts = (await scenario.parts?.()) ?? {};
  await inCrewWorld(
    { answers: scenario.answers },
    async (world) => {
      const played = await scenario.play(world);
      const history = played.includes('/')
        ? await world.client.workflow.getHandle(played).fetchHistory()
        : await world.history(played);
      writeFileSync(file, `${JSON.stringify(JSON.parse(historyToJSON(history), withoutStacks), null, 1)}\n`);
      console.log(`saved  ${name}: ${history.events?.length} events`);
    },
    parts,
  );
  await parts.server?.env.teardown();
}
await Promise.all([stopTestServer(), stopTestStore()]);

/** Stack traces play no part in a replay, and name the folders of the machine that they were made on. */
function withoutStacks(key: string, value: unknown): unknown {
  return key === 'stackTrace' ? '' : value;
}
