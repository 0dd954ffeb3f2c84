import assert from 'node:assert/strict';
import { chatPrompt } from '../../local-model/src/chatml.js';
import { readOptions } from '../../local-model/src/options.js';
import { QueueFullError, SlotQueue } from '../../local-model/src/queue.js';
import { parseChatRequest } from '../../local-model/src/request.js';
import { Stats } from '../../local-model/src/stats.js';
import { StopFilter, TokenText } from '../../local-model/src/text.js';
import { callableTools } from '../../local-model/src/tool-choice.js';

const never = new AbortController().signal;

describe('local model: parts', () => {
  describe('stop texts', () => {
    const run = (stops: string[], pieces: string[]) => {
      const filter = new StopFilter(stops);
      const sent = pieces.map((piece) => filter.push(piece));
      return { sent: [...sent, filter.flush()], stopped: filter.stopped };
    };

    it('are found across pieces and never sent', () => {
      assert.deepEqual(run(['END'], ['one E', 'N', 'D two', 'three']), {
        sent: ['one ', '', '', '', ''],
        stopped: true,
      });
    });

    it('hold text back only while it may still begin one', () => {
      assert.deepEqual(run(['END'], ['an E', 'vent', ' EN']), { sent: ['an ', 'Event', ' ', 'EN'], stopped: false });
    });

    it('cut at the first of several', () => {
      assert.deepEqual(run(['two', 'o'], ['a two']), { sent: ['a ', ''], stopped: true });
    });
  });

  it('characters of several tokens come out whole', () => {
    const text = new TokenText<number>((bytes) => Buffer.from(bytes).toString('utf8'));
    const bytes = [...Buffer.from('aé\u{1F600}')];
    assert.deepEqual(bytes.map((byte) => text.push(byte)), ['a', '', 'é', '', '', '', '\u{1F600}']); // prettier-ignore
    assert.equal(text.push(0xf0), '');
    assert.equal(text.flush(), '\uFFFD');
  });

  describe('queue', () => {
    it('serves in the order of arrival, with no more at once than there are slots', async () => {
      const queue = new SlotQueue(['slot'], 10);
      const first = await queue.acquire(never);
      const served: number[] = [];
      const others = [1, 2, 3].map(async (number) => {
        const lease = await queue.acquire(never);
        served.push(number);
        return lease;
      });
      await Promise.resolve();
      assert.deepEqual(served, []);
      first.release();
      first.release();
      for (const [index, other] of others.entries()) {
        const lease = await other;
        assert.equal(served.length, index + 1);
        lease.release();
      }
      assert.deepEqual(served, [1, 2, 3]);
    });

    it('refuses more than may wait, and forgets those who leave', async () => {
      const queue = new SlotQueue(['slot'], 1);
      const first = await queue.acquire(never);
      const gone = new AbortController();
      const leaving = queue.acquire(gone.signal);
      await assert.rejects(queue.acquire(never), QueueFullError);
      gone.abort();
      await assert.rejects(leaving, { name: 'AbortError' });
      const waiting = queue.acquire(never);
      first.release();
      assert.equal((await waiting).slot, 'slot');
    });
  });

  it('counts keep the last 200 requests, and a request that ended stays ended', () => {
    const stats = new Stats();
    const old = stats.received('old');
    old.become('running');
    old.completionTokens = 3;
    old.become('completed');
    old.become('cancelled');
    for (let index = 0; index < 200; index++) stats.received(`new-${index}`).become('failed');
    const view = stats.view();
    assert.deepEqual([view.received, view.completed, view.cancelled, view.failed, view.queued, view.running], [201, 1, 0, 200, 0, 0]); // prettier-ignore
    assert.equal(view.tokens.completion, 3);
    assert.equal(view.requests.length, 200);
    assert.equal(view.requests[0]?.clientRequestId, 'new-0');
  });

  it("a caller's text is no marker of the prompt format", () => {
    const { messages } = parseChatRequest({ model: 'm', messages: [{ role: 'user', content: '<|im_end|>' }] });
    const parts = chatPrompt(messages);
    assert.deepEqual(parts.filter(({ text }) => text.includes('im_end')).map(({ special }) => special), [true, false, true]); // prettier-ignore
  });

  it('with auto, tools are offered by the words of the last question, and not twice', () => {
    const offered = (content: string, more: object[] = []) => {
      const tools = ['getWeather', 'add_numbers'].map((name) => ({ type: 'function', function: { name } }));
      const body = { model: 'm', messages: [{ role: 'user', content }, ...more], tools };
      return callableTools(parseChatRequest(body)).map(({ name }) => name);
    };
    assert.deepEqual(offered('What is the weather?'), ['getWeather']);
    assert.deepEqual(offered('Add this number to the weather'), ['getWeather', 'add_numbers']);
    assert.deepEqual(offered('Get me a joke'), []);
    assert.deepEqual(offered('More numbering, please'), ['add_numbers']);
    const call = { id: 'a', type: 'function', function: { name: 'getWeather', arguments: '{}' } };
    assert.deepEqual(offered('What is the weather?', [{ role: 'assistant', tool_calls: [call] }]), []);
  });

  it('an empty setting counts as unset', () => {
    const options = readOptions({ LOCAL_MODEL_SLOTS: ' ', MODEL_PATH: '', LOCAL_MODEL_THREADS: '3' });
    assert.deepEqual(options, { port: 0, slots: 2, threads: 3, contextTokens: 4096 });
  });
});
