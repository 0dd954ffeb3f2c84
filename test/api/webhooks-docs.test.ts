import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { newSecret } from '../../src/adapters/webhooks/secrets.js';
import { RETRY_SCHEDULE_MS } from '../../src/adapters/webhooks/schedule.js';
import { RUN_EVENT_TYPES } from '../../src/contract/event-types.js';
import { eventually } from '../support/crew-world.js';
import { freePort } from '../support/free-port.js';
import { stopped } from '../support/store.js';
import { startReceiver } from '../support/webhooks.js';

const page = readFileSync('docs/webhooks.md', 'utf8');

describe('docs/webhooks.md', () => {
  it('has a receiver that verifies, dedupes, and tells assignees', async () => {
    const [, program = ''] = /```ts\n([^]*?)```/.exec(page) ?? [];
    mkdirSync('build', { recursive: true });
    const folder = mkdtempSync(join('build', 'webhook-docs-'));
    writeFileSync(join(folder, 'receiver.mts'), program);
    const chat = await startReceiver((got, respond) => respond.writeHead(got.length === 1 ? 500 : 200).end());
    const [port, secret] = [await freePort(), newSecret()];
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret, CHAT_URL: chat.url };
    const child = spawn(process.execPath, ['--import', 'tsx', join(folder, 'receiver.mts')], { env, stdio: 'inherit' });
    const send = async (id: string, event: object, signedWith = secret) => {
      const at = new Date();
      const body = JSON.stringify(event);
      const { status } = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(signedWith).sign(id, at, body),
        },
        body,
      });
      return status;
    };
    const asking = { type: 'approval.requested', runId: 'r1', crew: 'c', data: { assignees: ['ada', 'bob'] } };
    try {
      await eventually('the receiver', () =>
        send('0', { ...asking, type: 'run.started' }).then(
          () => true,
          () => false,
        ),
      );
      assert.equal(await send('1', asking, newSecret()), 401);
      assert.equal(chat.got.length, 0);
      // What the chat refuses comes again; what it took does not.
      assert.deepEqual([await send('1', asking), await send('1', asking), await send('1', asking)], [503, 204, 204]);
      assert.deepEqual(JSON.parse(chat.got[0]?.body ?? ''), {
        text: 'ada, bob: a run of c waits for you: crew show r1',
      });
      assert.equal(await send('2', { ...asking, type: 'approval.escalated', data: { notify: ['eve'] } }), 204);
      assert.deepEqual(
        chat.got.map(({ body }) => (JSON.parse(body) as { text: string }).text.split(':')[0]),
        ['ada, bob', 'ada, bob', 'eve'],
      );
    } finally {
      await stopped(child);
      chat.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('names every type of event, every variable, and the waits as they are', () => {
    for (const type of RUN_EVENT_TYPES) assert.ok(page.includes(`\`${type}\``), type);
    const example = readFileSync('.env.example', 'utf8');
    for (const [, name = ''] of example.matchAll(/^(WEBHOOKS_\w+)=/gm)) assert.ok(page.includes(`\`${name}`), name);
    const rows = new Map([...page.matchAll(/\| (\d+) +\| (at once|\d+ \w+) /g)].map(([, at, wait]) => [at, wait]));
    const unit = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
    for (const [at, ms] of RETRY_SCHEDULE_MS.entries()) {
      const [count, name] = (rows.get(String(at + 1)) ?? '').split(' ');
      assert.equal(count === 'at' ? 0 : Number(count) * unit[name as keyof typeof unit], ms, `try ${at + 1}`);
    }
  });
});
