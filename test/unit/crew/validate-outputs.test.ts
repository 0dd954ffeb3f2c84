import assert from 'node:assert/strict';
import { checkInputs } from '../../../src/crew/inputs.js';
import type { Known } from '../../../src/crew/known.js';
import { describeIssues, parseCrew } from '../../../src/crew/validate.js';
import { crewDocument, crewOf } from '../../support/crews.js';
import { crew, KNOWN } from '../../support/definitions.js';

type Document = Record<string, unknown>;

function problemsOf(document: Document, known?: Known): string {
  const parsed = parseCrew(document, known);
  return parsed.ok ? '' : describeIssues(parsed.issues);
}

type Case = [title: string, document: Document, expected: string];

function refuses(cases: Case[]): void {
  for (const [title, document, expected] of cases) {
    it(`refuses ${title}`, () => assert.equal(problemsOf(document, KNOWN), expected));
  }
}

describe('templates', () => {
  for (const [field, value, path] of [
    ['guardrail', 'On {topik}', 'guardrail'],
    ['guardrail', ['fine', 'On {topik}'], 'guardrail.1'],
    ['condition', { question: 'On {topik}?' }, 'condition.question'],
    ['output_file', '{topik}.md', 'output_file'],
    ['expected_output', '{topik}', 'expected_output'],
  ] as const) {
    it(`name declared inputs in ${path}`, () => {
      const message = `tasks.t.${path}: {topik} is not a declared input. Did you mean 'topic'? Declare it under inputs, or write {{topik}} for the text itself.`;
      assert.equal(problemsOf(crew({ t: { [field]: value } }, { inputs: ['topic'] })), message);
    });
  }
  it('are no part of expressions, whose braces are their own', () => {
    assert.equal(problemsOf(crew({ t: { condition: 'size({topik}) > 0' } })), '');
  });
});

describe('outputs', () => {
  const cyclic: Document = {};
  cyclic['self'] = cyclic;
  refuses([
    [
      'a schema that is none',
      crew({ t: { output_schema: { type: 'objekt' } } }),
      "tasks.t.output_schema: type: Expected a type, found 'objekt'",
    ],
    [
      'a schema that is too long',
      crew({ t: { output_schema: { description: 'x'.repeat(20_000) } } }),
      'tasks.t.output_schema: Expected at most 20000 characters of JSON, found 20018',
    ],
    [
      'a schema that JSON cannot say',
      crew({ t: { output_schema: cyclic } }),
      'tasks.t.output_schema: Expected a JSON Schema: only texts, numbers, true, false, null, lists and objects',
    ],
    [
      'infinity in a schema',
      crew({ t: { output_schema: { maximum: Infinity } } }),
      'tasks.t.output_schema: Expected a JSON Schema: only texts, numbers, true, false, null, lists and objects',
    ],
    [
      'two tasks with one output_file',
      crew({ t: { output_file: 'a.md' }, u: { output_file: 'a.md' } }),
      "tasks.u.output_file: The task 't' has this output_file already",
    ],
  ]);

  const files: [file: string, expected: RegExp | undefined][] = [
    ['a.md', undefined],
    ['reports/2026/täa 1.md', undefined],
    ['..hidden', undefined],
    ['/etc/passwd', /absolute one.* Write etc\/passwd$/],
    ['C:/a.md', /absolute one/],
    ['../a.md', /without '\.\.'$/],
    ['a/../../b.md', /without '\.\.'$/],
    ['./a.md', /'\.' as a part\. Write a\.md$/],
    ['a//b.md', /empty part\. Write a\/b\.md$/],
    ['a/', /empty part/],
    ['a\\b.md', /backslash/],
    ['a\u0000.md', /control character/],
    ['a\nb.md', /control character/],
    ['a\ud800.md', /control character/],
    ['x'.repeat(301), /at most 300 characters/],
  ];
  for (const [file, expected] of files) {
    it(`${expected ? 'refuses' : 'takes'} ${JSON.stringify(file.slice(0, 30))} as an output_file`, () => {
      const found = problemsOf(crew({ t: { output_file: file } }));
      if (expected) assert.match(found, expected);
      else assert.equal(found, '');
    });
  }

  it('have names that the inputs of a run cannot break', () => {
    const { definition } = crewOf(
      crew({ t: { output_file: 'r/{topic}.md' }, u: { output_file: 'r/{other}.md' } }, { inputs: ['topic', 'other'] }),
    );
    assert.ok(checkInputs(definition, { topic: 'tea', other: 'coffee' }).ok);
    for (const [topic, expected] of [
      ['../../x', "topic: It is part of the output_file of the task 't'. Expected a path without '..'"],
      [
        'a\nb',
        "topic: It is part of the output_file of the task 't'. Expected a relative path, found a control character in it",
      ],
      ['coffee', "other: It is part of the output_file of the task 'u'. 't' and 'u' would both write r/coffee.md"],
    ] as const) {
      const checked = checkInputs(definition, { topic, other: 'coffee' });
      assert.equal(checked.ok ? '' : describeIssues(checked.issues), expected);
    }
  });
});

describe('definitions', () => {
  it('need a limit in a budget', () => {
    assert.equal(
      problemsOf(crew({ t: {} }, { budget: { on_exceed: 'warn' } })),
      'budget: Expected at least one limit: tokens, usd, model_calls or wall_time',
    );
  });

  it('are told of a slip within one of several shapes', () => {
    const tasks = {
      t: { tools: [{ name: 'x', cahe: true }], guardrail: [{ functoin: 'f' }], condition: { question: '' } },
    };
    assert.equal(
      problemsOf(crew(tasks)),
      "tasks.t.tools.0.cahe: Unknown key 'cahe'. Did you mean 'cache'?\n" +
        'tasks.t.condition.question: Expected a text, found an empty one\n' +
        'tasks.t.guardrail.0.function: Required: expected a text\n' +
        "tasks.t.guardrail.0.functoin: Unknown key 'functoin'. Did you mean 'function'?",
    );
    assert.match(problemsOf(crew({ t: { tools: [7] } })), /^tasks\.t\.tools\.0: Expected the name of a tool, or \{/);
    assert.match(
      problemsOf(crew({ t: { guardrail: 7 } })),
      /^tasks\.t\.guardrail: Expected a text that a model judges by, \{/,
    );
  });

  it('that were valid before have the digest that they had', () => {
    assert.equal(crewOf(crewDocument()).ref.digest, 'c38d4f877b602139f85262da501a085d98837a32e260c391a842e464fb6d47ac');
  });

  it('are refused in reasonable time, however large and wrong', () => {
    const keys = Array.from({ length: 200 }, (_, at) => `t${at}`);
    const tasks = Object.fromEntries(
      keys.map((key) => [
        key,
        {
          context: keys.slice(0, 100),
          condition: keys
            .map((one) => `outputs.${one}`)
            .join('&&')
            .slice(0, 2_000),
          agent: 'x'.repeat(3_000),
        },
      ]),
    );
    const started = performance.now();
    for (const process of ['sequential', 'parallel']) assert.notEqual(problemsOf(crew(tasks, { process }), KNOWN), '');
    assert.ok(performance.now() - started < 20_000);
  });
});
