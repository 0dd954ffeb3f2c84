import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ConditionError, createConditions } from '../../src/adapters/conditions.js';

const conditions = createConditions();
const names = { tasks: ['draft', 'fact-check', 'research'], inputs: ['topic', 'limit', 'urgent'] };
const values = {
  outputs: {
    draft: {
      raw: 'Final: YES',
      json: { score: 5, share: 0.5, tags: ['a', 'b'], parts: [{ n: 1 }, { n: 3 }], none: null },
      status: 'completed',
    },
    'fact-check': { raw: '', status: 'skipped' },
  },
  inputs: { topic: 'bees', limit: 3, urgent: false },
};

describe('conditions', () => {
  const expressions: [expression: string, value: boolean][] = [
    ['outputs.draft.json.score >= 5', true],
    ['outputs.draft.json.score == 5', true],
    ['outputs.draft.json.score + 1 > 6', false],
    ['outputs.draft.json.score % 2 == 1', true],
    ['outputs.draft.json.share * 2 == 1.0', true],
    ['inputs.limit * 2 > outputs.draft.json.score', true],
    ['outputs.draft.raw.contains("YES")', true],
    ['outputs.draft.raw.lowerAscii().endsWith("yes")', true],
    ['size(outputs.draft.json.tags) == 2 && "a" in outputs.draft.json.tags', true],
    ['outputs.draft.json.parts.all(part, part.n > 0)', true],
    ['outputs.draft.json.parts.exists(part, part.n > inputs.limit)', false],
    ['outputs["fact-check"].status == "skipped"', true],
    ['has(outputs.draft.json) && !has(outputs.draft.json.nothing)', true],
    ['"json" in outputs["fact-check"]', false],
    ['outputs.draft.json.none == null', true],
    ['inputs.topic == "bees" ? !inputs.urgent : false', true],
    ['inputs.urgent', false],
  ];
  for (const [expression, value] of expressions) {
    it(`${expression} is ${value}`, () => {
      assert.deepEqual(conditions.check(expression, names), []);
      assert.equal(conditions.evaluate(expression, values), value);
    });
  }

  const mistakes: [expression: string, problem: RegExp][] = [
    ['outputs.draft.json.score >', /Unexpected token/],
    ['outputs.draft.status = "completed"', /to compare, write ==/],
    ['', /Unexpected token/],
    ['outputs.reserch.raw == ""', /there is no task 'reserch'\. Did you mean 'research'\?/],
    ['outputs["fact-chek"].raw == ""', /Did you mean 'fact-check'\?/],
    ['inputs.topc == "x"', /there is no input 'topc'\. Did you mean 'topic'\?/],
    ['outputs.draft.jsn.score > 1', /'jsn' .* it has raw, json, status\. Did you mean 'json'\?/],
    ['outputs.fact-check.raw == ""', /write outputs\["fact-check"\]/],
    ['has(outputs["fact-check"].json)', /write "json" in outputs/],
    ['topic == "x"', /for the input write inputs\.topic/],
    ['draft.raw == "x"', /for the task write outputs\.draft/],
    ['score > 1', /'score' is not known here: a condition speaks of outputs/],
    ['outputs.draft.raw.contain("x")', /no function 'contain'\. Did you mean 'contains'\?/],
    ['outputs.draft.raw.matches("(a+)+$")', /no function 'matches'/],
    ['cel.bind(x, 1, x == 1)', /no function 'bind'/],
    ['size(outputs.draft.raw)', /gives int, expected true or false/],
    ['outputs.draft.json.tags.all(a, ["x"].all(b, ["y"].all(c, a == c)))', /at most 2 of all, exists/],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, /Exceeded maxDepth/],
    [`${'true && '.repeat(200)}true`, /Exceeded maxAstNodes/],
    [`inputs.topic == "${'x'.repeat(2_000)}"`, /at most 2000 characters/],
  ];
  for (const [expression, problem] of mistakes) {
    it(`are refused before a run: ${expression.slice(0, 60)}`, () => {
      const problems = conditions.check(expression, names);
      assert.match(problems.join('\n'), problem);
      assert.doesNotMatch(problems.join('\n'), /\n\n|\^/);
    });
  }

  const failures: [expression: string, message: RegExp][] = [
    ['outputs.draft.raw', /it gives a text, expected true or false/],
    ['outputs["fact-check"].json.ok', /the task gave no JSON/],
    ['outputs.research.raw == ""', /No such key: research/],
    ['outputs.draft.json.nope == 1', /No such key: nope/],
    ['outputs.constructor.raw == ""', /No such key: constructor/],
    ['outputs.draft.raw > 1', /cannot be worked out: /],
    ['outputs.draft.raw.matches("a")', /no function 'matches'/],
  ];
  for (const [expression, message] of failures) {
    it(`that cannot be worked out say why: ${expression}`, () => {
      assert.throws(
        () => conditions.evaluate(expression, values),
        (error: Error) => {
          assert.ok(error instanceof ConditionError);
          assert.ok(error.message.startsWith(`The condition '${expression}'`));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('that would take for ever on a large output are cut, and the next one is worked out', () => {
    const list = Array.from({ length: 50_000 }, () => 1);
    const outputs = { draft: { raw: '', json: { list }, status: 'completed' } };
    const endless = 'outputs.draft.json.list.all(a, outputs.draft.json.list.all(b, a + b > 0))';
    assert.throws(() => conditions.evaluate(endless, { outputs, inputs: {} }), /it takes longer than 1000 ms/);
    assert.equal(conditions.evaluate('outputs.draft.json.list.all(a, a > 0)', { outputs, inputs: {} }), true);
  });

  it('change nothing of what they look at', () => {
    const before = JSON.stringify(values);
    conditions.evaluate('outputs.draft.json.tags.map(t, t + "x").size() == 2', values);
    assert.equal(JSON.stringify(values), before);
  });

  it('never throw in a check, and nothing but ConditionErrors when they are worked out', () => {
    const piece = fc.constantFrom(
      'outputs',
      '.draft',
      '["fact-check"]',
      '.json',
      '.raw',
      '.score',
      'inputs.limit',
      ' + ',
      ' == ',
      ' && ',
      '!',
      '(',
      ')',
      '[',
      ']',
      '1',
      '0.5',
      '"x"',
      '.size()',
      '.all(x, ',
      'x',
      ', ',
      'has(',
      'int(',
      ' ? ',
      ' : ',
      ' in ',
      'null',
      'true',
      '{',
      '}',
      'dyn(',
      '.split(',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 15 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (expression) => {
        assert.ok(Array.isArray(conditions.check(expression, names)));
        try {
          assert.equal(typeof conditions.evaluate(expression, values), 'boolean');
        } catch (error) {
          if (!(error instanceof ConditionError)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
