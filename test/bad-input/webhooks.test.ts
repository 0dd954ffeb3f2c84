import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { QUICK } from '../adapters/webhooks/quick.js';
import { eventually } from '../support/crew-world.js';
import { uniqueName } from '../support/crews.js';
import { memoryLogger } from '../support/logger.js';
import { testStore } from '../support/store.js';
import { eventOf, startReceiver } from '../support/webhooks.js';

const SPEC = { events: ['*'], global: true, enabled: true };
const EVENTS = 20;

/** Writes as fast as it is taken, a gigabyte in all. */
async function pour(response: ServerResponse, count: (bytes: number) => void): Promise<void> {
  const gone = once(response, 'close');
  for (let at = 0; at < 1_000 && !response.destroyed; at++) {
    count(1_000_000);
    if (!response.write('x'.repeat(1_000_000))) await Promise.race([once(response, 'drain'), gone]);
  }
}

describe('webhooks whose answers do not end', () => {
  it('cost neither memory nor time of others: a gigabyte, a byte now and then, nothing at all', async () => {
    const { databaseUrl } = await testStore();
    const webhooks = openWebhooks({ databaseUrl, allowPrivate: true });
    const tenant = uniqueName('tenant');
    let sent = 0;
    const large = await startReceiver((_, response) => {
      response.writeHead(200);
      void pour(response, (bytes) => (sent += bytes));
    });
    const slow = await startReceiver((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const silent = await startReceiver(() => undefined);
    const quick = await startReceiver();
    const stop = new AbortController();
    const timeoutMs = 1_000;
    const settings = { ...QUICK, timeoutMs, leaseMs: 5_000 };
    const running = webhooks.dispatcher(settings, memoryLogger()).run(stop.signal);
    try {
      for (const [id, { url }] of Object.entries({ large, slow, silent, quick }))
        await webhooks.create(tenant, id, { ...SPEC, url }, 'digest');
      await webhooks.sink.send(Array.from({ length: EVENTS }, (_, at) => eventOf(tenant, at + 1)));
      const deliveredTo = async (id: string) => {
        const { deliveries } = await webhooks.deliveries(tenant, id, { limit: 100 });
        return deliveries.filter(({ status }) => status === 'delivered');
      };
      // Of a busy machine it may hear one again: what is not known to be done within the lease is done again.
      await eventually('the quick one to have all', () =>
        Promise.resolve(new Set(quick.got.map(({ id }) => id)).size === EVENTS),
      );
      // Both said 200 before they went on: what comes after it does not matter.
      await eventually('the large one', async () => (await deliveredTo('large')).length === EVENTS);
      await eventually('the slow one', async () => (await deliveredTo('slow')).length === EVENTS);
      assert.ok(sent < EVENTS * 10_000_000, `${sent} bytes were sent`);
      const tries = (await deliveredTo('slow')).flatMap(({ attempts }) => attempts);
      // Left to itself it would take for ever.
      for (const { durationMs = 0 } of tries) assert.ok(durationMs < timeoutMs + 20_000, `${durationMs} ms`);
      assert.equal((await deliveredTo('silent')).length, 0);
    } finally {
      stop.abort();
      await running;
      for (const id of ['large', 'slow', 'silent', 'quick']) await webhooks.remove(tenant, id);
      await webhooks.close();
      for (const receiver of [large, slow, silent, quick]) receiver.close();
    }
  });
});
