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
import { gatewayOf, sentEvents, served } from '../test/support/streams.js';

const EVERY_MS = 20;

/** How long live text and events are under way to a reader, by one way from worker to gateway. Milliseconds. */
export interface LiveText {
  way: string;
  /** From the provider's chunk to the reader. */
  chunks: number[];
  /** From the workflow's clock to the reader. */
  events: number[];
}

/**
 * Measures each way that there is on this machine, with a provider that sends the time as its text.
 * @param chunks how many each answer has
 */
export async function measureLiveText(chunks: number): Promise<LiveText[]> {
  const provider = createServer((request, response) => {
    request.resume();
    request.on('end', () => void answer(response, chunks));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  const measured: LiveText[] = [];
  try {
    const hub = await startTokenHub('bench');
    const loopback = () => Promise.resolve(loopbackTokens({ port: hub.port, secret: 'bench' }));
    measured.push(await throughWay('the hub of `npm start`', loopback, baseUrl));
    await hub.close();
    const program = findRedis();
    if (program !== undefined) {
      const redis = await startRedis(program);
      measured.push(await throughWay('Redis', () => redisTokens(redis.url, memoryLogger()), baseUrl));
      await redis.stop();
    }
  } finally {
    provider.close();
    provider.closeAllConnections();
  }
  return measured;
}

async function answer(response: ServerResponse, chunks: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (choice: object) =>
    response.write(`data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
  for (let at = 0; at < chunks; at++) {
    say({ index: 0, delta: { role: 'assistant', content: `${Date.now()} ` }, finish_reason: null });
    await pause(EVERY_MS);
  }
  say({ index: 0, delta: {}, finish_reason: 'stop' });
  response.end('data: [DONE]\n\n');
}

async function throughWay(way: string, connect: () => Promise<TokenBus>, baseUrl: string): Promise<LiveText> {
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
  return { way, chunks, events };
}
