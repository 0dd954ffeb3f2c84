import assert from 'node:assert/strict';
import { ask, complete, needsLocalModel, post, SLOTS, stats, statsWhere, type StatsView } from './support.js';

/** Long enough to be caught in the middle. */
const LONG = { max_tokens: 2_000, temperature: 1.5, seed: 5 };

describe('local model: slots', function () {
  needsLocalModel(this);

  it('gives each prompt the same text alone and beside others', async () => {
    const subjects = ['the sea', 'a clock', 'bread', 'a bridge', 'the moon', 'wool', 'a lighthouse', 'chess'];
    // Prompts of several lengths, so that some are still being read while others are answered.
    const bodies = subjects.map((subject, index) => {
      const preface = 'Be kind and speak slowly. '.repeat(4 + 4 * (index % 3));
      return ask(`${preface}Explain ${subject} to a child.`, { max_tokens: 12 });
    });
    const alone: string[] = [];
    for (const body of bodies) alone.push((await complete(body)).text);
    assert.equal(new Set(alone).size, subjects.length);
    const together = await Promise.all(bodies.map((body) => complete(body)));
    assert.deepEqual(
      together.map(({ text }) => text),
      alone,
    );
  });

  it('stops generating when the client of a stream goes away', async () => {
    const gone = new AbortController();
    const response = await request('stream-gone', { ...LONG, stream: true }, gone);
    const reader = response.body?.getReader();
    await reader?.read();
    gone.abort();
    const view = await statsWhere((now) => statusOf(now, 'stream-gone') === 'cancelled' && now.running === 0);
    const record = view.requests.find(({ clientRequestId }) => clientRequestId === 'stream-gone');
    assert.ok(record && record.completionTokens < LONG.max_tokens / 2);
    const next = await complete(ask('What is tea?', { max_tokens: 5 }));
    assert.equal(next.usage?.completion_tokens, 5);
  });

  it('stops generating when the client of a whole answer goes away, while it reads the prompt too', async () => {
    const gone = new AbortController();
    const long = 'The quick brown fox jumps over the lazy dog. '.repeat(300);
    const pending = request('reader-gone', { messages: [{ role: 'user', content: long }] }, gone);
    await statsWhere((now) => statusOf(now, 'reader-gone') === 'running');
    gone.abort();
    await assert.rejects(pending);
    const view = await statsWhere((now) => statusOf(now, 'reader-gone') === 'cancelled' && now.running === 0);
    const record = view.requests.find(({ clientRequestId }) => clientRequestId === 'reader-gone');
    // Reading all of this prompt would take some twenty seconds.
    assert.ok(record && record.completionTokens === 0 && record.ms < 8_000);
  });

  it('lets 64 wait, refuses the next with 429 and Retry-After, and forgets those who leave', async () => {
    const before = await stats();
    const gone = new AbortController();
    const requests = Array.from({ length: SLOTS + 64 }, (_, index) => request(`crowd-${index}`, LONG, gone));
    const settled = Promise.allSettled(requests);
    await statsWhere((now) => now.running === SLOTS && now.queued === 64);
    const refused = await post(ask('One more?'));
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '5');
    assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'rate_limit_exceeded');
    gone.abort();
    await settled;
    const after = await statsWhere((now) => now.running === 0 && now.queued === 0);
    assert.equal(after.cancelled - before.cancelled, SLOTS + 64);
    assert.equal(after.completed, before.completed);
  });

  it('counts each finished request once, under the id that the client gave it', async () => {
    const before = await stats();
    const headers = { 'content-type': 'application/json', 'x-client-request-id': 'run/research/1' };
    await (await post(ask('What is tea?', { max_tokens: 4 }), { headers })).text();
    await (await post({ wrong: true })).text();
    const now = await stats();
    assert.equal(now.received - before.received, 2);
    assert.equal(now.completed - before.completed, 1);
    assert.equal(now.rejected - before.rejected, 1);
    const mine = now.requests.filter(({ clientRequestId }) => clientRequestId === 'run/research/1');
    assert.deepEqual(mine.map(({ status, completionTokens }) => [status, completionTokens]), [['completed', 4]]); // prettier-ignore
  });
});

function request(id: string, more: object, gone: AbortController): Promise<Response> {
  return post(ask('Write a very long story about a ship.', more), {
    headers: { 'content-type': 'application/json', 'x-client-request-id': id },
    signal: gone.signal,
  });
}

function statusOf({ requests }: StatsView, id: string): string | undefined {
  return requests.find(({ clientRequestId }) => clientRequestId === id)?.status;
}
