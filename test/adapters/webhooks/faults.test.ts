import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createStoreCipher } from '../../../src/adapters/encryption/store-cipher.js';
import { openWebhooks, type PostgresWebhooks } from '../../../src/adapters/webhooks/index.js';
import { eventually } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { ringOf } from '../../support/encryption.js';
import { memoryLogger } from '../../support/logger.js';
import { rebinding } from '../../support/resolver.js';
import { stopped, testStore } from '../../support/store.js';
import { deliveryThatIs, eventOf, startReceiver, type Receiver } from '../../support/webhooks.js';
import { QUICK, SOON_FREE } from './quick.js';

const DISPATCHER = new URL('./dispatcher-process.ts', import.meta.url);
const SPEC = { events: ['*'], global: true, enabled: true };

/** Runs a dispatcher while a test does its work. */
async function dispatching(
  webhooks: PostgresWebhooks,
  work: () => Promise<void>,
  settings: Partial<Parameters<PostgresWebhooks['dispatcher']>[0]> = {},
): Promise<void> {
  const stop = new AbortController();
  const running = webhooks.dispatcher({ ...QUICK, ...settings }, memoryLogger()).run(stop.signal);
  try {
    await work();
  } finally {
    stop.abort();
    await running;
  }
}

/** Webhooks of a tenant of its own. */
async function inWebhooks(
  test: (webhooks: PostgresWebhooks, tenant: string, databaseUrl: string) => Promise<void>,
  allowPrivate = true,
): Promise<void> {
  const { databaseUrl } = await testStore();
  const webhooks = openWebhooks({ databaseUrl, allowPrivate });
  const tenant = uniqueName('tenant');
  try {
    await test(webhooks, tenant, databaseUrl);
  } finally {
    for (const { id } of await webhooks.list(tenant)) await webhooks.remove(tenant, id);
    await webhooks.close();
  }
}

