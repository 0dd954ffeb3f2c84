import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { z } from 'zod';
import { createPayloadSealing } from '../../src/adapters/encryption/codec-server.js';
import type { Keyring } from '../../src/adapters/encryption/keyring.js';
import { createStoreCipher } from '../../src/adapters/encryption/store-cipher.js';
import { openStore, type PostgresStore } from '../../src/adapters/store/index.js';
import { reachableDigests } from '../../src/adapters/temporal/reachable.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { defineTool } from '../../src/authoring/define.js';
import { failureConverterPath } from '../../src/compose-encryption.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import type { OutgoingEvent, StoreCipher } from '../../src/ports.js';
import { findTemporalCli } from '../../temporal/find-cli.js';
import { testApp } from '../support/app.js';
import { gatewayOf, sayer } from '../support/coordination.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, uniqueName } from '../support/crews.js';
import { bytesUnder, changingConverter, ringOf, valuesOf } from '../support/encryption.js';
import { adder, crewWith, decide, ended, runToEnd, toolCall } from '../support/engine.js';
import { memoryLogger } from '../support/logger.js';
import { startEmbeddedStore, stopped } from '../support/store.js';
import { serverOnDisk } from '../support/temporal.js';
import { deliveryThatIs, startReceiver } from '../support/webhooks.js';

/** What each text of a run begins with, and by which it is told from the others. */
const MARK = 'zqmarker';
const mark = (place: string) => `${MARK}-${place}-z`;
const long = (place: string) => `${mark(place)} `.repeat(800);

/** Where texts of people and models come from; none of them may be found. */
const PLACES = [
  'input',
  'role',
  'argument',
  'toolresult',
  'draft',
  'question',
  'feedback',
  'message',
  'edit',
  'long',
  'forked',
  'failure',
  'thrown',
  'cancelled',
  'carried',
  'batch',
  'schedule',
  'thread',
  'definition',
  'outbox',
  'hookurl',
  'hookdescription',
  'hookevent',
  'hookanswer',
];

const lookup = defineTool({
  name: 'lookup',
  description: 'Looks something up',
  input: z.object({ q: z.string() }),
  run: ({ q }) => (q.includes('throw') ? Promise.reject(new Error(mark('thrown'))) : long('toolresult')),
});

const answers = [
  { when: 'DO-a', tool_calls: [{ name: 'lookup', arguments: { q: mark('argument') } }] },
  { when: 'DO-a', tool_calls: [{ name: 'lookup', arguments: { q: 'throw' } }] },
  { when: 'DO-a', text: mark('draft') },
  { when: 'DO-a', text: mark('second') },
  { when: 'DO-b', text: long('long'), repeat: true },
  { when: 'DO-f', error: { status: 400, message: mark('failure') }, repeat: true },
  { when: 'DO-c', text: mark('cancelled') },
  ...Array.from({ length: 30 }, (_, at) => ({ ...toolCall('add', { a: at, b: 1 }, 'DO-d'), text: mark('carried') })),
  { when: 'DO-d', text: mark('carried') },
  { when: 'SAY', text: 'words', repeat: true },
];

const asked = { approval: { question: mark('question') } };

