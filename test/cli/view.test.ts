import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import type { Call } from '../../src/cli/call.js';
import { clean, duration, oneLine, table } from '../../src/cli/text.js';
import { LiveView } from '../../src/cli/view.js';
import type { Run } from '../../src/client/index.js';

const task = { id: 'a', role: 'Writer', status: 'running', startedAt: '2026-11-24T07:00:00.000Z' };
const run = {
  runId: 'r',
  crew: { name: 'pair', version: '1' },
  startedAt: '2026-11-24T07:00:00.000Z',
  lastSeq: 1,
  tasks: [task],
  usage: { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0 },
} as unknown as Run;

function view() {
  const said = { text: '' };
  const err = (text: string) => (said.text += text);
  const terminal = { interactive: false, columns: () => 80, output: new PassThrough() };
  const call = {
    deps: { err, terminal },
    errColours: pc.createColors(false),
    say: (text: string) => err(`${text}\n`),
  } as unknown as Call;
  return { live: new LiveView(call, false), said };
}

const base = { runId: 'r', taskId: 'a', call: 'a/model/1', attempt: 1 };

describe('the live view', () => {
  it('shows answers while they are written, under who writes them, and lines between them whole', () => {
    const { live, said } = view();
    live.snapshot(run, true);
    live.live({ ...base, type: 'delta', offset: 0, text: 'Hello \u001b[2J' });
    live.live({ ...base, type: 'delta', offset: 6, text: 'you' });
    live.live({ ...base, type: 'reset' });
    live.live({ ...base, type: 'delta', offset: 0, text: 'Again' });
    live.stop();
    assert.equal(said.text, 'pair@1  r\nWriter › Hello you\na/model/1 is asked again\nWriter › Again\n');
  });

  it('holds lines back while somebody is asked', () => {
    const { live, said } = view();
    live.hold();
    live.line('one');
    live.live({ ...base, type: 'delta', offset: 0, text: 'lost' });
    assert.equal(said.text, '');
    live.release();
    live.line('two');
    assert.equal(said.text, 'one\ntwo\n');
  });
});

describe('texts of the command line', () => {
  it('are harmless, short and in columns', () => {
    assert.equal(clean('a\u001b[31mb\u001b[39m\tc\nd\u0000e'), 'ab\tc\nd e');
    assert.equal(oneLine('a\n  b c', 4), 'a b…');
    assert.deepEqual([400, 12_300, 200_000, 7_500_000].map(duration), ['0.4 s', '12 s', '3 min 20 s', '2 h 5 min']);
    assert.equal(
      table(['A', 'B'], [['\u001b[31mlong\u001b[39m', 'x']], (text) => text),
      'A     B\n\u001b[31mlong\u001b[39m  x',
    );
  });
});
