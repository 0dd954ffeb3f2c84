import assert from 'node:assert/strict';
import { inCrewWorld } from '../support/crew-world.js';
import { crewWith, runToEnd } from '../support/engine.js';

/** A window of 1,000 tokens: about 2,600 characters of context beside the answer's 100 tokens and the margin. */
const models = { small: { context_window: 1_000, max_output_tokens: 100 } };
const long = (letter: string, chars: number) => letter.repeat(chars);

describe('context control', () => {
  const crew = (policy?: string) =>
    crewWith({
      a: { context: [] },
      b: { context: [] },
      c: { context: ['a', 'b'], ...(policy && { context_policy: policy }) },
    });
  const answers = [
    { when: 'DO-c', text: 'C' },
    { when: 'DO-a', text: long('x', 3_000) },
    { when: 'DO-b', text: long('y', 1_000) },
  ];
  const given = (message: unknown, letter: string) =>
    (JSON.stringify(message).match(new RegExp(letter, 'g')) ?? []).length;

  it('passes outputs on whole where the window has room', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crew());
      assert.equal(ended.task('c').context, undefined);
      assert.ok(given(world.model.calls()[2]?.messages, 'x') >= 3_000);
    });
  });

  it('full: cuts the long ones, keeps the short ones whole, and the view says how much', async () => {
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, crew());
        assert.equal(ended.view.status, 'completed');
        const [note, ...more] = ended.task('c').context ?? [];
        assert.deepEqual(more, []);
        assert.equal(note?.taskId, 'a');
        assert.equal(note.how, 'clipped');
        assert.equal(note.chars, 3_000);
        assert.ok(note.givenChars > 500 && note.givenChars < 2_500, `${note.givenChars}`);
        const prompt = world.model.calls()[2]?.messages;
        assert.ok(given(prompt, 'y') >= 1_000);
        assert.match(JSON.stringify(prompt), /characters left out/);
      },
      { models },
    );
  });

  it('last: keeps the newest whole', async () => {
    const swapped = [
      { when: 'DO-c', text: 'C' },
      { when: 'DO-a', text: long('x', 1_000) },
      { when: 'DO-b', text: long('y', 2_300) },
    ];
    await inCrewWorld(
      { answers: swapped },
      async (world) => {
        const ended = await runToEnd(world, crew('last'));
        assert.equal(ended.task('c').context?.[0]?.taskId, 'a');
        assert.ok((ended.task('c').context?.[0]?.givenChars ?? 1_000) < 500);
        assert.ok(given(world.model.calls()[2]?.messages, 'y') >= 2_300);
      },
      { models },
    );
  });

  it('summary: a model shortens what is too long, and is counted', async () => {
    await inCrewWorld(
      { answers: [{ when: 'You shorten texts', text: 'many x' }, ...answers] },
      async (world) => {
        const ended = await runToEnd(world, crew('summary'));
        assert.equal(ended.task('c').context?.[0]?.how, 'summarized');
        assert.equal(ended.task('c').context?.[0]?.givenChars, 6);
        assert.match(JSON.stringify(world.model.calls().at(-1)?.messages), /many x/);
        assert.equal(ended.task('c').usage.calls, 2);
      },
      { models },
    );
  });
});
