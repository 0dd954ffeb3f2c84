import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { startTokenHub, type TokenHub } from '../../src/adapters/tokens/hub.js';
import { loopbackTokens } from '../../src/adapters/tokens/loopback.js';
import { noTokens } from '../../src/adapters/tokens/none.js';
import { redisTokens } from '../../src/adapters/tokens/redis.js';
import type { TokenBus, TokenMessage } from '../../src/ports.js';
import { eventually } from '../support/crew-world.js';
import { memoryLogger } from '../support/logger.js';
import { neededRedis, startRedis, type RedisServer } from '../support/redis.js';

/** What workers say until they are heard. */
const THERE = 'are you there?';

const delta = (runId: string, text: string): TokenMessage => ({
  type: 'delta',
  runId,
  call: 'a/model/1',
  attempt: 1,
  offset: 0,
  text,
});

/** What every channel does: each part has a connection of its own, as processes have. */
function describeChannel(connectTo: () => Promise<TokenBus>): void {
  const buses: TokenBus[] = [];
  const bus = async () => {
    const one = await connectTo();
    buses.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of buses.splice(0)) await one.close();
  });

  /** Says things until one is heard: a subscription takes a moment. Resolves with all that was heard of it. */
  const heardFrom = async (worker: TokenBus, heard: TokenMessage[], runId = 'r') => {
    await eventually('the worker to be heard', () => {
      worker.publish('t', delta(runId, THERE));
      return Promise.resolve(heard.length > 0);
    });
  };

  it('brings what any worker says to all gateways that listen to the run, in order', async () => {
    const [workers, gateways] = [
      [await bus(), await bus()],
      [await bus(), await bus()],
    ];
    const heard = gateways.map((gateway) => {
      const messages: TokenMessage[] = [];
      gateway.subscribe('t', 'r', (message) => messages.push(message));
      return messages;
    });
    for (const worker of workers)
      for (const messages of heard) {
        messages.length = 0;
        await heardFrom(worker, messages);
      }
    const numbers = Array.from({ length: 100 }, (_, at) => String(at));
    for (const number of numbers) workers[0]?.publish('t', delta('r', number));
    for (const messages of heard) {
      // The other worker may still be asking whether it is heard: it has a connection of its own.
      const texts = () => messages.flatMap((one) => (one.type === 'delta' && one.text !== THERE ? [one.text] : []));
      await eventually('the last one', () => Promise.resolve(texts().at(-1) === '99'));
      assert.deepEqual(texts(), numbers);
    }
  });

  it('tells other runs, other tenants and who has left nothing', async () => {
    const [worker, gateway] = [await bus(), await bus()];
    const heard: Record<string, TokenMessage[]> = { mine: [], other: [], tenant: [], left: [] };
    const leave = gateway.subscribe('t', 'r', (message) => heard['left']?.push(message));
    gateway.subscribe('t', 'r', (message) => heard['mine']?.push(message));
    gateway.subscribe('t', 'other', (message) => heard['other']?.push(message));
    gateway.subscribe('other', 'r', (message) => heard['tenant']?.push(message));
    leave();
    await heardFrom(worker, heard['mine'] ?? []);
    assert.deepEqual([heard['other'], heard['tenant'], heard['left']], [[], [], []]);
  });
}

describe('the loopback channel of live text', () => {
  const secret = 'a secret of this test';
  let hub: TokenHub;
  beforeEach(async () => {
    hub = await startTokenHub(secret);
  });
  afterEach(() => hub.close());

  describeChannel(() => Promise.resolve(loopbackTokens({ port: hub.port, secret })));

  it('tells workers whether anybody listens', async () => {
    const [worker, gateway] = [loopbackTokens({ port: hub.port, secret }), loopbackTokens({ port: hub.port, secret })];
    try {
      assert.equal(worker.wanted('t', 'r'), false);
      const leave = [gateway.subscribe('t', 'r', () => undefined), gateway.subscribe('t', 'r', () => undefined)];
      await eventually('it to be wanted', () => Promise.resolve(worker.wanted('t', 'r')));
      leave[0]?.();
      leave[1]?.();
      await eventually('it to be unwanted', () => Promise.resolve(!worker.wanted('t', 'r')));
      gateway.subscribe('t', 'r', () => undefined);
      await eventually('it to be wanted', () => Promise.resolve(worker.wanted('t', 'r')));
      await gateway.close();
      await eventually('it to be unwanted', () => Promise.resolve(!worker.wanted('t', 'r')));
    } finally {
      await worker.close();
      await gateway.close();
    }
  });

  it('lets nobody in without the secret, and survives noise', async () => {
    const ended = (first: string) =>
      new Promise<string>((resolve) => {
        let got = '';
        const socket = connect(hub.port, '127.0.0.1', () => socket.write(first));
        socket.on('data', (data) => (got += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(got));
      });
    const gateway = loopbackTokens({ port: hub.port, secret });
    const heard: TokenMessage[] = [];
    gateway.subscribe('t', 'r', (message) => heard.push(message));
    const worker = loopbackTokens({ port: hub.port, secret });
    await eventually('it to be wanted', () => Promise.resolve(worker.wanted('t', 'r')));
    const frames = [
      { is: 'hello', secret: 'another' },
      { is: 'hello' },
      { is: 'sub', topic: 't/r' },
      { is: 'message', topic: 't/r', message: delta('r', 'forged') },
    ];
    for (const noise of [...frames.map((frame) => `${JSON.stringify(frame)}\n`), 'GET / HTTP/1.1\r\n\r\n', 'null\n'])
      assert.equal(await ended(noise), '', noise);
    worker.publish('t', delta('r', 'mine'));
    await eventually('the word', () => Promise.resolve(heard.length > 0));
    assert.deepEqual(
      heard.map((one) => one.type === 'delta' && one.text),
      ['mine'],
    );
    await worker.close();
    await gateway.close();
  });
});

describe('the Redis channel of live text', () => {
  let redis: RedisServer | undefined;
  const logger = memoryLogger();
  const url = () => redis?.url ?? assert.fail('Redis was not started');
  before(async function () {
    redis = await startRedis(neededRedis(this));
  });
  after(() => redis?.stop());

  describeChannel(() => redisTokens(url(), logger));

  it('goes on when Redis is back, and hurts nobody while it is away', async function () {
    const [worker, gateway] = [await redisTokens(url(), logger), await redisTokens(url(), logger)];
    const heard: TokenMessage[] = [];
    gateway.subscribe('t', 'r', (message) => heard.push(message));
    const isHeard = () =>
      eventually('the worker to be heard', () => {
        worker.publish('t', delta('r', 'there?'));
        return Promise.resolve(heard.length > 0);
      });
    try {
      await isHeard();
      const port = Number(new URL(url()).port);
      await redis?.stop();
      await eventually('the loss to be seen', () => Promise.resolve(!worker.wanted('t', 'r')));
      worker.publish('t', delta('r', 'into the void'));
      heard.length = 0;
      redis = await startRedis(neededRedis(this), port);
      await isHeard();
    } finally {
      await worker.close();
      await gateway.close();
    }
  });
});

describe('no channel of live text', () => {
  it('is never listened to', async () => {
    const bus = noTokens();
    bus.subscribe('t', 'r', () => assert.fail('told'))();
    bus.publish('t', delta('r', 'x'));
    assert.equal(bus.wanted('t', 'r'), false);
    await bus.close();
  });
});
