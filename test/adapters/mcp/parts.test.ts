import assert from 'node:assert/strict';
import { isPermitted } from '../../../src/adapters/mcp/policy.js';
import { outcomeOf } from '../../../src/adapters/mcp/result.js';
import { boundedLines } from '../../../src/adapters/mcp/stderr-lines.js';
import { everything } from './support.js';

describe('results of MCP tools', () => {
  it('are their texts, with notes for what is not text', () => {
    const data = Buffer.from('12345').toString('base64');
    const { content, isError } = outcomeOf({
      content: [
        { type: 'text', text: 'one' },
        { type: 'audio', data, mimeType: 'audio/wav' },
        { type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: 'of a' } },
        { type: 'resource', resource: { uri: 'file:///b', blob: data } },
        { type: 'resource_link', uri: 'file:///c', name: 'c' },
      ],
      structuredContent: { not: 'needed' },
    });
    assert.equal(isError, undefined);
    assert.deepEqual(content.split('\n'), [
      'one',
      '[audio: audio/wav, 5 bytes, not shown]',
      '[resource: file:///a, text/plain]',
      'of a',
      '[resource: file:///b, unknown type, 5 bytes, not shown]',
      '[resource: file:///c, c]',
    ]);
  });

  it('are their structured content where there is no text', () => {
    assert.deepEqual(outcomeOf({ content: [], structuredContent: { n: 1 }, isError: true }), {
      content: '{"n":1}',
      isError: true,
    });
  });

  it('are not cut within a character', () => {
    const text = `${'x'.repeat(999_999)}😀`;
    assert.match(outcomeOf({ content: [{ type: 'text', text }] }).content.slice(999_998), /^x\n\[Cut after/);
  });
});

describe('what MCP servers print', () => {
  it('is passed on in lines of bounded length, whatever the chunks', () => {
    const lines: string[] = [];
    const take = boundedLines((line) => lines.push(line));
    for (const chunk of ['a', 'b\r\n\n', `${'y'.repeat(400)}`, `${'y'.repeat(400)}\nrest`]) take(chunk);
    assert.deepEqual(lines, ['ab', `${'y'.repeat(500)}…`]);
  });

  it('is bounded in rate', () => {
    const lines: string[] = [];
    let now = 100_000;
    const take = boundedLines(
      (line) => lines.push(line),
      () => now,
    );
    take('x\n'.repeat(1_000));
    assert.equal(lines.length, 50);
    assert.match(lines.at(-1) ?? '', /left out/);
    now += 10_000;
    take('y\n');
    assert.equal(lines.at(-1), 'y');
  });
});

describe('allow and deny', () => {
  const cases: [tool: string, allow: string[] | undefined, deny: string[], expected: boolean][] = [
    ['a', undefined, [], true],
    ['a', [], [], false],
    ['read_file', ['read_*'], [], true],
    ['xread_file', ['read_*'], [], false],
    ['read_file', ['*'], ['*_file'], false],
    ['a.b', ['a?b', 'a+b', 'a(b'], [], false],
    ['a.b', ['a.b'], [], true],
    ['axb', ['a.b'], [], false],
  ];
  for (const [tool, allow, deny, expected] of cases) {
    it(`${expected ? 'permit' : 'refuse'} ${tool} by ${JSON.stringify({ allow, deny })}`, () => {
      assert.equal(isPermitted(everything({ ...(allow && { allow }), deny }), tool), expected);
    });
  }
});
