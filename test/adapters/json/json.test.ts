import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJsonSchemas } from '../../../src/adapters/json/schemas.js';

const { check, validate, extract } = createJsonSchemas();

describe('JSON in what models write', () => {
  const found: [text: string, value: unknown][] = [
    ['{"a": 1}', { a: 1 }],
    ['42', 42],
    ['```json\n{"a": 1}\n```', { a: 1 }],
    ['Sure! Here it is:\n```\n{a: 1,}\n```\nI hope that it helps.', { a: 1 }],
    ['The answer is {"a": [1, 2]}, as asked.', { a: [1, 2] }],
    ["So: {'a': 'b'}", { a: 'b' }],
    ['{a: {"b": 1}} is it', { a: { b: 1 } }],
    ['{"a": "he said "hi" to me"}', { a: 'he said "hi" to me' }],
    ['{"a": "two\nlines"}', { a: 'two\nlines' }],
    ['{"a": "} ] {", "b": 1, }', { a: '} ] {', b: 1 }],
    ['Like {this}, see [1]: {"a": 2}', { a: 2 }],
    ['<think>{"no": 1}</think>{"a": 2}', { a: 2 }],
    ['Here: [{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
  ];
  for (const [text, value] of found) {
    it(`finds it in ${JSON.stringify(text)}`, () => assert.deepEqual(extract(text), value));
  }

  const none = [
    '',
    'yes',
    'An answer with {braces} only',
    '{"a": "b',
    '{"items": [{"b": 1}, {"c": "cut',
    'Here: {"a": {"b": 1}, "c": [1, 2',
    '```json\n{"a": [1, 2\n',
  ];
  for (const text of none) {
    it(`finds none, and completes none, in ${JSON.stringify(text)}`, () => assert.equal(extract(text), undefined));
  }

  it('takes no long time, whatever it is given', () => {
    const started = performance.now();
    for (const text of [
      '{'.repeat(200_000),
      '[1,'.repeat(100_000),
      '{"a":'.repeat(50_000),
      '```\n{a\n```'.repeat(5_000),
    ]) {
      assert.equal(extract(text), undefined);
    }
    assert.ok(performance.now() - started < 6_000);
  });
});

describe('JSON Schemas', () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string' },
      mood: { enum: ['good', 'bad'] },
      on: { type: 'string', format: 'date' },
      people: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    },
    required: ['title', 'mood'],
    additionalProperties: false,
  };

  it('says all that is wrong with a value, where, and what was found', () => {
    assert.deepEqual(check(schema), []);
    assert.deepEqual(validate(schema, { title: 'x', mood: 'good', on: '2026-11-24', people: [{ name: 'Ada' }] }), []);
    assert.deepEqual(validate(schema, { titel: 'x', mood: 'fine', on: 'soon', people: [{ name: 'Ada' }, { name: 3 }, {}] }), [
      "(root): the key 'title' is missing",
      "(root): unknown key 'titel'. Did you mean 'title'?",
      'mood: expected one of "good", "bad"; found "fine"',
      'on: must match format "date"; found "soon"',
      'people.1.name: expected string, found number 3',
      "people.2: the key 'name' is missing",
    ]); // prettier-ignore
    const many = validate(
      { type: 'array', items: { type: 'string' } },
      Array.from({ length: 50 }, () => 1),
    );
    assert.deepEqual([many.length, many.at(-1)], [21, 'and 30 more']);
  });

  it('knows the dialects, references within a schema, and schemas that repeat in themselves', () => {
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { n: { type: 'number' } }, items: [{ $ref: '#/definitions/n' }] }; // prettier-ignore
    assert.deepEqual(validate(draft7, ['x']), ['0: expected number, found string "x"']);
    const newest = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ $ref: '#/$defs/n' }], $defs: { n: { type: 'number' } } }; // prettier-ignore
    assert.deepEqual(validate(newest, ['x']), ['0: expected number, found string "x"']);
    const tree = {
      type: 'object',
      properties: { n: { type: 'number' }, parts: { type: 'array', items: { $ref: '#' } } },
    };
    assert.deepEqual(validate(tree, { n: 1, parts: [{ n: 'x' }] }), ['parts.0.n: expected number, found string "x"']);
  });

  it('lets no schema stand in for another by its $id', () => {
    assert.deepEqual(validate({ $id: 'https://x.example/a', type: 'string' }, 'x'), []);
    assert.deepEqual(validate({ $id: 'https://x.example/a', type: 'number' }, 1), []);
  });

  const wrong: [title: string, schema: Record<string, unknown>, issue: RegExp][] = [
    [
      'a type that is none',
      { properties: { a: { type: 'strin' } } },
      /properties\.a\.type: expected one of .*"string"/,
    ],
    ['a reference to nothing', { $ref: '#/$defs/nothing' }, /can't resolve reference #\/\$defs\/nothing/],
    ['a pattern that is none', { pattern: '(' }, /Invalid regular expression/],
    ['a promise', { $async: true, type: 'string' }, /\$async: this keyword is not known here/],
    ['a size that no answer needs', { enum: ['x'.repeat(200_000)] }, /larger than 100000 characters/],
  ];
  for (const [title, bad, issue] of wrong) {
    it(`refuses ${title}, and says where`, () => {
      assert.match(check(bad).join('\n'), issue);
      assert.match(validate(bad, 'x').join('\n'), /^The schema cannot be used: /);
    });
  }

  it('refuses a depth that no answer needs, and what refers to itself as an object', () => {
    let deep: Record<string, unknown> = { type: 'object' };
    for (let n = 0; n < 1_000; n++) deep = { properties: { a: deep } };
    assert.match(check(deep)[0] ?? '', /deeper than 60 levels/);
    deep['self'] = deep;
    assert.match(check(deep)[0] ?? '', /refers to itself/);
  });

  it('follows no reference to elsewhere', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const [issue = ''] = check({ properties: { a: { $ref: `http://127.0.0.1:${port}/schema.json` } } });
      assert.match(issue, /^properties\.a\.\$ref: leads outside the schema/);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(asked, 0);
    } finally {
      server.close();
    }
  });

  it('ends a check that would go on for ever, in words, and goes on itself', () => {
    const bomb: Record<string, unknown> = { $ref: '#/$defs/d0', $defs: {} };
    for (let n = 0; n < 40; n++) {
      const next = { $ref: `#/$defs/d${n + 1}` };
      (bomb['$defs'] as Record<string, unknown>)[`d${n}`] = n === 39 ? { type: 'number' } : { anyOf: [next, next] };
    }
    const started = performance.now();
    for (const [hostile, value] of [
      [{ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50)}!`],
      [bomb, 'x'],
    ] as const) {
      assert.match(validate(hostile, value).join(), /could not be checked: that took longer than 1000 ms; simplify/);
    }
    assert.match(validate({ $ref: '#' }, 1).join(), /refers to itself without an end/);
    assert.ok(performance.now() - started < 10_000);
    assert.deepEqual(validate({ type: 'string' }, 'x'), []);
  });
});
