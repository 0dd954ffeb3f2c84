import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { openWebhooks, type PostgresWebhooks } from '../../../src/adapters/webhooks/index.js';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { memoryLogger } from '../../support/logger.js';
import { testStore } from '../../support/store.js';
import { deliveryThatIs, eventOf, startReceiver, type Got } from '../../support/webhooks.js';
import { QUICK } from './quick.js';

const HOUR_MS = 3_600_000;

/** Runs a test with a receiver, an endpoint for it, and so many dispatchers. */
async function withReceiver(
  answer: (got: Got[], respond: ServerResponse) => void,
  test: (world: {
    webhooks: PostgresWebhooks;
    tenant: string;
    id: string;
    secret: string;
    got: Got[];
    tell: (seq: number, type?: 'run.started' | 'task.cancelled') => Promise<void>;
  }) => Promise<void>,
  { dispatchers = 1 } = {},
): Promise<void> {
  const receiver = await startReceiver(answer);
  const { got } = receiver;
  const { databaseUrl } = await testStore();
  const webhooks = openWebhooks({ databaseUrl, allowPrivate: true });
  const tenant = uniqueName('tenant');
  const stop = new AbortController();
  const settings = { ...QUICK, scheduleMs: [0, 50, 50] };
  const url = `${receiver.url}/hook`;
  const spec = { url, events: ['run.*'], global: true, enabled: true };
  const { endpoint, secret } = await webhooks.create(tenant, 'one', spec, 'digest');
  const running = Array.from({ length: dispatchers }, () =>
    webhooks.dispatcher(settings, memoryLogger()).run(stop.signal),
  );
  const tell = (seq: number, type?: 'run.started' | 'task.cancelled') =>
    webhooks.sink.send([eventOf(tenant, seq, type)]);
  try {
    await test({ webhooks, tenant, id: endpoint.id, secret, got, tell });
  } finally {
    stop.abort();
    await Promise.all(running);
    await webhooks.close();
    receiver.close();
  }
}

const statusOf = (webhooks: PostgresWebhooks, tenant: string, wanted: string) =>
  deliveryThatIs(webhooks, tenant, 'one', wanted);

describe('webhooks: deliveries', () => {
  it('are signed as Standard Webhooks has it, once for each endpoint and event, with both secrets after a rotation', async () => {
    await withReceiver(
      (_got, response) => response.end('thanks'),
      async ({ webhooks, tenant, id, secret, got, tell }) => {
        await Promise.all([tell(1), tell(1), tell(2, 'task.cancelled')]);
        const { attempts } = await statusOf(webhooks, tenant, 'delivered');
        assert.deepEqual([attempts[0]?.status, attempts[0]?.answer], [200, 'thanks']);
        const rotated = await webhooks.rotate(tenant, id, HOUR_MS);
        await tell(3);
        await eventually('the second', () => Promise.resolve(got.length >= 2));
        assert.equal(got.length, 2);
        for (const one of [secret, rotated?.secret ?? ''])
          new Webhook(one).verify(got[1]?.body ?? '', got[1]?.headers as Record<string, string>);
        new Webhook(secret).verify(got[0]?.body ?? '', got[0]?.headers as Record<string, string>);
      },
      { dispatchers: 2 },
    );
  });

  it('are tried again with the same id and bytes, fail at the end of the schedule, and are replayed by hand', async () => {
    await withReceiver(
      (got, response) => response.writeHead(got.length > 3 ? 204 : 500).end(),
      async ({ webhooks, tenant, id, got, tell }) => {
        await tell(1);
        const failed = await statusOf(webhooks, tenant, 'failed');
        assert.deepEqual([failed.attempts.length, got.length], [3, 3]);
        assert.equal(await webhooks.replayFailed(tenant, id, new Date(0).toISOString()), 1);
        await statusOf(webhooks, tenant, 'delivered');
        assert.equal(new Set(got.map(({ id: sent, body }) => `${sent} ${body}`)).size, 1);
      },
    );
  });

  it('end where the endpoint is gone, which is switched off', async () => {
    await withReceiver(
      (_got, response) => response.writeHead(410).end(),
      async ({ webhooks, tenant, id, got, tell }) => {
        await tell(1);
        const off = await eventually('it to be off', async () => {
          const found = await webhooks.get(tenant, id);
          return found?.enabled === false && found;
        });
        assert.match(off.disabledReason ?? '', /410/);
        assert.equal(got.length, 1);
      },
    );
  });
});
