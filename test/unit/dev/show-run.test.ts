import assert from 'node:assert/strict';
import { createTerminal } from '../../../scripts/lib/terminal.mjs';
import { noUsage } from '../../../src/contract/views.js';
import type { Run } from '../../../src/dev/gateway-client.js';
import { clean, RunProgress, showEnd, wrap } from '../../../src/dev/show-run.js';

const USAGE = { ...noUsage(), inputTokens: 10, outputTokens: 5, calls: 1 };
const RUN: Run = {
  runId: 'r1',
  crew: { name: 'research-summary', version: '1', digest: 'd' },
  status: 'running',
  inputs: { topic: 'tea' },
  approvals: [],
  tasks: [
    {
      id: 'research',
      agent: 'researcher',
      role: 'Researcher',
      status: 'running',
      attempt: 1,
      attempts: [],
      usage: USAGE,
    },
    {
      id: 'summarize',
      agent: 'summarizer',
      role: 'Summarizer',
      status: 'pending',
      attempt: 1,
      attempts: [],
      usage: USAGE,
    },
  ],
  usage: USAGE,
  agents: {},
  models: {},
  startedAt: '2026-01-01T00:00:00.000Z',
  lastSeq: 1,
  links: { self: '/v1/runs/r1' },
};

describe('a run on the terminal', () => {
  const shown = (work: (terminal: ReturnType<typeof createTerminal>) => void): string => {
    let text = '';
    const terminal = createTerminal({ stream: { write: (part: string) => (text += part) }, env: {} });
    work(terminal);
    terminal.close();
    return text;
  };

  it('shows each task once, as it ends', () => {
    const [research, summarize] = RUN.tasks;
    assert.ok(research && summarize);
    const text = shown((terminal) => {
      const progress = new RunProgress(terminal);
      progress.show(RUN);
      const done = {
        ...research,
        status: 'completed' as const,
        startedAt: '2026-01-01T00:00:00.000Z',
        endedAt: '2026-01-01T00:00:02.500Z',
      };
      progress.show({ ...RUN, tasks: [done, { ...summarize, status: 'running' }] });
      progress.unreadable();
      const failed = {
        ...summarize,
        status: 'failed' as const,
        error: { code: 'Model.Rejected', message: 'no such model' },
      };
      progress.show({ ...RUN, tasks: [done, failed] });
      progress.show({ ...RUN, tasks: [done, failed] });
    });
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 2, text);
    assert.match(lines[0] ?? '', /✔ Researcher research .*2\.5 s.*10 tokens/);
    assert.match(lines[1] ?? '', /✖ Summarizer summarize .*failed: no such model/);
  });

  it('ends with what came out, or with the failing task and its cause', () => {
    assert.match(
      shown((terminal) => showEnd(terminal, { ...RUN, status: 'completed', result: { output: 'Tea is old.' } })),
      /Tea is old\./,
    );
    const error = { code: 'Model.Rejected', message: 'no such model', taskId: 'research' };
    assert.match(
      shown((terminal) => showEnd(terminal, { ...RUN, status: 'failed', error })),
      /run failed[^]*In task research: no such model.*Model\.Rejected/,
    );
    assert.match(
      shown((terminal) => showEnd(terminal, { ...RUN, status: 'terminated' })),
      /terminated/,
    );
  });

  it('keeps a model from driving the terminal', () => {
    assert.equal(clean('one\x1b[31m two\x1b[0m\nthree'), 'one two\nthree');
    assert.doesNotMatch(clean('x\x1b[2Jy\rz\x07\x9b5m'), /(?!\n)\p{Cc}/u);
  });

  it('breaks lines between words, and keeps line breaks and long words', () => {
    assert.deepEqual(wrap('one two three\nfour', 8), ['one two', 'three', 'four']);
    assert.deepEqual(wrap('incomprehensibilities', 8), ['incomprehensibilities']);
  });
});