/** Runs that do all that a run can do, with a marker in each text. Gives the first one's id. */
async function play(world: CrewWorld): Promise<string> {
  const crew = crewWith(
    { a: { description: 'DO-a {topic}', ...asked }, b: { tools: [] } },
    { inputs: { topic: {} } },
    { role: mark('role'), tools: ['lookup'] },
  );
  const runId = await world.start(crew, { topic: mark('input') });
  const first = await openApproval(world, runId);
  await eventually('the inbox', async () => {
    const { runs } = await world.runs.inbox({ tenant: DEFAULT_TENANT, limit: 10 });
    return runs.some(({ open }) => open.some(({ question }) => question === mark('question')));
  });
  await decide(world, runId, { approvalId: first.id, action: 'reject', feedback: mark('feedback') });
  const second = await eventually('the second approval', async () => {
    const { view } = await world.runs.get(DEFAULT_TENANT, runId);
    return view.approvals.find(({ id, status }) => id !== first.id && status === 'open');
  });
  await world.runs.message(DEFAULT_TENANT, runId, { text: mark('message'), by: 'ada' }, 'message-1');
  await decide(world, runId, { approvalId: second.id, action: 'edit', output: mark('edit') });
  const end = await ended(world, runId);
  assert.equal(end.view.status, 'completed');
  assert.equal(end.task('a').output, mark('edit'));

  const gateway = gatewayOf(world, catalogOf(sayer));
  const forked = await gateway.post(`/v1/runs/${runId}/fork`, { fromTask: 'b', edits: { a: mark('forked') } });
  assert.equal(forked.status, 201, forked.text);
  assert.equal((await ended(world, forked.json.runId)).task('a').output, mark('forked'));

  const failed = await runToEnd(world, crewWith({ f: {} }));
  assert.equal(failed.view.status, 'failed');
  assert.match(JSON.stringify(failed.view), new RegExp(mark('failure')));

  const cancelled = await world.start(crewWith({ c: { human_input: true } }), {});
  await openApproval(world, cancelled);
  await world.runs.cancel(DEFAULT_TENANT, cancelled, 'enough');
  assert.equal((await ended(world, cancelled)).view.status, 'cancelled');

  const renewed = await runToEnd(world, crewWith({ d: {} }, {}, { tools: ['add'], max_iter: 50 }));
  assert.equal(renewed.view.result?.output, mark('carried'));
  assert.ok((await world.histories(renewed.runId)).length > 1);

  await coordinate(world, gateway);
  const definition = { ...sayer.definition, description: mark('definition') };
  const put = await world.store.putDefinition(DEFAULT_TENANT, { name: 'kept', digest: 'a'.repeat(64), definition });
  assert.deepEqual(put, { version: 1, created: true });
  const kept = await world.store.getDefinition(DEFAULT_TENANT, 'kept');
  assert.deepEqual([kept?.definition, kept?.digest], [definition, 'a'.repeat(64)]);
  return runId;
}

/** A batch, a run of a thread, and one of a schedule. */
async function coordinate(world: CrewWorld, { post, get, send }: ReturnType<typeof gatewayOf>): Promise<void> {
  const batch = await post('/v1/batches', { crew: 'sayer', items: [{ inputs: { topic: mark('batch') } }] });
  assert.equal(batch.status, 201, batch.text);
  const id = uniqueName('nightly').slice(0, 30);
  const inputs = { topic: mark('schedule') };
  const schedule = await post('/v1/schedules', { id, crew: 'sayer', inputs, cron: ['0 2 1 1 *'] });
  assert.equal(schedule.status, 201, schedule.text);
  assert.deepEqual((await get(`/v1/schedules/${id}`)).json.inputs, inputs);
  assert.equal((await post(`/v1/schedules/${id}/trigger`, {})).status, 202);
  const thread = await post('/v1/runs', { crew: 'sayer', inputs: { topic: mark('thread') }, thread: 'talk' });
  assert.equal(thread.status, 201, thread.text);
  await eventually('all to have ended', async () => {
    const { json } = await get(`/v1/batches/${batch.json.batchId}`);
    const { recentRuns } = (await get(`/v1/schedules/${id}`)).json as { recentRuns?: { status: string }[] };
    const run = await get(`/v1/runs/${thread.json.runId}`);
    return json.endedAt && recentRuns?.[0]?.status === 'completed' && run.json.status === 'completed';
  });
  await send('DELETE', `/v1/schedules/${id}`);
  await eventually('eight runs in the list', async () => {
    const { rows } = await world.runs.list({ tenant: DEFAULT_TENANT, limit: 50 });
    return rows.length >= 8;
  });
}

/** An event on its way out, and one that a webhook refuses in words of its own. */
async function tell(store: PostgresStore, databaseUrl: string, cipher: StoreCipher | undefined): Promise<string> {
  const saying = (place: string): OutgoingEvent => ({
    tenant: DEFAULT_TENANT,
    event: {
      id: `${place}:1`,
      seq: 1,
      type: 'run.failed',
      time: new Date().toISOString(),
      runId: place,
      crew: 'c',
      data: { code: 'Run.Failed', message: mark(place) },
    },
  });
  await store.outbox.put(['webhooks'], [saying('outbox')]);
  const receiver = await startReceiver((_got, respond) => respond.writeHead(500).end(mark('hookanswer')));
  const webhooks = openWebhooks({ databaseUrl, allowPrivate: true, ...(cipher && { cipher }) });
  const stop = new AbortController();
  try {
    const spec = { description: mark('hookdescription'), events: ['*'], global: true, enabled: true };
    const url = `${receiver.url}/${mark('hookurl')}`;
    const { secret } = await webhooks.create(DEFAULT_TENANT, 'one', { url, ...spec }, 'digest');
    await webhooks.sink.send([saying('hookevent')]);
    const settings = { timeoutMs: 5_000, userAgent: 'test', pollMs: 50, disableAfterMs: 1e9, retentionMs: 1e9 };
    const running = webhooks.dispatcher({ ...settings, scheduleMs: [0] }, memoryLogger()).run(stop.signal);
    const failed = await deliveryThatIs(webhooks, DEFAULT_TENANT, 'one', 'failed');
    stop.abort();
    await running;
    assert.equal(failed.attempts[0]?.answer, mark('hookanswer'));
    assert.equal(receiver.got[0]?.path, `/${mark('hookurl')}`);
    assert.ok(receiver.got[0]?.body.includes(mark('hookevent')));
    return secret;
  } finally {
    stop.abort();
    await webhooks.close();
    receiver.close();
  }
}

