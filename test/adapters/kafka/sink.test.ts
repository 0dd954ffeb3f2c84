import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaBus, kafkaSink } from '../../../src/adapters/kafka/bus.js';
import type { KafkaSettings } from '../../../src/adapters/kafka/client.js';
import { createProducer } from '../../../src/adapters/kafka/producer.js';
import { startRelay } from '../../../src/outbox-relay.js';
import { eventually, inCrewWorld } from '../../support/crew-world.js';
import { uniqueName } from '../../support/crews.js';
import { crewWith, runToEnd } from '../../support/engine.js';
import { startKafka, testKafka, type KafkaBroker } from '../../support/kafka.js';
import { memoryLogger } from '../../support/logger.js';
import { needed } from '../../support/needed.js';
import { onPath } from '../../support/on-path.js';
import { outgoing, upTo } from '../../support/sink.js';
import { testStore } from '../../support/store.js';
import { withStores } from '../store/support.js';
import { makeTopics, reading, requireKafka, settingsOf, type Seen } from './support.js';

const run = promisify(execFile);
const FAST = { idleMs: 50, leaseMs: 3_000, maxPauseMs: 500, maxRetryMs: 500 };

const sinkTo = (settings: KafkaSettings, topic: string) =>
  kafkaSink(kafkaBus(createProducer(settings, memoryLogger()), '/test'), topic);
const count = (what: string, seen: Seen[], least: number) =>
  eventually(what, () => Promise.resolve(seen.length >= least), 60_000);

