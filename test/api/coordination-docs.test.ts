import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadCrews } from '../../src/adapters/crew-files.js';
import { createCatalog } from '../../src/adapters/catalog.js';
import { gatewayOf } from '../support/coordination.js';
import { eventually, inCrewWorld } from '../support/crew-world.js';
import { memoryStore } from '../support/memory-store.js';
import { uniqueName } from '../support/crews.js';

/** The commands of the page, in order, as requests. */
function requests(): { method: string; path: string; body: unknown }[] {
  const page = readFileSync('docs/batches-and-schedules.md', 'utf8');
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  return blocks.flatMap((text) =>
    text
      .split(/^curl -s /m)
      .slice(1)
      .map((command) => {
        const path = /localhost:8000([^\s']+)/.exec(command)?.[1] ?? '';
        const body = /-d '([\s\S]*)'/.exec(command)?.[1];
        const method = /-X (\w+)/.exec(command)?.[1] ?? (body === undefined ? 'GET' : 'POST');
        return { method, path, body: body === undefined ? undefined : (JSON.parse(body) as unknown) };
      }),
  );
}

describe('docs/batches-and-schedules.md', () => {
  it('has only examples that work, typed in their order', async () => {
    const crews = createCatalog(loadCrews('crews', {}), memoryStore());
    await inCrewWorld(
      { answers: [{ text: 'words', delay_ms: 300, repeat: true }] },
      async (world) => {
        const gateway = gatewayOf(world, crews);
        const schedule = uniqueName('n').slice(0, 30);
        const thread = uniqueName('t');
        let batch = '';
        const all = requests();
        assert.ok(all.length >= 15, `${all.length}`);
        const ours = (text: string) =>
          text.replaceAll('BATCH', batch).replaceAll('nightly', schedule).replaceAll('customer-17', thread);
        for (const { method, path, body } of all) {
          const given = body === undefined ? undefined : (JSON.parse(ours(JSON.stringify(body))) as unknown);
          // A busy machine may not answer in time: the same key is safe to send again.
          const headers = method === 'POST' ? { 'idempotency-key': uniqueName('k') } : undefined;
          const { status, text, json } = await eventually(`${method} ${path}`, async () => {
            const answer = await gateway.send(method, ours(path), given, headers);
            return answer.status !== 503 && answer;
          });
          assert.ok(status >= 200 && status < 300, `${method} ${path}: ${status} ${text}`);
          if (method === 'POST' && path === '/v1/batches') batch = json.batchId as string;
        }
      },
      { crews },
    );
  });
});
