import assert from 'node:assert/strict';
import { readYaml } from '../../../src/adapters/read-yaml.js';

/** What is wrong with a text, as lines. */
function issuesOf(text: string): string[] {
  const read = readYaml(text);
  return read.ok ? [] : read.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('YAML that callers send', () => {
  it('is read with the place of each path', () => {
    const read = readYaml('a:\n  b: [1, {c: 2}]\n');
    assert.ok(read.ok);
    assert.deepEqual(read.document, { a: { b: [1, { c: 2 }] } });
    assert.deepEqual(read.placeOf(['a', 'b', 1, 'c']), { line: 2, column: 11 });
    assert.deepEqual(read.placeOf(['a', 'x', 1]), { line: 1, column: 1 });
    assert.deepEqual(read.placeOf([]), { line: 1, column: 1 });
  });

  it('is refused with the place of what is wrong', () => {
    assert.match(issuesOf('a: [')[0] ?? '', /^1:\d+ /);
    assert.deepEqual(issuesOf('a: 1\nb:\n  c: 1\n  c: 2\n'), ['4:3 Map keys must be unique']);
    const aliases = `a: &a [1]\n${Array.from({ length: 200 }, (_, at) => `k${at}: *a`).join('\n')}`;
    assert.deepEqual(issuesOf(aliases), ['1:1 More than 100 aliases of one anchor']);
  });

  it('is refused where it is nested too deeply, before it can run out of stack', () => {
    const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    assert.ok(readYaml(deep(99)).ok);
    const texts = [
      deep(101),
      deep(200_000),
      '['.repeat(3_000),
      '{a: '.repeat(500),
      '? '.repeat(500),
      '- '.repeat(500),
      '- [{a: '.repeat(200),
    ];
    assert.match(issuesOf(`a: 1\nb: ${deep(101)}`)[0] ?? '', /^2:\d+ Expected at most/);
    for (const text of texts) {
      assert.match(issuesOf(text)[0] ?? '', /^1:\d+ Expected at most 100 levels of nesting$/, text.slice(0, 20));
    }
  });

  const large: [title: string, text: string][] = [
    ['lists in lists', '['.repeat(200_000)],
    ['maps in maps', '{a: '.repeat(100_000)],
    ['maps by indentation', Array.from({ length: 1_200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['errors', '}\n'.repeat(50_000)],
    ['keys', Array.from({ length: 40_000 }, (_, at) => `k${at}: ${at}`).join('\n')],
  ];
  for (const [title, text] of large) {
    it(`may be full of ${title}, and takes seconds at most`, () => {
      const started = performance.now();
      const read = readYaml(text);
      assert.ok(read.ok || (read.issues.length >= 1 && read.issues.length <= 50));
      assert.ok(performance.now() - started < 30_000);
    });
  }
});