/** Plays everything on a server and a store with files of their own, with and without keys; gives where each marker is found. */
async function found(
  keys: Keyring | undefined,
  also: (world: CrewWorld, runId: string, address: string) => Promise<void>,
): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'at-rest-'));
  const server = await serverOnDisk(join(folder, 'temporal.db'), keys && failureConverterPath());
  const embedded = await startEmbeddedStore(join(folder, 'store'));
  const store = openStore({ ...embedded, ...(keys && { cipher: createStoreCipher(keys) }) });
  const { tool: add } = adder();
  try {
    const secret = await tell(store, embedded.databaseUrl, keys && createStoreCipher(keys));
    await inCrewWorld({ answers }, async (world) => also(world, await play(world), server.env.address), {
      server,
      store,
      tools: [lookup, add],
      crews: catalogOf(sayer),
      ...(keys && { dataConverter: changingConverter(() => keys).dataConverter }),
    });
    const values = await valuesOf(embedded.databaseUrl);
    await store.close();
    await stopped(embedded.process);
    const everywhere = [...values, ...bytesUnder(folder)];
    return new Map(
      [MARK, secret, ...PLACES.map(mark)].map((text) => [
        text,
        everywhere.filter(({ bytes }) => bytes.includes(text)).map(({ where }) => where),
      ]),
    );
  } finally {
    await store.close().catch(() => undefined);
    await stopped(embedded.process);
    await server.env.teardown();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Temporal's own command shows of a run, with its payloads' bytes read. */
async function shown(address: string, runId: string, ...args: string[]): Promise<string> {
  const { path } = await findTemporalCli({ onProgress: () => undefined });
  const show = ['workflow', 'show', '-w', workflowIdOf(DEFAULT_TENANT, runId), '-o', 'json', '--address', address];
  const { stdout } = await promisify(execFile)(path, [...show, ...args], { maxBuffer: 100_000_000 });
  return stdout.replaceAll(/"data": "([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString('latin1'));
}

describe('data at rest', function () {
  this.timeout(400_000);

  it('is found in the files of Temporal and of the store where it is not encrypted', async () => {
    const where = await found(undefined, () => Promise.resolve());
    assert.deepEqual(
      PLACES.filter((place) => where.get(mark(place))?.length === 0),
      [],
      'places where the search would not find anything',
    );
  });

  it('is found nowhere where it is, and Temporal shows it to who asks our codec server', async () => {
    const keys = ringOf('k1');
    const where = await found(keys, async (world, runId, address) => {
      const { app } = testApp({ sealing: createPayloadSealing(keys, assert.fail) });
      const server = createServer((request, response) => void getRequestListener(app.fetch)(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        assert.ok(!(await shown(address, runId)).includes(MARK));
        const decoded = await shown(address, runId, '--codec-endpoint', `${base}/codec/${DEFAULT_TENANT}`);
        const missing = ['input', 'draft', 'feedback', 'edit'].filter((place) => !decoded.includes(mark(place)));
        assert.deepEqual(missing, [], 'decoded');
        const others = await shown(address, runId, '--codec-endpoint', `${base}/codec/other`);
        assert.ok(!others.includes(MARK));
      } finally {
        server.close();
        server.closeAllConnections();
      }
      // What a run speaks of is found in its encrypted history: its long texts are not collected.
      const kept = new Set<string>();
      for await (const { digests } of reachableDigests(world.client)) for (const digest of digests) kept.add(digest);
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      const ref = view.tasks.find(({ id }) => id === 'b')?.outputRef?.ref;
      assert.ok(ref !== undefined && kept.has(ref), `${ref} among ${kept.size}`);
    });
    for (const [text, places] of where) assert.deepEqual(places, [], text);
  });
});
