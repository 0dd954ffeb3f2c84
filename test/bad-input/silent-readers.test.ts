import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { loopbackTokens } from '../../src/adapters/tokens/loopback.js';
import { startTokenHub } from '../../src/adapters/tokens/hub.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { createHttpServer } from '../../src/http-server.js';
import type { RunWatch, WatchItem } from '../../src/ports.js';
import { testApp } from '../support/app.js';
import { eventually } from '../support/crew-world.js';
import { crewDocument } from '../support/crews.js';
import { megabytes, peakMegabytes } from '../support/memory.js';
import { send, sendUntilTaken, startService } from '../support/service.js';

const TIMES = { requestMs: 30_000, headersMs: 10_000, checkMs: 2_000 };
const READERS = 200;
/** Of live text for each reader: far more than the buffers of a connection hold. */
const FLOOD = { messages: 600, chars: 10_000 };

/** Asks for a stream and never reads a byte of it. */
async function silentReader(port: number, path: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  return socket;
}

describe('readers of streams that never read', function () {
  this.timeout(300_000);

  it('are let go of with their connections', async () => {
    const signals: AbortSignal[] = [];
    const watch: RunWatch = {
      open: (_tenant, _runId, { signal }) => {
        signals.push(signal);
        return Promise.resolve({ isOver: false, items: endless(signal) });
      },
    };
    const { app } = testApp({ watch, settings: { stalledMs: 500 } });
    const server = createHttpServer(app.fetch, '127.0.0.1', { ...TIMES, stalledMs: 500 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sockets = await Promise.all(Array.from({ length: 20 }, () => silentReader(port, '/v1/runs/r/events')));
    try {
      await eventually('the watches to end', () =>
        Promise.resolve(signals.length === 20 && signals.every(({ aborted }) => aborted)),
      );
      const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
      await eventually('the connections to be closed', async () => (await open()) === 0);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    }
  });

  it(`cost a gateway little, ${READERS} at once, and nobody else anything`, async () => {
    const hub = await startTokenHub('secret');
    const asking = {
      ...crewDocument(),
      name: 'asking',
      tasks: { write: { description: 'WRITE', expected_output: 'x', agent: 'writer', human_input: true } },
    };
    const script = { answers: [{ text: 'words', repeat: true }] };
    const env = { TOKEN_HUB_PORT: String(hub.port), TOKEN_HUB_SECRET: 'secret' };
    const service = await startService(script, [asking], env);
    const tokens = loopbackTokens({ port: hub.port, secret: 'secret' });
    const sockets: Socket[] = [];
    try {
      const start = ['/v1/runs', { crew: 'asking', inputs: { topic: 'tea' } }] as const;
      const { body } = await sendUntilTaken<{ runId: string }>(service, 'POST', ...start, { 'idempotency-key': 'k0' });
      const { runId } = body;
      const approval = await eventually('the approval', async () => {
        const run = await send<{ approvals?: { id: string }[] }>(service, 'GET', `/v1/runs/${runId}`);
        return run.body.approvals?.[0]?.id;
      });
      const path = `/v1/runs/${runId}/events?deltas=true`;
      const good = await fetch(service.api + path);
      let heard = '';
      let deltas = 0;
      const reading = (async () => {
        for await (const chunk of good.body ?? []) {
          const text = Buffer.from(chunk as Uint8Array).toString();
          deltas += text.split('event: delta').length - 1;
          heard = (heard + text).slice(-5_000);
        }
      })();
      const port = Number(new URL(service.api).port);
      for (let at = 0; at < READERS; at++) sockets.push(await silentReader(port, path));
      await eventually('somebody to listen', () => Promise.resolve(tokens.wanted(DEFAULT_TENANT, runId)));
      const before = megabytes(service.pid('gateway'));
      for (let at = 0; at < FLOOD.messages; at++) {
        const text = 'x'.repeat(FLOOD.chars);
        tokens.publish(DEFAULT_TENANT, { type: 'delta', runId, call: 'write/model/1', attempt: 1, offset: 0, text });
        // In the measure of a fast model, so that the channel itself loses little.
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const started = performance.now();
      assert.equal((await send(service, 'GET', '/healthz')).status, 200);
      const health = performance.now() - started;
      const decision = [`/v1/runs/${runId}/approvals/${approval}`, { action: 'approve' }] as const;
      const decided = await sendUntilTaken(service, 'POST', ...decision, { 'idempotency-key': 'k1' });
      assert.equal(decided.status, 200);
      await reading;
      const grown = peakMegabytes(service.pid('gateway')) - before;
      if (process.env['SHOW_FIGURES']) console.log({ before, grown, health, deltas });
      assert.match(heard, /event: run\.completed[\s\S]*event: end/);
      assert.ok(deltas > 100, `${deltas} deltas came through`);
      assert.ok(grown < 200, `${grown} MB more`);
      // A busy machine takes its time; one that waited for readers would take a minute.
      assert.ok(health < 20_000, `${health} ms`);
    } finally {
      for (const socket of sockets) socket.destroy();
      await tokens.close();
      await service.stop();
      await hub.close();
    }
  });
});

async function* endless(signal: AbortSignal): AsyncGenerator<WatchItem> {
  while (!signal.aborted) yield await Promise.resolve({ type: 'dropped', reason: 'slow', message: 'x'.repeat(10_000) });
}
