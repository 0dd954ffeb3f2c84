import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { createConditions } from '../../src/adapters/conditions.js';
import { createJsonSchemas } from '../../src/adapters/json/schemas.js';
import { readYaml } from '../../src/adapters/read-yaml.js';
import { checkInputs } from '../../src/crew/inputs.js';
import { render } from '../../src/crew/template.js';
import { parseCrew } from '../../src/crew/validate.js';
import { anyCrew } from '../support/any-crew.js';
import { crewDocument, crewOf } from '../support/crews.js';

const RUNS = { numRuns: 1_000, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: false };
/** Longest that one text may take on a busy machine. */
const LONGEST_MS = 30_000;

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, NaN, Infinity, -0, '', '\0', '\ud800', '__proto__', 'x'.repeat(50_000)),
  fc.constantFrom<unknown>([], {}, [[]], new Date(0), new Map(), 10n, Symbol.iterator, () => 1, undefined),
  fc.constantFrom<unknown>({ toString: 1 }, { constructor: 1 }, { then: 1 }, { length: 1e9 }, nested(200), circle()),
  fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
);

/** A definition with one place of it made into something else. */
const broken = fc.tuple(anyCrew, fc.array(fc.nat(50), { maxLength: 6 }), odd).map(([crew, way, value]) => {
  let at = crew as Record<string, unknown>;
  for (const step of way.slice(1)) {
    const inner = Object.values(at).filter((one) => typeof one === 'object' && one !== null);
    const next = inner[step % Math.max(inner.length, 1)];
    if (next === undefined) break;
    at = next as Record<string, unknown>;
  }
  const keys = [...Object.keys(at), 'new'];
  at[keys[(way[0] ?? 0) % keys.length] ?? 'new'] = value;
  return crew;
});

/** Valid, or problems that all have words and a place; in time, and never by an exception. */
function judge(document: unknown, what: () => string): void {
  const started = performance.now();
  const parsed = parseCrew(document);
  assert.ok(performance.now() - started < LONGEST_MS, what());
  if (parsed.ok) return;
  assert.ok(parsed.issues.length > 0, what());
  for (const { path, message } of parsed.issues) {
    assert.ok(Array.isArray(path), what());
    assert.ok(message.length > 3 && message.length < 5_000, `${message.length} characters: ${what()}`);
  }
}

