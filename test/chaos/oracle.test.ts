import assert from 'node:assert/strict';
import type { Run, RunEvent } from '../../src/client/index.js';
import { CREWS, expectedOutputs, type CrewPlan } from './crews.js';
import { problemsOf, type Evidence } from './oracle.js';

const CREW = CREWS.find(({ name }) => name === 'in-line') as CrewPlan;
const RUN_ID = '1234';
const TASKS = Object.keys(CREW.tasks);
const callIdOf = (task: string) => `crew/default/${RUN_ID}/${task}/model/1`;

/** A run of three calls, as it must be: one a second. */
function evidence(): Evidence {
  const outputs = expectedOutputs(CREW, 'r0');
  const events = TASKS.map(
    (taskId, at) => ({ id: `${RUN_ID}:${at + 1}`, seq: at + 1, type: 'task.completed', taskId, data: {} }) as RunEvent,
  );
  const view = {
    status: 'completed',
    tasks: TASKS.map((id) => ({ id, output: outputs[id] })),
    usage: { calls: 3 },
    approvals: [],
    lastSeq: 3,
  } as unknown as Run;
  const heard = () => ({ events: structuredClone(events), end: 'completed', reconnected: 0 });
  return {
    runs: [{ tag: 'r0', crew: CREW, runId: RUN_ID, subscribers: [heard(), heard()], decided: new Map(), view }],
    faults: [],
    model: {
      calls: TASKS.map((task, at) => ({
        id: callIdOf(task),
        arrivedAt: 1_000 * at,
        endedAt: 1_000 * at + 500,
        outcome: 'answered',
      })),
      uses: [],
    },
    finished: TASKS.map((task, at) => ({ id: callIdOf(task), type: 'callModel', at: 1_000 * at + 600 })),
    published: structuredClone(events),
    leftBehind: [],
  };
}

/** What the oracle says of the evidence with this change. */
function judged(
  change: (seen: { -readonly [K in keyof Evidence]: Evidence[K] }, run: Evidence['runs'][number]) => void,
): string[] {
  const seen = evidence();
  change(seen, seen.runs[0] as Evidence['runs'][number]);
  return problemsOf(seen);
}

const again = (arrivedAt: number) => ({
  id: callIdOf('a'),
  arrivedAt,
  endedAt: arrivedAt + 10,
  outcome: 'answered' as const,
});
const worker = (from: number) => ({ name: 'a worker', endangers: 'at once' as const, from, until: from + 5_000 });

describe('the oracle of chaos', () => {
  it('finds nothing where all is as it must be', () => {
    assert.deepEqual(problemsOf(evidence()), []);
  });

  it('accepts a call made again that was in flight when its worker was killed', () => {
    const problems = judged((seen) => {
      seen.model = { ...seen.model, calls: [...seen.model.calls, again(550)] };
      seen.faults = [worker(520)];
    });
    assert.deepEqual(problems, []);
  });

  const wrong: [what: string, change: Parameters<typeof judged>[0], found: RegExp][] = [
    ['a run that is lost', (_, run) => delete run.view, /r0 .* is lost/],
    ['a wrong output', (_, { view }) => Object.assign(view?.tasks[1] ?? {}, { output: 'Other' }), /task b is 'Other'/],
    ['calls that are not counted', (_, { view }) => Object.assign(view?.usage ?? {}, { calls: 2 }), /counts 2/],
    ['a decision that nobody planned', (_, run) => run.decided.set('a.output.1', 'approve'), /decided was \[\]/],
    [
      'an event that was not heard',
      (_, run) => run.subscribers[1]?.events.splice(1, 1),
      /subscriber 1 heard 1 3 of 1 to 3/,
    ],
    [
      'an event that was heard twice',
      (_, run) => run.subscribers[0]?.events.push(...(run.subscribers[1]?.events.slice(2) ?? [])),
      /subscriber 0 heard 1 2 3 3/,
    ],
    [
      'a stream with another end',
      (_, run) => Object.assign(run.subscribers[0] ?? {}, { end: 'failed' }),
      /told that it is failed/,
    ],
    [
      'an event that says what cannot be',
      (_, run) => run.subscribers.forEach(({ events }) => Object.assign(events[0] ?? {}, { data: { durationMs: -5 } })),
      /says \{"durationMs":-5\}/,
    ],
    [
      'an event that is not in Kafka',
      (seen) => (seen.published = seen.published.slice(1)),
      /event 1234:1 is not in Kafka/,
    ],
    [
      'an event in Kafka of nobody',
      (seen) => (seen.published = [...seen.published, { ...seen.published[0], id: 'x:1' } as RunEvent]),
      /x:1 in Kafka is nobody's/,
    ],
    [
      'a finished call that is paid again',
      (seen) => (seen.model = { ...seen.model, calls: [...seen.model.calls, again(5_000)] }),
      /paid again after Temporal had its answer/,
    ],
    [
      'a call made again though nothing broke',
      (seen) => (seen.model = { ...seen.model, calls: [...seen.model.calls, again(550)] }),
      /though nothing broke/,
    ],
    [
      'a call made again twice for one fault',
      (seen) => {
        seen.model = { ...seen.model, calls: [...seen.model.calls, again(550), again(560)] };
        seen.faults = [{ ...worker(520), endangers: 'while it lasts' }];
      },
      /though nothing broke/,
    ],
    [
      'a call in flight at a fault that may cost none',
      (seen) => {
        seen.model = { ...seen.model, calls: [...seen.model.calls, again(550)] };
        seen.faults = [{ ...worker(520), endangers: 'none' }];
      },
      /though nothing broke/,
    ],
    [
      'a tool that must not be repeated and was',
      (seen) => {
        const use = { tool: 'write_down', key: `crew/default/${RUN_ID}/a/tool/1` };
        seen.model = { ...seen.model, uses: [use, use] };
      },
      /must not be repeated, and was/,
    ],
    ['a process that is left', (seen) => (seen.leftBehind = ['12 node']), /left behind: 12 node/],
  ];
  for (const [what, change, found] of wrong) {
    it(`finds ${what}`, () => {
      const problems = judged(change);
      assert.ok(
        problems.some((line) => found.test(line)),
        problems.join('\n') || 'nothing was found',
      );
    });
  }
});
