import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { createClient, type ServiceError, type FollowItem, type RunEvent } from '../../src/client/index.js';
import { inCrewWorld, openApproval } from '../support/crew-world.js';
import { crewWith } from '../support/engine.js';
import { gatewayOf, served } from '../support/streams.js';

const reviewed = crewWith({ a: { human_input: true }, b: {} });
const script = { answers: [{ text: 'done', repeat: true }] };

/** A service whose streams say these texts, one a connection; `undefined`: nothing, for ever. */
function streams(...bodies: (string | undefined | Response)[]) {
  const asked: { url: string; last: string | null }[] = [];
  const client = createClient({
    baseUrl: 'http://service',
    fetch: (input, init) => {
      const request = new Request(input, init);
      asked.push({ url: request.url, last: request.headers.get('last-event-id') });
      const body = bodies.shift();
      if (body instanceof Response) return Promise.resolve(body);
      const text = new ReadableStream<Uint8Array>({
        start(controller) {
          if (body === undefined) return;
          controller.enqueue(new TextEncoder().encode(body));
          controller.close();
        },
      });
      return Promise.resolve(new Response(text));
    },
  });
  return { client, asked };
}

const event = (seq: number) =>
  `id: r:${seq}\nevent: task.started\ndata: ${JSON.stringify({ id: `r:${seq}`, seq, type: 'task.started', runId: 'r' })}\n\n`;
const END = 'event: end\ndata: {"status":"completed"}\n\n';

async function all(items: AsyncIterable<FollowItem>): Promise<string[]> {
  const said: string[] = [];
  for await (const item of items) said.push('seq' in item ? String(item.seq) : item.type);
  return said;
}

describe('events of the client', () => {
  it('go on over a restart of the gateway, with no gap and no repeat', () =>
    inCrewWorld(script, async (world) => {
      const runId = await world.start(reviewed, {});
      const first = await served(gatewayOf(world).app);
      const port = Number(new URL(first.url).port);
      const client = createClient({ baseUrl: first.url });
      const events: RunEvent[] = [];
      const kinds = new Set<string>();
      let second: Awaited<ReturnType<typeof served>> | undefined;
      try {
        for await (const item of client.follow(runId)) {
          kinds.add(item.type);
          if ('seq' in item) events.push(item);
          if (item.type === 'approval.requested') await first.close();
          if (item.type === 'reconnecting' && !second) {
            // What happens while nobody serves is not missed.
            const { id } = await openApproval(world, runId);
            const decision = { approvalId: id, action: 'approve' as const, by: 'ada' };
            await world.runs.decide(DEFAULT_TENANT, runId, decision, 'k');
            await world.handle(runId).result();
            second = await served(gatewayOf(world).app, port);
          }
        }
      } finally {
        await second?.close();
        await first.close().catch(() => undefined);
      }
      assert.ok(kinds.has('reconnecting'));
      assert.ok(kinds.has('end'));
      assert.deepEqual(events, await world.runs.events(DEFAULT_TENANT, runId, 0));
    }));

  it('are each given once, from the last one that came, after as long as the service asks for', async () => {
    const { client, asked } = streams(
      `retry: 1\n\nevent: snapshot\ndata: {"runId":"r"}\n\n${event(1)}${event(2)}`,
      `${event(2)}${event(3)}event: dropped\ndata: {"reason":"slow","message":"m"}\n\n`,
      new Response('busy', { status: 503 }),
      `${event(4)}${END}`,
    );
    assert.deepEqual(await all(client.follow('r')), [
      ...['snapshot', '1', '2', 'reconnecting', '3', 'reconnecting', 'reconnecting', '4', 'end'],
    ]);
    assert.deepEqual(
      asked.map(({ last }) => last),
      [null, 'r:2', 'r:3', 'r:3'],
    );
  });

  it('begin after what the caller has, and end where there is nothing left', async () => {
    const { client, asked } = streams(
      `retry: 1\n\n${event(5)}`,
      new Response(null, { status: 204 }),
      Response.json({ runId: 'r', status: 'terminated' }),
    );
    const items: FollowItem[] = [];
    for await (const item of client.follow('r', { after: 4, deltas: true })) items.push(item);
    assert.deepEqual(items.at(-1), { type: 'end', status: 'terminated' });
    assert.equal(asked[0]?.url, 'http://service/v1/runs/r/events?after=4&deltas=true');
    assert.equal(asked[1]?.last, 'r:5');
  });

  it('take a connection that says nothing for lost', async () => {
    const { client, asked } = streams(`retry: 1\n\n${event(1)}`, undefined, `${event(2)}${END}`);
    const seqs: number[] = [];
    for await (const { seq } of client.events('r', { staleMs: 30 })) seqs.push(seq);
    assert.deepEqual(seqs, [1, 2]);
    assert.equal(asked.length, 3);
  });

  it('end with an error where there is no such run, or nobody at all, and with the signal', async () => {
    const gone = streams(new Response('{"code":"run_not_found","detail":"There is no such run"}', { status: 404 }));
    await assert.rejects(
      all(gone.client.follow('r')),
      (error: unknown) => (error as ServiceError).code === 'run_not_found',
    );
    const lost = streams('event: dropped\ndata: {"reason":"record_lost","message":"It is gone"}\n\n');
    await assert.rejects(all(lost.client.follow('r')), /It is gone/);
    const away = streams(...Array.from({ length: 3 }, () => new Response('', { status: 503 })));
    await assert.rejects(all(away.client.follow('r', { retries: 1 })), (error: unknown) => {
      assert.equal((error as ServiceError).status, 503);
      return true;
    });
    assert.equal(away.asked.length, 2);
    const stop = new AbortController();
    const { client } = streams(event(1), undefined);
    const reading = async () => {
      for await (const item of client.follow('r', { signal: stop.signal }))
        if (item.type === 'reconnecting') stop.abort(new Error('enough'));
    };
    await assert.rejects(reading(), /enough/);
  });
});