describe('definitions, whatever they are', function () {
  this.timeout(180_000);

  it('are valid or have problems with places, of any value', () => {
    fc.assert(
      fc.property(fc.oneof(odd, broken), (document) => judge(document, () => String(typeof document))),
      RUNS,
    );
  });

  it('are valid or have problems with places, of any text', () => {
    const words = [
      ...[
        '&a',
        '*a',
        '<<: *a',
        '!!binary',
        '!!js/function',
        '? ',
        '- ',
        ': ',
        '{',
        '}',
        '[',
        ']',
        '|\n',
        '>',
        '"',
        "'",
      ],
      ...[
        '\n',
        '  ',
        '\t',
        '#',
        '%YAML 1.1\n',
        '---\n',
        '...\n',
        '!!set',
        '!!timestamp 2026-01-01',
        '.nan',
        '0x1f',
        '~',
      ],
      ...['__proto__', 'constructor', 'name', 'agents', 'tasks', 'role', '\0', '\u2028', '\ufeff'],
    ];
    const yaml = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((all) => all.join('')),
      fc.tuple(anyCrew, fc.nat(), fc.constantFrom(...words)).map(([crew, at, word]) => {
        const text = stringify(crew);
        return text.slice(0, at % text.length) + word + text.slice(at % text.length);
      }),
    );
    fc.assert(
      fc.property(yaml, (text) => {
        const started = performance.now();
        const read = readYaml(text);
        assert.ok(performance.now() - started < LONGEST_MS);
        if (read.ok) judge(read.document, () => text);
        else for (const { line, message } of read.issues) assert.ok(line >= 1 && message.length > 3, text);
      }),
      RUNS,
    );
  });

  const bombs: [title: string, text: string][] = [
    ['aliases of aliases', ['a: &a [x]', ...'bcdefghi'.split('').map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]`)].join('\n')], // prettier-ignore
    ['an alias of what holds it', 'a: &a\n  b: *a\nname: x'],
    ['merges of merges', ['a: &a {x: 1}', ...'bcdefghij'.split('').map((key, at) => `${key}: &${key}\n  <<: [*${'abcdefghi'[at]}, *${'abcdefghi'[at]}]`)].join('\n')], // prettier-ignore
    ['a key of 500,000 characters', `${'k'.repeat(500_000)}: 1`],
    ['a number of 500,000 digits', `name: ${'9'.repeat(500_000)}`],
    ['40,000 agents', `agents:\n${Array.from({ length: 40_000 }, (_, at) => `  a${at}: {role: R}`).join('\n')}`],
    ['20,000 words that are nearly a key', `agents:\n${Array.from({ length: 20_000 }, (_, at) => `  w${at}: {rolle: R}`).join('\n')}`], // prettier-ignore
  ];
  for (const [title, text] of bombs) {
    it(`take seconds at most, with ${title}`, () => {
      const started = performance.now();
      const read = readYaml(text);
      if (read.ok) judge(read.document, () => title);
      else assert.ok(read.issues.length > 0);
      assert.ok(performance.now() - started < LONGEST_MS, `${performance.now() - started} ms`);
    });
  }
});

describe('what a run is given, whatever it is', () => {
  const { definition } = crewOf(crewDocument());

  it('are inputs that fit, or problems with names', () => {
    const given = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom('topic', 'constructor', 'toString'), fc.string()), odd),
      fc.constant(Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, at]))),
    );
    fc.assert(
      fc.property(given, (inputs) => {
        const checked = checkInputs(definition, inputs);
        if (checked.ok) {
          const text = String(checked.inputs['topic']);
          assert.ok(!/\p{Cs}/u.test(text) && !text.includes('\0'));
          assert.equal(typeof render('On {topic}', checked.inputs), 'string');
        } else for (const { message } of checked.issues) assert.ok(message.length > 3);
      }),
      { ...RUNS, numRuns: 300 },
    );
  });

  it('are conditions that are worked out in time, or words', () => {
    const { check, evaluate } = createConditions();
    const parts = [
      'inputs.topic',
      'outputs.find',
      '.map(x, ',
      '.all(x, ',
      ')',
      '(',
      '==',
      '&&',
      '"a"',
      '1',
      '!',
      '[',
      '{',
      'matches',
    ];
    const expression = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((all) => all.join('')),
      fc.constantFrom(
        '('.repeat(1_900),
        '!'.repeat(1_900),
        '[['.repeat(900),
        'inputs.topic.matches("(a+)+$")',
        '1'.repeat(2_000),
      ),
    );
    const names = { tasks: ['find'], inputs: ['topic'] } as unknown as Parameters<typeof check>[1];
    const values = { inputs: { topic: `${'a'.repeat(40)}!` }, outputs: { find: { text: 'x' } } } as unknown as Parameters<typeof evaluate>[1]; // prettier-ignore
    fc.assert(
      fc.property(expression, (text) => {
        const started = performance.now();
        for (const line of check(text, names)) assert.ok(line.length > 3);
        try {
          assert.equal(typeof evaluate(text, values), 'boolean');
        } catch (error) {
          assert.equal((error as Error).name, 'ConditionError', text);
        }
        assert.ok(performance.now() - started < LONGEST_MS, text);
      }),
      { ...RUNS, numRuns: 500 },
    );
  });

  it('are schemas that check in time, patterns that backtrack for ever too', () => {
    const schemas = createJsonSchemas();
    const value = { a: `${'a'.repeat(50)}!` };
    for (const pattern of ['^(a+)+$', '^(a|a)*$', '^([a-zA-Z]+)*$', '(', '\\']) {
      const started = performance.now();
      const lines = schemas.validate({ type: 'object', properties: { a: { type: 'string', pattern } } }, value);
      assert.ok(lines.length > 0, pattern);
      assert.ok(performance.now() - started < LONGEST_MS, pattern);
    }
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', '$ref', 'pattern', 'items', 'anyOf', '$defs'), odd),
        (schema) => {
          for (const line of schemas.validate(schema, value)) assert.ok(line.length > 0);
        },
      ),
      { ...RUNS, numRuns: 300 },
    );
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

function circle(): unknown {
  const value: Record<string, unknown> = { a: 1 };
  value['self'] = value;
  return value;
}
