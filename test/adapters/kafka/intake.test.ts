import assert from 'node:assert/strict';
import type { Message } from 'kafkajs';
import { startIntake } from '../../../src/adapters/kafka/intake.js';
import { parseIntakeConfig } from '../../../src/adapters/kafka/intake-config.js';
import { createProducer } from '../../../src/adapters/kafka/producer.js';
import { openWebhooks } from '../../../src/adapters/webhooks/index.js';
import { DEFAULT_TENANT } from '../../../src/contract/ids.js';
import { RunsError } from '../../../src/contract/runs-error.js';
import { eventHandler } from '../../../src/intake/handle-event.js';
import type { CrewRuns, StartRun } from '../../../src/ports.js';
import { decisionSchemas, registryOf } from '../../support/app.js';
import { answersAfter, sayer } from '../../support/coordination.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../../support/crew-world.js';
import { catalogOf, uniqueName } from '../../support/crews.js';
import { crewWith, ended } from '../../support/engine.js';
import { testKafka } from '../../support/kafka.js';
import { memoryLogger } from '../../support/logger.js';
import { testStore } from '../../support/store.js';
import { makeTopics, reading, requireKafka, settingsOf, type Seen } from './support.js';

/** What an intake of one test listens to, and what it did. */
interface Listening {
  send(topic: 'start' | 'decide' | 'gone', ...messages: Message[]): Promise<void>;
  /** The endpoint that is told of the runs of `start`. */
  webhook: string;
  dead: Seen[];
  /** The runs that were asked for, also those that were there already. */
  started: { run: StartRun; created: boolean }[];
}

const json = (value: unknown, id?: string): Message => ({
  key: 'one',
  value: JSON.stringify(value),
  ...(id !== undefined && { headers: { ce_id: id, ce_source: '/orders' } }),
});

/** An intake on the real broker, in front of the world's runs. */
async function listening(
  world: CrewWorld,
  use: (intake: Listening) => Promise<void>,
  trouble?: (run: StartRun) => boolean,
) {
  const settings = settingsOf((await testKafka()).brokers);
  const [start, decide, gone, dead] = [
    uniqueName('start'),
    uniqueName('decide'),
    uniqueName('gone'),
    uniqueName('dead'),
  ];
  await makeTopics(settings, start, decide, gone, dead);
  const webhooks = openWebhooks({ databaseUrl: (await testStore()).databaseUrl, allowPrivate: false });
  const webhook = uniqueName('hook').slice(0, 40);
  const spec = { url: 'https://example.com/hook', events: ['*'], global: false, enabled: true };
  await webhooks.create(DEFAULT_TENANT, webhook, spec, 'digest');
  const yaml = `
deadLetterTopic: ${dead}
groupId: ${uniqueName('group')}
topics:
  ${start}:
    crew: sayer
    inputs: {topic: {path: order.about}}
    label: {value: from Kafka}
    webhooks: [${webhook}]
    id: order.id
  ${decide}: {decisions: true}
  ${gone}: {crew: sayer, webhooks: [${webhook}, nobody]}
`;
  const { topics, groupId } = parseIntakeConfig('intake.yaml', Buffer.from(yaml));
  const started: Listening['started'] = [];
  const runs: CrewRuns = {
    ...world.runs,
    start: async (run) => {
      if (trouble?.(run) === true) throw new RunsError('temporal_unavailable', 'Temporal cannot be reached');
      const answer = await world.runs.start(run);
      started.push({ run, created: answer.created });
      return answer;
    },
  };
  const logger = memoryLogger();
  const producer = createProducer(settings, logger);
  const handle = eventHandler(
    {
      ...{ runs, threads: world.threads, store: world.store, crews: catalogOf(sayer), known: {}, logger },
      ...{ models: registryOf('scripted-model'), decisionSchemas: decisionSchemas(), webhooks },
    },
    topics,
  );
  const options = {
    topics: Object.keys(topics),
    groupId,
    deadLetterTopic: dead,
    // Nobody takes over here: longer than a busy machine stands still.
    sessionMs: 30_000,
    signal: new AbortController().signal,
  };
  const intake = await startIntake({ settings, producer, handle, logger }, options);
  try {
    await reading(settings, dead, (letters) =>
      use({
        dead: letters,
        started,
        webhook,
        send: (topic, ...messages) => producer.send({ start, decide, gone }[topic], messages),
      }),
    );
  } finally {
    await intake.stop();
    await producer.close();
    await webhooks.remove(DEFAULT_TENANT, webhook);
    await webhooks.close();
  }
}

/** Why events are dead letters. One that came twice, as any may, is one. */
const codesOf = (dead: Seen[]) => {
  const places = ['topic', 'partition', 'offset'].map((part) => `dead-letter-${part}`);
  const byEvent = dead.map(({ headers }) => [places.map((place) => headers[place]).join(' '), headers] as const);
  return [...new Map(byEvent).values()].map((headers) => headers['dead-letter-code']);
};

const until = (what: string, holds: () => boolean) => eventually(what, () => Promise.resolve(holds()), 60_000);

