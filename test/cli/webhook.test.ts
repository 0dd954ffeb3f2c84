import assert from 'node:assert/strict';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { createClient } from '../../src/client/index.js';
import { testApp } from '../support/app.js';
import { crew } from '../support/cli.js';
import { uniqueName } from '../support/crews.js';
import { testIdentity } from '../support/identity.js';
import { testStore } from '../support/store.js';
import { served } from '../support/streams.js';

describe('crew webhook', () => {
  it('registers, lists, changes, rotates, sends again and deletes, as the client does', async () => {
    const ids = await testIdentity();
    const webhooks = openWebhooks({ databaseUrl: (await testStore()).databaseUrl, allowPrivate: false });
    const { url, close } = await served(testApp({ webhooks, identity: ids.identity }).app);
    const { headers } = await ids.keyOf(uniqueName('tenant'), ['admin']);
    const apiKey = headers['authorization']?.slice(7) ?? '';
    const client = createClient({ baseUrl: url, apiKey });
    const typed = (...args: string[]) => crew(url, ['webhook', ...args], { service: { url, from: 'test', apiKey } });
    const done = async (...args: string[]) => {
      const { code, out, err } = await typed(...args);
      assert.equal(code, 0, `${args.join(' ')}: ${err}`);
      return out;
    };
    try {
      assert.equal(await done('list'), 'There are no webhooks\n');
      const added = await done(
        'add',
        'https://receiver.invalid/a',
        '--event',
        'run.*',
        '--named',
        '--description',
        'mine',
      );
      const [, id = '', secret = ''] = /^(\S+) {2}(whsec_\S+)\n$/.exec(added) ?? [];
      const webhook = await client.webhooks.get(id);
      assert.deepEqual([webhook.events, webhook.global, webhook.description], [['run.*'], false, 'mine']);
      assert.match(await done('list'), new RegExp(`${id} +on +named +run\\.\\* +https://receiver.invalid/a`));
      assert.match(
        await done('update', id, '--global', '--disable', '--to', 'https://receiver.invalid/b'),
        /off +every run/,
      );
      assert.match(await done('show', id), /receiver.invalid\/b\nmine\n$/);
      const rotated = await typed('rotate', id, '--overlap', '2h');
      assert.match(rotated.out, /^whsec_/);
      assert.notEqual(rotated.out.trim(), secret);
      assert.match(rotated.err, /sign too until/);
      const sent = await client.webhooks.ping(id);
      assert.match(await done('deliveries', id), new RegExp(`${sent.id} .*webhook\\.ping +pending +0`));
      assert.equal(await done('deliveries', id, '--status', 'failed'), 'Nothing was sent\n');
      assert.match(await done('replay', id, sent.id), /on its way/);
      assert.equal(await done('replay', id, '--since', '12h'), '0 on their way\n');
      const { body } = await client.webhooks.delivery(id, sent.id);
      assert.equal((JSON.parse(body) as { type: string }).type, 'webhook.ping');
      const cases: [string[], number, RegExp][] = [
        [['replay', id], 2, /--since/],
        [['replay', id, '--since', 'soon'], 2, /--since soon/],
        [['rotate', id, '--overlap', 'soon'], 2, /--overlap soon/],
        [['update', id], 2, /what to change/],
        [['update', id, '--enable', '--disable'], 2, /cannot be used with/],
        [['show', 'nothing'], 3, /no webhook/],
        [['add', 'https://127.0.0.1/'], 4, /url: It leads to a private address/],
      ];
      for (const [args, code, words] of cases) {
        const ran = await typed(...args);
        assert.equal(ran.code, code, `${args.join(' ')}: ${ran.err}`);
        assert.match(ran.err, words);
      }
      await done('delete', id);
      assert.deepEqual(await client.webhooks.list(), []);
    } finally {
      await close();
      await webhooks.close();
      await ids.close();
    }
  });
});
