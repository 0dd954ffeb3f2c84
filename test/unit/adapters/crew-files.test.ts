import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrewFileError, loadCrews, parseCrewFile } from '../../../src/adapters/crew-files.js';

const GOOD = `schemaVersion: 1
name: good
agents:
  a: { role: A, goal: B, backstory: C }
tasks:
  t: { description: D, expected_output: E, agent: a }
`;

function errorOf(text: string): string {
  try {
    parseCrewFile('crews/x.yaml', Buffer.from(text));
  } catch (error) {
    assert.ok(error instanceof CrewFileError);
    return error.message;
  }
  return '';
}

describe('crew files', () => {
  it('are parsed with a digest that changes with the definition and not with comments', () => {
    const one = parseCrewFile('a.yaml', Buffer.from(GOOD));
    const same = parseCrewFile('a.yaml', Buffer.from(`# a comment\n${GOOD}`));
    const other = parseCrewFile('a.yaml', Buffer.from(GOOD.replace('goal: B', 'goal: C')));
    assert.match(one.ref.digest, /^[0-9a-f]{64}$/);
    assert.equal(same.ref.digest, one.ref.digest);
    assert.notEqual(other.ref.digest, one.ref.digest);
  });

  const cases: [title: string, text: string, expected: RegExp][] = [
    ['broken YAML', 'name: [', /^crews\/x\.yaml:1:\d+ /],
    ['a key given twice', `${GOOD}name: other\n`, /^crews\/x\.yaml:7:1 .*unique/],
    ['an unknown agent', GOOD.replace('agent: a', 'agent: b'), /^crews\/x\.yaml:6:\d+ tasks\.t\.agent: No agent/],
    ['a missing field', GOOD.replace('role: A, ', ''), /^crews\/x\.yaml:4:\d+ agents\.a\.role: Required/],
    [
      'a misspelt key',
      GOOD.replace('name:', 'nmae:'),
      /crews\/x\.yaml:2:1 nmae: Unknown key 'nmae'\. Did you mean 'name'\?/,
    ],
    ['an empty file', '', /^crews\/x\.yaml:1:1 \(root\): /],
    ['an alias bomb', `a: &a [1,1]\n${bomb()}`, /./],
  ];
  for (const [title, text, expected] of cases) {
    it(`say file, place and path for ${title}`, () => assert.match(errorOf(text), expected));
  }

  it('are all named when several are wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crews-'));
    try {
      writeFileSync(join(folder, 'a.yaml'), GOOD);
      writeFileSync(join(folder, 'b.yml'), GOOD);
      writeFileSync(join(folder, 'c.yaml'), 'name: 7');
      assert.throws(
        () => loadCrews(folder, ['m']),
        (error: Error) => {
          assert.match(error.message, /b\.yml: name: 'good' is also the name of .*a\.yaml/);
          assert.match(error.message, /c\.yaml:1:\d+ /);
          return true;
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that ship as examples are valid', () => {
    const names = loadCrews('crews', ['any'])
      .list()
      .map(({ ref }) => ref.name);
    assert.ok(names.includes('research-summary'), names.join());
    assert.ok(names.includes('reviewed-announcement'), names.join());
  });

  it('say so when the folder is missing', () => {
    assert.throws(() => loadCrews('/no/such/folder', []), /set CREWS_DIR/);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, n) =>
      `b${n}: &b${n} [${Array(9)
        .fill(n === 0 ? '*a' : `*b${n - 1}`)
        .join(',')}]`,
  );
  return levels.join('\n');
}
