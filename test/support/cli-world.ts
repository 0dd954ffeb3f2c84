import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCatalog } from '../../src/adapters/catalog.js';
import { createApprovalLinks } from '../../src/adapters/approval-links.js';
import { parseCrewFile } from '../../src/adapters/crew-files.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { createClient, type Client } from '../../src/client/index.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { Crew } from '../../src/ports.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { eventually, inCrewWorld, type CrewWorld } from './crew-world.js';
import { registryOf } from './app.js';
import { catalogOf, filesOf } from './crews.js';
import { testStore } from './store.js';
import { gatewayOf, served } from './streams.js';

/** What commands are tried on: a gateway over HTTP, with a worker behind it. */
export interface CliWorld {
  world: CrewWorld;
  url: string;
  client: Client;
  /** Starts a run of `reviewed-announcement`, and waits for its approval. */
  asking(): Promise<{ runId: string; approvalId: string }>;
  /** Waits until the run is in the list, which may be a moment behind. */
  listed(runId: string): Promise<void>;
}

/** The example crews. */
export function exampleCrews(): Crew[] {
  return readdirSync('crews').map((file) => parseCrewFile(file, readFileSync(join('crews', file))));
}

/** Runs a test with a gateway of the example crews. */
export async function inCliWorld(
  script: ScriptInput,
  test: (world: CliWorld) => Promise<void>,
  more: Crew[] = [],
): Promise<void> {
  const crews = [...exampleCrews(), ...more];
  const inWorld = async (world: CrewWorld) => {
    const webhooks = openWebhooks({ databaseUrl: (await testStore()).databaseUrl, allowPrivate: false });
    const { app } = gatewayOf(world, {
      crews: createCatalog(filesOf(...crews), world.store),
      store: world.store,
      webhooks,
      links: createApprovalLinks('a secret of more than thirty-two characters'),
      models: registryOf('scripted-model'),
    });
    const gateway = await served(app);
    const client = createClient({ baseUrl: gateway.url });
    const listed = (runId: string) =>
      eventually('the run to be listed', async () =>
        (await client.runs.list({ limit: 100 })).runs.some((run) => run.runId === runId),
      ).then(() => undefined);
    try {
      await test({
        world,
        url: gateway.url,
        client,
        listed,
        asking: async () => {
          const { runId } = await client.runs.start({ crew: 'reviewed-announcement', inputs: { product: 'tea' } });
          const approval = await eventually('the approval', async () =>
            (await client.runs.get(runId)).approvals.find(({ status }) => status === 'open'),
          );
          await listed(runId);
          // The inbox is a list too, and may be a moment behind of its own.
          await eventually('the approval to be in the inbox', async () => {
            const { approvals } = await client.approvals.list({ crew: 'reviewed-announcement' });
            return approvals.some((one) => one.runId === runId);
          });
          return { runId, approvalId: approval.id };
        },
      });
    } finally {
      await gateway.close();
      // The store is shared: they would hear of runs of other tests.
      for (const { id } of await webhooks.list(DEFAULT_TENANT)) await webhooks.remove(DEFAULT_TENANT, id);
      await webhooks.close();
    }
  };
  await inCrewWorld(script, inWorld, { crews: catalogOf(...crews) });
}
