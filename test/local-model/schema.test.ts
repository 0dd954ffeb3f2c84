import assert from 'node:assert/strict';
import type { JsonSchema } from '../../local-model/src/request.js';
import { grammarSchema, type GrammarSchema } from '../../local-model/src/schema.js';

const anyText = { type: 'string', minLength: 0, maxLength: 160 };

const CASES: [string, JsonSchema, object][] = [
  ['bounds a text', { type: 'string' }, anyText],
  [
    'keeps smaller bounds of a text',
    { type: 'string', minLength: 2, maxLength: 9 },
    { type: 'string', minLength: 2, maxLength: 9 },
  ],
  [
    'lowers huge bounds of a text',
    { type: 'string', maxLength: 1e9 },
    { type: 'string', minLength: 0, maxLength: 600 },
  ],
  ['keeps the formats that the engine knows', { type: 'string', format: 'date' }, { type: 'string', format: 'date' }],
  ['takes other formats as text', { type: 'string', format: 'email' }, anyText],
  ['lists integers in a small range', { type: 'integer', minimum: 1, maximum: 3 }, { enum: [1, 2, 3] }],
  ['leaves a large range open', { type: 'integer', minimum: 0, maximum: 1e6 }, { type: 'integer' }],
  ['turns const into enum', { const: 'yes' }, { enum: ['yes'] }],
  [
    'turns a list of types into alternatives',
    { type: ['number', 'null'] },
    { oneOf: [{ type: 'number' }, { type: 'null' }] },
  ],
  [
    'turns anyOf into oneOf',
    { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
    { oneOf: [{ type: 'boolean' }, { type: 'null' }] },
  ],
  ['takes an empty schema as text', {}, anyText],
  ['makes every property', object({ a: { type: 'null' } }), object({ a: { type: 'null' } })],
  [
    'guesses a type that is left out',
    { properties: { a: { items: { type: 'null' } } } },
    object({ a: list({ type: 'null' }, 0, 5) }),
  ],
  ['bounds a list', { type: 'array', items: { type: 'null' } }, list({ type: 'null' }, 0, 5)],
  [
    'keeps a longer minimum of a list',
    { type: 'array', items: { type: 'null' }, minItems: 7 },
    list({ type: 'null' }, 7, 7),
  ],
  [
    'lowers huge bounds of a list',
    { type: 'array', items: { type: 'null' }, maxItems: 9e9 },
    list({ type: 'null' }, 0, 20),
  ],
  [
    'follows a reference, through escapes and beside other keys',
    { $ref: '#/$defs/a~1b%20c', description: 'x', $defs: { 'a/b c': { type: 'null' } } },
    { type: 'null' },
  ],
  [
    'joins allOf',
    {
      allOf: [object({ a: { type: 'null' } }), { $ref: '#/$defs/b' }],
      $defs: { b: object({ b: { type: 'boolean' } }) },
    },
    object({ a: { type: 'null' }, b: { type: 'boolean' } }),
  ],
  [
    'joins alternatives with what stands beside them',
    { ...object({ a: { type: 'null' } }), oneOf: [{ required: ['a'] }, { properties: { b: { type: 'null' } } }] },
    { oneOf: [object({ a: { type: 'null' } }), object({ a: { type: 'null' }, b: { type: 'null' } })] },
  ],
  [
    'ends a recursion in an optional property',
    { type: 'object', properties: { id: { type: 'null' }, next: { $ref: '#' } }, required: ['id'] },
    object({ id: { type: 'null' }, next: object({ id: { type: 'null' }, next: object({ id: { type: 'null' } }) }) }),
  ],
  [
    'ends a recursion in a list',
    { $ref: '#/$defs/node', $defs: { node: { type: 'array', items: { $ref: '#/$defs/node' } } } },
    list(list({ type: 'null' }, 0, 0), 0, 5),
  ],
  [
    'ends a recursion in an alternative',
    { type: 'object', properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, required: ['next'] },
    object({
      next: {
        oneOf: [object({ next: { oneOf: [object({ next: { type: 'null' } }), { type: 'null' }] } }), { type: 'null' }],
      },
    }),
  ],
];

const REFUSED: [string, JsonSchema, RegExp][] = [
  ['a type that does not exist', { type: 'thing' }, /"thing" is not a type/],
  ['a reference elsewhere', { $ref: 'https://example.com/schema' }, /leads nowhere inside the schema/],
  ['a reference to a prototype', { $ref: '#/constructor' }, /leads nowhere inside the schema/],
  ['an endless recursion', { properties: { a: { $ref: '#' } }, required: ['a'] }, /refers to itself without an end/],
  ['a schema that allows nothing', { properties: { a: false } }, /must be an object/],
  ['enum values with structure', { enum: [{ a: 1 }] }, /enum and const may hold/],
  ['an empty enum', { enum: [] }, /enum and const may hold/],
  ['a list that is too long', { type: 'array', minItems: 1_000 }, /more than 20 items/],
  [
    'a schema that is too large',
    object(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [n, {}]))),
    /too large/,
  ],
  ['a recursion that multiplies', manySelves(12), /too large/],
];

describe('local model: schemas', () => {
  for (const [what, schema, expected] of CASES) {
    it(what, () => {
      assert.deepEqual(grammarSchema(schema, 'schema'), expected as GrammarSchema);
    });
  }

  for (const [what, schema, message] of REFUSED) {
    it(`refuses ${what}`, () => {
      assert.throws(() => grammarSchema(schema, 'tools[0]'), { status: 400, param: 'tools[0]', message });
    });
  }

  it('keeps a property whose name is special to JavaScript', () => {
    const schema = JSON.parse('{"type": "object", "properties": {"__proto__": {"type": "null"}}}') as JsonSchema;
    const result = grammarSchema(schema, 'schema') as { properties: object };
    assert.deepEqual(Object.entries(result.properties), [['__proto__', { type: 'null' }]]);
  });
});

function object(properties: object): { type: 'object'; properties: object } {
  return { type: 'object', properties };
}

function list(items: object, minItems: number, maxItems: number): object {
  return { type: 'array', items, minItems, maxItems };
}

function manySelves(count: number): JsonSchema {
  return object(Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, { $ref: '#' }])));
}
