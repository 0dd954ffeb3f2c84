import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayClient, GatewayRefusal } from '../../../src/dev/gateway-client.js';

const SIGNAL = new AbortController().signal;

describe('the client of npm start', () => {
  let server: Server;
  let client: GatewayClient;
  let answers: (number | 'cut')[] = [];
  let heard: IncomingHttpHeaders[] = [];

  beforeEach(async () => {
    heard = [];
    server = createServer((request, response) => {
      heard.push(request.headers);
      const answer = answers.shift() ?? 200;
      if (answer === 'cut') return request.socket.destroy();
      response.writeHead(answer, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          answer < 300 ? { runId: 'r1', links: {}, runs: [1, 2] } : { title: 'No', detail: 'Unknown crew' },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('starts a run through a cut connection and a 503, under one idempotency key', async () => {
    answers = ['cut', 503, 201];
    assert.equal((await client.start('research-summary', { topic: 'tea' }, SIGNAL)).runId, 'r1');
    assert.equal(heard.length, 3);
    assert.equal(new Set(heard.map((headers) => headers['idempotency-key'])).size, 1);
    assert.ok(heard[0]?.['idempotency-key']);
  });

  it('does not insist where it is refused, and passes the reason on', async () => {
    answers = [404];
    await assert.rejects(
      client.start('no-such-crew', {}, SIGNAL),
      (error: Error) => error instanceof GatewayRefusal && error.message === 'Unknown crew',
    );
    assert.equal(heard.length, 1);
  });

  it('tells that a run cannot be read at the moment from that there is none', async () => {
    answers = [503, 'cut', 404];
    assert.equal(await client.get('r1', SIGNAL), undefined);
    assert.equal(await client.get('r1', SIGNAL), undefined);
    await assert.rejects(client.get('r1', SIGNAL), GatewayRefusal);
  });

  it('waits until the gateway is ready', async () => {
    answers = [503, 'cut', 503, 200];
    await client.ready(SIGNAL);
    assert.equal(heard.length, 4);
  });

  it('gives up when told to', async () => {
    answers = Array.from({ length: 1_000 }, () => 503);
    const stop = new AbortController();
    const waiting = client.ready(stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(waiting);
  });
});
