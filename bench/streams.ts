import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startTokenHub } from '../src/adapters/tokens/hub.js';
import { loopbackTokens } from '../src/adapters/tokens/loopback.js';
import { redisTokens } from '../src/adapters/tokens/redis.js';
import { DEFAULT_TENANT } from '../src/contract/ids.js';
import type { TokenBus } from '../src/ports.js';
import { eventually, inCrewWorld } from '../test/support/crew-world.js';
import { crewWith } from '../test/support/engine.js';
import { memoryLogger } from '../test/support/logger.js';
import { findRedis, startRedis } from '../test/support/redis.js';
import { stopTestStore } from '../test/support/store.js';
import { gatewayOf, sentEvents, served } from '../test/support/streams.js';
import { stopTestServer } from '../test/support/temporal.js';

/**
 * `npm run bench:streams`: how long from a provider's chunk to the client's `delta`, and from a run event to the client, all
 * in one process on one machine. Each chunk is the time at which the provider sent it.
 */
const CHUNKS = 200;
const EVERY_MS = 20;

const provider = createServer((request, response) => {
  request.resume();
  request.on('end', () => void answer(response));
});

async function answer(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (choice: object) =>
    response.write(`data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
  for (let at = 0; at < CHUNKS; at++) {
    say({ index: 0, delta: { role: 'assistant', content: `${Date.now()} ` }, finish_reason: null });
    await pause(EVERY_MS);
  }
  say({ index: 0, delta: {}, finish_reason: 'stop' });
  response.end('data: [DONE]\n\n');
}

await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;

const hub = await startTokenHub('bench');
await measure('loopback', () => Promise.resolve(loopbackTokens({ port: hub.port, secret: 'bench' })));
await hub.close();
const redisProgram = findRedis();
if (redisProgram !== undefined) {
  const redis = await startRedis(redisProgram);
  await measure('redis', () => redisTokens(redis.url, memoryLogger()));
  await redis.stop();
}
provider.close();
await Promise.all([stopTestServer(), stopTestStore()]);
process.exit(0);

async function measure(name: string, connect: () => Promise<TokenBus>): Promise<void> {
  const [worker, gateway] = [await connect(), await connect()];
  const chunks: number[] = [];
  const events: number[] = [];
  await inCrewWorld(
    { answers: [] },
    async (world) => {
      const server = await served(gatewayOf(world, { tokens: gateway }).app);
      await world.stopWorker();
      const runId = await world.start(crewWith({ a: {}, b: {} }), {});
      const response = await fetch(`${server.url}/v1/runs/${runId}/events?deltas=true`);
      await eventually('the worker to know of it', () => Promise.resolve(worker.wanted(DEFAULT_TENANT, runId)));
      await world.startWorker();
      for await (const sent of sentEvents(response.body)) {
        const data = sent.data as { text?: string; time?: string };
        const now = Date.now();
        for (const chunk of data.text?.trim().split(' ') ?? []) chunks.push(now - Number(chunk));
        if (data.time !== undefined) events.push(now - Date.parse(data.time));
      }
      await server.close();
    },
    { tokens: worker, models: { 'scripted-model': { base_url: baseUrl } } },
  );
  await worker.close();
  await gateway.close();
  const at = (all: number[], share: number) => all.sort((a, b) => a - b)[Math.floor(all.length * share)];
  console.log(`${name}: ${chunks.length} chunks ${at(chunks, 0.5)} / ${at(chunks, 0.95)} ms (p50 / p95) to the client`);
  console.log(
    `${name}: ${events.length} events ${at(events, 0.5)} / ${at(events, 0.95)} ms after the workflow's clock`,
  );
}
