import assert from 'node:assert/strict';
import { createTerminal, formatDuration } from '../../../scripts/lib/terminal.mjs';

describe('output for people', () => {
  const plainStream = () => {
    const written: string[] = [];
    return { written, write: (text: string) => written.push(text), isTTY: false };
  };
  const liveStream = () => ({ ...plainStream(), isTTY: true, columns: 60 });

  it('off a terminal has only whole lines, without control codes', () => {
    const stream = plainStream();
    const terminal = createTerminal({ stream, env: {} });
    const step = terminal.step('Temporal', 'starting');
    step.update('still starting');
    step.done('up');
    terminal.line('next');
    terminal.close();
    assert.equal(stream.written.join(''), '✔ Temporal up\nnext\n');
  });

  it('on a terminal draws the open steps below the lines that stay', () => {
    const stream = liveStream();
    const terminal = createTerminal({ stream, env: {} });
    const worker = terminal.step('Worker', 'starting');
    const gateway = terminal.step('Gateway', 'starting');
    assert.match(stream.written.at(-1) ?? '', /Worker: starting · Gateway: starting$/);
    worker.done('ready');
    assert.match(stream.written.join(''), /✔ Worker ready\n/);
    assert.match(stream.written.at(-1) ?? '', /Gateway: starting$/);
    gateway.clear();
    assert.equal(stream.written.at(-1), '\r\x1b[2K', 'nothing is left of the live line');
    terminal.close();
  });

  it('never draws a live line wider than the terminal', () => {
    const stream = liveStream();
    const terminal = createTerminal({ stream, env: {} });
    terminal.step('Model', 'x'.repeat(200));
    assert.ok((stream.written.at(-1) ?? '').length < stream.columns);
    terminal.close();
  });

  it('ends a step once', () => {
    const stream = plainStream();
    const step = createTerminal({ stream, env: {} }).step('Model', 'loading');
    step.fail('no');
    step.done('yes');
    assert.equal(stream.written.join(''), '✖ Model no\n');
  });

  for (const env of [{ TERM: 'dumb' }, { CI: 'true' }]) {
    it(`is plain with ${JSON.stringify(env)}`, () => {
      assert.equal(createTerminal({ stream: liveStream(), env }).live, false);
    });
  }

  it('states durations as people do', () => {
    assert.deepEqual([0, 1_440, 9_960, 59_400, 125_000].map(formatDuration), [
      '0.0 s',
      '1.4 s',
      '10 s',
      '59 s',
      '2 min 5 s',
    ]);
  });
});
