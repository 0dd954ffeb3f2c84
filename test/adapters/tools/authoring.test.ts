import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineGuardrail, defineTool, testGuardrail, testTool, ToolCallError } from '../../../src/authoring/index.js';
import { failureOf } from './support.js';

const input = z.object({
  city: z.string(),
  days: z.int().min(1).default(3),
  units: z.enum(['metric', 'imperial']).optional(),
  tags: z.array(z.number()).optional(),
  options: z.object({ deep: z.boolean() }).optional(),
});
const echo = defineTool({ name: 'echo', description: 'Gives its input.', input, run: (given) => given });

async function echoed(args: Record<string, unknown>): Promise<unknown> {
  return JSON.parse((await testTool(echo, args)).content) as unknown;
}

function giving(value: unknown) {
  return defineTool({ name: 'giver', description: 'Gives.', input: z.object({}), run: () => value as object });
}

describe('tools of authors: arguments', () => {
  it('are typed by the schema, and defaulted', async () => {
    const typed = defineTool({
      name: 'typed',
      description: 'Typed.',
      input,
      run: ({ city, days }) => `${city.toUpperCase()} ${days.toFixed(1)}`,
    });
    assert.equal((await testTool(typed, { city: 'bonn' })).content, 'BONN 3.0');
  });

  const slips: [title: string, given: Record<string, unknown>, meant: unknown][] = [
    ['a number as a text', { city: 'Bonn', days: ' 5 ' }, { city: 'Bonn', days: 5 }],
    ['a text as a number', { city: 7 }, { city: '7', days: 3 }],
    ['null for what is left out', { city: 'Bonn', days: null, units: null }, { city: 'Bonn', days: 3 }],
    ['a value in capitals', { city: 'Bonn', units: 'Metric' }, { city: 'Bonn', days: 3, units: 'metric' }],
    ['a list as a text, of texts', { city: 'Bonn', tags: '["1", 2]' }, { city: 'Bonn', days: 3, tags: [1, 2] }],
    ['one item for a list', { city: 'Bonn', tags: '4' }, { city: 'Bonn', days: 3, tags: [4] }],
    [
      'an object as a text, with a flag as a text',
      { city: 'Bonn', options: '{"deep": "True"}' },
      { city: 'Bonn', days: 3, options: { deep: true } },
    ],
  ];
  for (const [title, given, meant] of slips) {
    it(`are put right: ${title}`, async () => {
      const before = JSON.stringify(given);
      assert.deepEqual(await echoed(given), meant);
      assert.equal(JSON.stringify(given), before);
    });
  }

  it('are refused with what is wrong where, and what was given', async () => {
    const { reason, message } = await failureOf(testTool(echo, { town: 'Bonn', days: 'many', options: { deep: 'x' } }));
    assert.equal(reason, 'invalid_arguments');
    assert.match(message, /echo: .*city: .*days: .*options\.deep: .*Given: town, days, options\./);
  });

  it('that no slip explains are not guessed at', async () => {
    for (const days of ['', '1e', '0x5', 'NaN', true, [], '5 days', 1.5, '1.5']) {
      assert.equal((await failureOf(testTool(echo, { city: 'Bonn', days }))).reason, 'invalid_arguments', String(days));
    }
  });
});