describe('events from Kafka', function () {
  this.timeout(300_000);
  before(function () {
    requireKafka(this);
  });

  it('start runs, the same event one run; what cannot be read or is refused is a dead letter with its reason', async () => {
    await inCrewWorld({ answers: answersAfter() }, (world) =>
      listening(world, async ({ send, dead, started, webhook }) => {
        await send('gone', json({ topic: 'tea' }, 'g-1'));
        await send(
          'start',
          json({ order: { about: 'tea' } }, 'e-1'),
          { key: 'one', value: 'no JSON' },
          json({ order: { about: 'tea' } }, 'e-1'),
          json({ order: { about: 'rice' } }, 'e-1'),
          json({ order: {} }, 'e-2'),
          json({ order: { about: 'salt', id: 'e-1' } }),
          json({ order: { about: 'salt' } }),
          { key: 'one', value: null },
        );
        await until('six dead letters', () => new Set(codesOf(dead)).size >= 6);
        await until('the starts of three events', () => started.length >= 4);
        assert.deepEqual(codesOf(dead).sort(), [
          'empty_event',
          'event_without_id',
          'idempotency_key_reused',
          'invalid_inputs',
          'invalid_request',
          'not_json',
        ]);
        const refused = dead.find(({ headers }) => headers['dead-letter-code'] === 'invalid_inputs');
        assert.match(refused?.headers['dead-letter-reason'] ?? '', /inputs\.topic: /);
        assert.match(refused?.headers['dead-letter-topic'] ?? '', /^start/);
        assert.equal(refused?.headers['ce_id'], 'e-2');
        assert.deepEqual(refused?.value, { order: {} });
        // A start whose answer came too late is made again: the run is told by its id, and created once at most.
        const runIds = [...new Set(started.map(({ run }) => run.runId))];
        const of = (runId: string) => started.filter(({ run }) => run.runId === runId);
        assert.deepEqual(
          runIds.map((runId) => of(runId)[0]?.run).map((run) => [run?.inputs, run?.label, run?.webhooks]),
          [
            [{ topic: 'tea' }, 'from Kafka', [webhook]],
            [{ topic: 'salt' }, 'from Kafka', [webhook]],
          ],
        );
        for (const runId of runIds) {
          assert.ok(of(runId).filter(({ created }) => created).length <= 1);
          const { view } = await ended(world, runId);
          assert.deepEqual([view.status, view.inputs], ['completed', of(runId)[0]?.run.inputs]);
        }
        const unheard = dead.find(({ headers }) => headers['dead-letter-code'] === 'invalid_request');
        assert.match(unheard?.headers['dead-letter-reason'] ?? '', /webhooks\.1: There is no webhook 'nobody'/);
      }),
    );
  });

  it('decide approvals, once; what is decided already is a dead letter', async () => {
    await inCrewWorld({ answers: [{ when: 'DO-a', text: 'A' }] }, (world) =>
      listening(world, async ({ send, dead }) => {
        const runId = await world.start(crewWith({ a: { human_input: true } }), {});
        const { id: approvalId } = await openApproval(world, runId);
        const decision = { runId, approvalId, action: 'approve', by: 'ada' };
        await send('decide', json({ ...decision, action: 'dance' }, 'd-0'), json(decision, 'd-1'));
        const run = await ended(world, runId);
        assert.deepEqual(run.view.approvals[0]?.decision?.by, 'ada');
        assert.equal(run.view.approvals[0]?.decision?.via, 'event');
        await send('decide', json(decision, 'd-1'), json(decision, 'd-2'), json({ ...decision, runId: 'none' }, 'd-3'));
        await until('three dead letters', () => new Set(codesOf(dead)).size >= 3);
        const codes = Object.fromEntries(dead.map(({ headers }) => [headers['ce_id'], headers['dead-letter-code']]));
        assert.equal(codes['d-0'], 'invalid_decision');
        assert.ok(!('d-1' in codes), 'the same event again is no second decision');
        assert.match(codes['d-2'] ?? '', /^(approval|run)_closed$/);
        assert.equal(codes['d-3'], 'run_not_found');
      }),
    );
  });

  it('wait while Temporal is away, in order, and are no dead letters', async () => {
    const tried: unknown[] = [];
    await inCrewWorld({ answers: answersAfter() }, (world) =>
      listening(
        world,
        async ({ send, dead, started }) => {
          await send('start', ...[1, 2, 3].map((n) => json({ order: { about: `tea ${n}` } }, `t-${n}`)));
          const topics = [1, 2, 3].map((n) => `tea ${n}`);
          const begun = () => [...new Set(started.map(({ run }) => run.inputs['topic']))];
          await until('three runs', () => begun().length >= 3);
          assert.deepEqual(begun(), topics);
          assert.deepEqual(dead, []);
          assert.deepEqual(tried.slice(0, 4), Array(4).fill(topics[0]), 'the first was tried four times');
        },
        ({ inputs }) => tried.push(inputs['topic']) <= 3,
      ),
    );
  });

  it('are configured by a file whose errors have a place', () => {
    const wrong = (yaml: string) => () => parseIntakeConfig('intake.yaml', Buffer.from(yaml));
    assert.throws(wrong('deadLetterTopic: dead\ntopics: {}'), /intake\.yaml:2:\d+ topics: Expected at least one topic/);
    assert.throws(
      wrong('deadLetterTopic: a\ntopics: {a: {crew: c}}'),
      /intake\.yaml:1:\d+ deadLetterTopic: Expected another/,
    );
    assert.throws(wrong('deadLetterTopic: d\ntopics: {a: {crew: c, inputs: {x: {paht: y}}}}'), /intake\.yaml:2/);
    assert.throws(wrong('deadLetterTopic: d\ntopics: {a: {crew: c, tenant: a/b}}'), /intake\.yaml:2/);
    assert.throws(wrong('deadLetterTopic: d\ntopics: {a: {crew: c, webhooks: ["a/b"]}}'), /intake\.yaml:2/);
  });
});
