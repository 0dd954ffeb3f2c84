import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeholders, render } from '../../../src/crew/template.js';

describe('templating', () => {
  it('replaces declared names and leaves other braces alone', () => {
    const text = 'On {topic}: {"a": 1}, {}, { topic }, {{topic}}, {missing}';
    assert.equal(render(text, { topic: 'tea' }), 'On tea: {"a": 1}, {}, { topic }, {topic}, {missing}');
  });

  it('never expands what a value brings along', () => {
    assert.equal(render('{a} {b}', { a: '{b}', b: '{a}' }), '{b} {a}');
    assert.equal(render('{a}', { a: '$& $1' }), '$& $1');
  });

  it('does not reach into the prototype', () => {
    assert.equal(render('{constructor} {toString}', {}), '{constructor} {toString}');
  });

  it('lists each name once, escapes not at all', () => {
    assert.deepEqual(placeholders('{a} {b} {a} {{c}} {1}'), ['a', 'b']);
  });

  it('is the identity on texts without braces', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replace(/[{}]/g, '');
        assert.equal(render(plain, { topic: 'x' }), plain);
      }),
    );
  });
});

describe('templating with whatever inputs (property)', () => {
  const nasty = fc.oneof(
    fc.constantFrom(
      '{a}',
      '{b}',
      '{{a}}',
      '${1+1}',
      '$&',
      '$1',
      '{__proto__}',
      '{constructor}',
      '{{secret:A}}',
      '<%= 1 %>',
    ),
    fc.string(),
  );

  it('puts each value in once, as it is, and expands nothing in it', () => {
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        assert.equal(render('[{a}|{b}|{a}]', { a, b }), `[${a}|${b}|${a}]`);
      }),
    );
  });

  it('has no name that was not given, whatever every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']) {
      assert.equal(render(`{${name}}`, { a: 'x' }), `{${name}}`);
    }
  });
});