describe('tools of authors: results', () => {
  it('are texts as they are, and JSON', async () => {
    const results: [value: unknown, content: string][] = [
      ['plain', 'plain'],
      ['', ''],
      [0, '0'],
      [null, 'null'],
      [false, 'false'],
      [[1, 'a'], '[1,"a"]'],
      [{ a: undefined, at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ];
    for (const [value, content] of results) assert.equal((await testTool(giving(value), {})).content, content);
  });

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const unusable: [title: string, value: unknown, message: RegExp][] = [
    ['nothing', undefined, /gave nothing/],
    ['a BigInt', { total: 1n }, /a BigInt.* at 'total'/],
    ['a circle', circle, /holds itself/],
    ['a Map', { rows: new Map() }, /a Map.* at 'rows'/],
    ['a function', () => 1, /a function/],
    ['a number that is none', { share: NaN }, /NaN.* at 'share'/],
    ['a promise inside', { later: Promise.resolve(1) }, /a promise that nobody awaited at 'later'/],
    ['too much', Array.from({ length: 300_000 }, () => 'text'), /more than 1000000 characters/],
    ['too deep', deep(100_000), /nested too deep/],
  ];
  for (const [title, value, message] of unusable) {
    it(`that JSON cannot say fail: ${title}`, async () => {
      const failure = await failureOf(testTool(giving(value), {}));
      assert.equal(failure.reason, 'failed');
      assert.match(failure.message, message);
    });
  }

  it('that are errors become messages without a stack', async () => {
    const thrower = defineTool({
      name: 'thrower',
      description: 'Throws.',
      input: z.object({}),
      run: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    });
    const failure = await failureOf(testTool(thrower, {}));
    assert.deepEqual([failure.reason, failure.message], ['failed', 'fetch failed: connect ECONNREFUSED']);
  });

  it('may be refusals and outages, as the author says', async () => {
    const closed = defineTool({
      name: 'closed',
      description: 'Is closed.',
      input: z.object({}),
      run: () => Promise.reject(new ToolCallError('unavailable', 'closed on Sundays')),
    });
    assert.equal((await failureOf(testTool(closed, {}))).reason, 'unavailable');
  });
});

describe('tools of authors: calls', () => {
  it('have a signal, a key and a time, that tests may set', async () => {
    const teller = defineTool({
      name: 'teller',
      description: 'Tells.',
      input: z.object({}),
      timeoutMs: 4_000,
      run: (_input, { signal, idempotencyKey, timeoutMs }) => ({ aborted: signal.aborted, idempotencyKey, timeoutMs }),
    });
    const { content } = await testTool(teller, {}, { idempotencyKey: 'k1' });
    assert.deepEqual(JSON.parse(content), { aborted: false, idempotencyKey: 'k1', timeoutMs: 4_000 });
  });

  it('end when the time is up, though the tool does not listen', async () => {
    let signal: AbortSignal | undefined;
    const sleeper = defineTool({
      name: 'sleeper',
      description: 'Sleeps.',
      input: z.object({}),
      timeoutMs: 20,
      run: (_input, context) => {
        signal = context.signal;
        return new Promise<string>(() => undefined);
      },
    });
    const failure = await failureOf(testTool(sleeper, {}));
    assert.deepEqual([failure.reason, failure.message], ['timed_out', 'The tool sleeper did not answer within 20 ms']);
    assert.equal(signal?.aborted, true);
  });

  it('of tools that are not well defined fail in words', async () => {
    const broken = { ...echo, name: 'no good', description: ' ', timeoutMs: 0, input: z.object({ at: z.date() }) };
    await assert.rejects(testTool(broken, {}), (error: Error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /"no good": its name must be/);
      for (const word of ["'description'", "'timeoutMs'", "'input' cannot be said as JSON Schema: .*Date"]) {
        assert.match(error.message, new RegExp(word));
      }
      return true;
    });
  });
});

describe('guardrail functions of authors', () => {
  const giveVerdict = (verdict: unknown) => defineGuardrail({ name: 'g', check: () => verdict as { ok: true } });

  it('see the output, its JSON and the inputs', async () => {
    const guardrail = defineGuardrail({
      name: 'seen',
      check: (given) => ({ ok: false, feedback: JSON.stringify(given) }),
    });
    const verdict = await testGuardrail(guardrail, { output: 'o', json: { a: 1 }, inputs: { n: 2 } });
    assert.deepEqual(verdict, { ok: false, feedback: '{"inputs":{"n":2},"output":"o","json":{"a":1}}' });
  });

  it('must give a verdict', async () => {
    for (const verdict of [undefined, true, {}, { ok: false }, { ok: false, feedback: ' ' }, { ok: true, output: 7 }]) {
      await assert.rejects(testGuardrail(giveVerdict(verdict), { output: 'o' }), /'g' gave no verdict: expected \{ ok/);
    }
  });

  it('that throw are named', async () => {
    const thrower = defineGuardrail({ name: 'boom', check: () => Promise.reject(new Error('no dictionary')) });
    await assert.rejects(testGuardrail(thrower, { output: 'o' }), {
      message: "The guardrail function 'boom' failed: no dictionary",
    });
  });
});

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