describe('webhooks: what goes wrong', function () {
  this.timeout(120_000);

  it('loses nothing and changes no byte where a process is killed in the middle of its tries', () =>
    inWebhooks(async (webhooks, tenant, databaseUrl) => {
      const count = 20;
      const triesOf = ({ got }: Receiver, id: unknown) => got.filter((one) => one.id === id);
      // Each is refused twice, after a while, so that the kill meets tries in flight and tries to come.
      const receiver: Receiver = await startReceiver((got, respond) => {
        const id = got.at(-1)?.id;
        const status = triesOf(receiver, id).length > 2 ? 204 : 500;
        setTimeout(() => respond.writeHead(status).end(), 30);
      });
      try {
        await webhooks.create(tenant, 'one', { ...SPEC, url: receiver.url }, 'digest');
        await webhooks.sink.send(Array.from({ length: count }, (_, at) => eventOf(tenant, at + 1)));
        const child = fork(DISPATCHER, [databaseUrl], {
          execArgv: ['--import', 'tsx'],
        });
        await eventually('the first tries', () => Promise.resolve(receiver.got.length >= 12));
        await stopped(child, 'SIGKILL');
        const before = receiver.got.length;
        const delivered = async () => {
          const { deliveries } = await webhooks.deliveries(tenant, 'one', { limit: 100 });
          return deliveries.filter(({ status }) => status === 'delivered').length;
        };
        assert.ok((await delivered()) < count, 'it was killed too late');
        await dispatching(webhooks, async () => {
          await eventually('all of them', async () => (await delivered()) === count, 30_000);
        });
        assert.ok(receiver.got.length > before);
        const ids = new Set(receiver.got.map(({ id }) => id));
        assert.equal(ids.size, count);
        assert.equal(new Set(receiver.got.map(({ id, body }) => `${id} ${body}`)).size, count);
        for (const id of ids) assert.ok(triesOf(receiver, id).length >= 3);
      } finally {
        receiver.close();
      }
    }));

  it('waits as long as the receiver asks for', () =>
    inWebhooks(async (webhooks, tenant) => {
      const receiver = await startReceiver((got, respond) =>
        respond.writeHead(got.length > 1 ? 204 : 503, { 'retry-after': '2' }).end(),
      );
      try {
        await webhooks.create(tenant, 'one', { ...SPEC, url: receiver.url }, 'digest');
        await webhooks.sink.send([eventOf(tenant, 1)]);
        await dispatching(webhooks, async () => {
          await deliveryThatIs(webhooks, tenant, 'one', 'delivered');
        });
        const [first, second] = receiver.got;
        assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1_900);
      } finally {
        receiver.close();
      }
    }));

  it('lets no endpoint wait for another that does not answer', () =>
    inWebhooks(async (webhooks, tenant) => {
      const slow = await startReceiver(() => undefined);
      const quick = await startReceiver();
      try {
        await webhooks.create(tenant, 'slow', { ...SPEC, url: slow.url }, 'digest');
        await webhooks.create(tenant, 'quick', { ...SPEC, url: quick.url }, 'digest');
        await webhooks.sink.send(Array.from({ length: 50 }, (_, at) => eventOf(tenant, at + 1)));
        await dispatching(
          webhooks,
          async () => {
            await eventually('the quick one to have all', () => Promise.resolve(quick.got.length === 50));
            assert.ok(slow.got.length >= 1 && slow.got.length <= 4, `${slow.got.length} tries at once`);
          },
          // Nothing times out while the test is at work.
          { timeoutMs: 100_000, leaseMs: 110_000 },
        );
      } finally {
        slow.close();
        quick.close();
      }
    }));

  it('connects to no private address, whatever its name led to before', () =>
    inWebhooks(async (webhooks, tenant) => {
      const receiver = await startReceiver();
      const { port } = new URL(receiver.url);
      // Whoever registers it may have it lead to a public address just then: it is not asked for.
      const resolver = rebinding('rebinds.test', ['127.0.0.1']);
      try {
        const url = `https://rebinds.test:${port}/hook`;
        assert.equal(webhooks.urlProblem(url), undefined);
        await webhooks.create(tenant, 'one', { ...SPEC, url }, 'digest');
        await webhooks.sink.send([eventOf(tenant, 1)]);
        await dispatching(
          webhooks,
          async () => {
            const { attempts } = await deliveryThatIs(webhooks, tenant, 'one', 'failed');
            assert.deepEqual(
              new Set(attempts.map(({ error }) => error)),
              new Set(['rebinds.test leads to a private address']),
            );
            assert.equal(attempts.length, 3);
          },
          { lookup: resolver.lookup, scheduleMs: [0, 20, 20] },
        );
        assert.equal(resolver.given.length, 3);
        assert.equal(receiver.connections(), 0);
      } finally {
        receiver.close();
      }
    }, false));

  it('judges the address of each try anew, and connects to those that it judged: they are asked for once a try', () =>
    inWebhooks(async (webhooks, tenant) => {
      // Link-local addresses are closed where private ones are open, too.
      const [open, closed] = ['127.0.0.1', '169.254.169.254'];
      const answers = [[open], [closed], [closed, open]];
      const resolver = rebinding('rebinds.test', answers);
      const receiver = await startReceiver((got, respond) => respond.writeHead(got.length > 1 ? 204 : 500).end());
      try {
        const url = `http://rebinds.test:${new URL(receiver.url).port}/hook`;
        await webhooks.create(tenant, 'one', { ...SPEC, url }, 'digest');
        await webhooks.sink.send([eventOf(tenant, 1)]);
        await dispatching(
          webhooks,
          async () => {
            const { attempts } = await deliveryThatIs(webhooks, tenant, 'one', 'delivered');
            assert.deepEqual(
              attempts.map(({ status, error }) => status ?? error),
              [500, 'rebinds.test leads to an address that is not public', 204],
            );
          },
          { lookup: resolver.lookup, scheduleMs: [0, 20, 20] },
        );
        assert.deepEqual(resolver.given, answers);
        assert.equal(receiver.connections(), 2);
      } finally {
        receiver.close();
      }
    }));

  it('waits where the key of what is sealed is missing, and holds nobody else up', () =>
    inWebhooks(async (plain, tenant, databaseUrl) => {
      const receiver = await startReceiver();
      const sealed = openWebhooks({ databaseUrl, allowPrivate: true, cipher: createStoreCipher(ringOf('k1')) });
      const other = uniqueName('tenant');
      try {
        const { secret } = await sealed.create(tenant, 'one', { ...SPEC, url: `${receiver.url}/sealed` }, 'digest');
        assert.equal(
          (await sealed.create(tenant, 'one', { ...SPEC, url: receiver.url }, 'other')).requestDigest,
          'digest',
        );
        await sealed.sink.send([eventOf(tenant, 1)]);
        await plain.create(other, 'two', { ...SPEC, url: `${receiver.url}/plain` }, 'digest');
        await plain.sink.send([eventOf(other, 1)]);
        await dispatching(
          plain,
          () => deliveryThatIs(plain, other, 'two', 'delivered').then(() => undefined),
          SOON_FREE,
        );
        assert.deepEqual(new Set(receiver.got.map(({ path }) => path)), new Set(['/plain']));
        await dispatching(sealed, async () => {
          await eventually('the sealed one', async () => {
            const { deliveries } = await sealed.deliveries(tenant, 'one', { limit: 1 });
            return deliveries[0]?.status === 'delivered';
          });
        });
        assert.ok(secret.startsWith('whsec_'));
        assert.equal(receiver.got.at(-1)?.path, '/sealed');
      } finally {
        await sealed.remove(tenant, 'one');
        await plain.remove(other, 'two');
        await sealed.close();
        receiver.close();
      }
    }));
});