describe('events to Kafka', function () {
  this.timeout(300_000);
  before(function () {
    requireKafka(this);
  });

  it('are CloudEvents in binary mode, with the run as their key and its trace', async () => {
    const settings = settingsOf((await testKafka()).brokers);
    const topic = uniqueName('events');
    await makeTopics(settings, topic);
    const sink = sinkTo(settings, topic);
    const [event] = outgoing('acme', 'run-1', 7, 7);
    assert.ok(event);
    await sink.send([{ ...event, traceparent: '00-1-2-01', tracestate: 'a=b' }]);
    await reading(settings, topic, async (seen) => {
      await count('the event', seen, 1);
      assert.equal(seen[0]?.key, 'run-1');
      assert.deepEqual(seen[0]?.value, event.event);
      assert.deepEqual(seen[0]?.headers, {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: 'run-1:7',
        ce_type: 'task.started',
        ce_source: '/test',
        ce_subject: 'run-1',
        ce_time: '1970-01-01T00:00:00.000Z',
        ce_partitionkey: 'run-1',
        ce_tenant: 'acme',
        ce_crew: 'made',
        ce_sequence: '7',
        ce_traceparent: '00-1-2-01',
        ce_tracestate: 'a=b',
        traceparent: '00-1-2-01',
        tracestate: 'a=b',
      });
    });
    await sink.close();
  });

  it('come in order, more than one request holds, and to any topic', async () => {
    const settings = settingsOf((await testKafka()).brokers);
    const topic = uniqueName('events');
    await makeTopics(settings, topic);
    const bus = kafkaBus(createProducer(settings, memoryLogger()), '/test');
    const data = 'x'.repeat(20_000);
    const time = new Date().toISOString();
    // 2 MB: a broker takes no batch over 1 MB.
    await bus.sendEvents(
      topic,
      upTo(100).map((n) => ({ id: String(n), type: 'made', time, key: 'one', data: { n, data } })),
    );
    await reading(settings, topic, async (seen) => {
      await count('all', seen, 100);
      assert.deepEqual(
        seen.map(({ headers }) => Number(headers['ce_id'])),
        upTo(100),
      );
    });
    await bus.close();
  });

  it('arrive after the broker was away while a run ended: all of them, in order', async () => {
    const broker = await startKafka();
    const settings = settingsOf(broker.brokers);
    const topic = uniqueName('events');
    try {
      await makeTopics(settings, topic);
      const { databaseUrl } = await testStore();
      await withStores(databaseUrl, 2, async (store, other) => {
        const relays = [store, other].map(({ outbox }) =>
          startRelay({ outbox, sink: sinkTo(settings, topic), logger: memoryLogger() }, FAST),
        );
        try {
          await inCrewWorld(
            {
              answers: [
                { when: 'DO-a', text: 'A' },
                { when: 'DO-b', text: 'B' },
              ],
            },
            async (world) => {
              await broker.end('SIGKILL');
              const ended = await runToEnd(world, crewWith({ a: {}, b: {} }));
              assert.equal(ended.view.status, 'completed');
              await broker.start();
              await reading(settings, topic, async (all) => {
                // The store is shared: what runs of other tests left in its outbox is sent too.
                const seen = () => all.filter(({ key }) => key === ended.runId);
                await eventually(
                  'the end of the run',
                  () => Promise.resolve(seen().some(({ headers }) => headers['ce_type'] === 'run.completed')),
                  60_000,
                );
                // At least once: by id each is there, and the first of each came in order.
                const ids = [...new Set(seen().map(({ headers }) => headers['ce_id']))];
                assert.deepEqual(
                  ids,
                  ended.events.map(({ id }) => id),
                );
              });
            },
            { outbox: store.outbox, publishOf: () => Promise.resolve({ sinks: ['kafka'] }) },
          );
        } finally {
          await Promise.all(relays.map((relay) => relay.stop()));
        }
      });
    } finally {
      await broker.stop();
    }
  });

  describe('over TLS, with a password', () => {
    let folder: string;
    let broker: KafkaBroker | undefined;
    before(async function () {
      needed(this, onPath('openssl'), 'openssl is not installed: apt-get install openssl');
      folder = await mkdtemp(join(tmpdir(), 'kafka-tls-'));
      const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
      const subject = (name: string) => ['-subj', `/CN=${name}`];
      await openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'ca.key',
        '-out',
        'ca.pem',
        '-days',
        '2',
        ...subject('test CA'),
      );
      await openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'b.key',
        '-out',
        'b.csr',
        ...subject('127.0.0.1'),
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      );
      await openssl(
        'x509',
        '-req',
        '-in',
        'b.csr',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-out',
        'b.pem',
        '-days',
        '2',
        '-copy_extensions',
        'copy',
      );
      await openssl(
        'pkcs12',
        '-export',
        '-in',
        'b.pem',
        '-inkey',
        'b.key',
        '-certfile',
        'ca.pem',
        '-out',
        'b.p12',
        '-passout',
        'pass:changeit',
      );
      broker = await startKafka({
        username: 'crews',
        password: 'let-me-in',
        keystore: join(folder, 'b.p12'),
        keystorePassword: 'changeit',
      });
    });
    after(async () => {
      await broker?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const secured = (password: string, caPath = join(folder, 'ca.pem')): KafkaSettings => ({
      ...settingsOf(broker?.brokers ?? []),
      sasl: { mechanism: 'scram-sha-512', username: 'crews', password },
      tls: { caPath },
    });

    it('arrive', async () => {
      const settings = secured('let-me-in');
      const topic = uniqueName('events');
      await makeTopics(settings, topic);
      const sink = sinkTo(settings, topic);
      await sink.send(outgoing('t', 'run-1', 1, 3));
      await reading(settings, topic, async (seen) => {
        await count('all', seen, 3);
        assert.deepEqual(
          seen.map(({ headers }) => headers['ce_id']),
          ['run-1:1', 'run-1:2', 'run-1:3'],
        );
      });
      await sink.close();
    });

    it('are not sent with a wrong password, nor to whom nobody vouches for', async () => {
      const wrong = sinkTo(secured('wrong'), 'any');
      await assert.rejects(wrong.send(outgoing('t', 'run-1', 1, 1)), /SASL|[Aa]uthentication/);
      await wrong.close();
      const unknown = sinkTo({ ...secured('let-me-in'), tls: {} }, 'any');
      await assert.rejects(unknown.send(outgoing('t', 'run-1', 1, 1)), /certificate/);
      await unknown.close();
      const absent = sinkTo(secured('let-me-in', join(folder, 'none.pem')), 'any');
      await assert.rejects(absent.send(outgoing('t', 'run-1', 1, 1)), /KAFKA_TLS_CA_PATH=.*cannot be read \(ENOENT\)/);
      await absent.close();
    });
  });
});
