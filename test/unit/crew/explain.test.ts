import assert from 'node:assert/strict';
import { explainText } from '../../../src/crew/explain-text.js';
import { explainCrew, type Explanation } from '../../../src/crew/explain.js';
import { crewOf } from '../../support/crews.js';
import { AGENT, crew } from '../../support/definitions.js';

type Document = Record<string, unknown>;

function explain(tasks: Record<string, Document>, more: Document = {}): Explanation {
  return explainCrew(crewOf(crew(tasks, more)).definition);
}

/** The warnings as lines. Agent `b` of the test's crews is used, unless this is about agents. */
function warnings(tasks: Record<string, Document>, more: Document = {}): string[] {
  const { warnings: found } = explain(tasks, more);
  return found.map(({ path, message }) => `${path}: ${message}`).filter((line) => !line.startsWith('agents.b: '));
}

describe('the order of work, explained', () => {
  it('is one after the other in a sequential crew', () => {
    const { tasks, stages } = explain({ one: {}, two: {}, three: { context: ['one'] } });
    assert.deepEqual(stages, [['one'], ['two'], ['three']]);
    assert.deepEqual(
      tasks.map(({ id, after, reads }) => [id, after, reads]),
      [
        ['one', [], []],
        ['two', ['one'], ['one']],
        ['three', ['two'], ['one']],
      ],
    );
  });

  it('has async tasks beside each other, and what comes after them waits', () => {
    const async_execution = true;
    const { tasks, stages } = explain({ one: { async_execution }, two: { async_execution }, three: {} });
    assert.deepEqual(stages, [['one', 'two'], ['three']]);
    assert.deepEqual(tasks[2]?.after, ['one', 'two']);
  });

  it('is what tasks read in a parallel crew', () => {
    const tasks = {
      sum: { context: ['law', 'tone', 'law'] },
      law: { context: ['draft'] },
      tone: { context: ['draft'] },
      draft: {},
    };
    const { stages, tasks: explained } = explain(tasks, { process: 'parallel' });
    assert.deepEqual(stages, [['draft'], ['law', 'tone'], ['sum']]);
    assert.deepEqual(explained[0], {
      id: 'sum',
      agent: 'a',
      after: ['law', 'tone'],
      reads: ['law', 'tone'],
      maxModelCalls: 3,
    });
  });

  it('leaves out what others wait for already', () => {
    const tasks = { one: {}, two: { context: ['one'] }, three: { context: ['one', 'two'] } };
    const { tasks: explained } = explain(tasks, { process: 'parallel' });
    assert.deepEqual([explained[2]?.after, explained[2]?.reads], [['two'], ['one', 'two']]);
  });

  it('is plain JSON', () => {
    const explanation = explain(
      { t: { agent: undefined } },
      { process: 'hierarchical', inputs: { n: { default: 1, type: 'number' } } },
    );
    assert.deepEqual(JSON.parse(JSON.stringify(explanation)), explanation);
    assert.equal('agent' in (explanation.tasks[0] ?? {}), false);
    assert.deepEqual(explanation.inputs, [{ name: 'n', type: 'number', required: false, default: 1 }]);
  });

  it('is a line a stage for people', () => {
    const tasks = {
      draft: {},
      law: { context: ['draft'], agent: 'b' },
      tone: { context: ['draft'] },
      sum: { context: ['law', 'tone'] },
    };
    const text = explainText(explain(tasks, { process: 'parallel', inputs: { topic: {}, tone: { default: 'kind' } } }));
    assert.equal(
      text,
      [
        'x: parallel, 4 tasks, 4 to 12 model calls',
        '',
        'Inputs',
        '  topic: string, required',
        '  tone: string, default "kind"',
        '',
        'Order of work (tasks of one line may run at the same time)',
        '  1.  draft (a)',
        '  2.  law (b) <- draft  |  tone (a) <- draft',
        '  3.  sum (a) <- law, tone',
        '',
        'Model calls of each task, at most',
        '  draft: 3',
        '  law: 3',
        '  tone: 3',
        '  sum: 3',
        '',
        'Counted on',
        '  Calls that a provider failed are not counted, nor is the next model that is asked instead.',
        '',
        'Warnings',
        '  inputs.topic: No text has {topic}: this input changes nothing',
        '  inputs.tone: No text has {tone}: this input changes nothing',
      ].join('\n'),
    );
  });
});

describe('warnings', () => {
  it('are none for what does what it says', () => {
    const tasks = { one: {}, two: { agent: 'b', description: 'On {topic}' } };
    assert.deepEqual(explain(tasks, { inputs: ['topic'] }).warnings, []);
  });

  const parallel = { process: 'parallel' };
  const cases: [title: string, tasks: Record<string, Document>, more: Document, expected: string][] = [
    [
      'an output that nobody reads',
      { one: {}, two: { context: [] } },
      {},
      'tasks.one: No task reads this output, and it is not the result of the crew',
    ],
    [
      'an input that nobody uses',
      { t: {} },
      { inputs: ['topic'] },
      'inputs.topic: No text has {topic}: this input changes nothing',
    ],
    [
      'max_parallel in a sequential crew',
      { t: {}, u: {} },
      { max_parallel: 2 },
      'max_parallel: It has no effect: this crew is sequential, so no two tasks can run at the same time',
    ],
    [
      'planning_llm without planning',
      { t: {} },
      { planning_llm: 'm' },
      'planning_llm: It has no effect without planning: true',
    ],
    [
      'guardrail_max_retries without a guardrail',
      { t: { guardrail_max_retries: 1 } },
      {},
      'tasks.t.guardrail_max_retries: It has no effect without a guardrail',
    ],
    [
      'guardrail_max_retries with a schema alone',
      { t: { guardrail_max_retries: 1, output_schema: {} } },
      {},
      'tasks.t.guardrail_max_retries: It has no effect without a guardrail (answers that do not fit output_schema have retries of their own)',
    ],
    [
      'context_policy without context',
      { t: { context_policy: 'last' } },
      {},
      'tasks.t.context_policy: It has no effect: this task reads no other',
    ],
    [
      'a task that is read twice',
      { t: {}, u: { context: ['t', 't'] } },
      {},
      'tasks.u.context: It names a task twice; each is read once',
    ],
    [
      'Markdown that is JSON',
      { t: { markdown: true, output_schema: {} } },
      {},
      'tasks.t.markdown: It has no effect: with output_schema the output is JSON',
    ],
    [
      'async_execution beside nothing',
      { t: { async_execution: true }, u: {} },
      {},
      'tasks.t.async_execution: It has no effect: no other task can run beside it. Tasks that do not read each other do where all of them are async_execution',
    ],
    [
      'async_execution in a parallel crew',
      { t: { async_execution: true } },
      parallel,
      'tasks.t.async_execution: It has no effect: in a parallel crew, tasks wait only for what they read',
    ],
    [
      'a parallel crew in a row',
      { t: {}, u: { context: ['t'] } },
      parallel,
      'process: No two tasks can run at the same time: each one waits for another',
    ],
    [
      'a budget that is too small',
      { t: { guardrail: 'Be kind' }, u: {}, v: { condition: 'true' } },
      { budget: { model_calls: 2 }, planning: true },
      'budget.model_calls: A run of this crew takes 4 model calls at least: it cannot be finished within 2',
    ],
    [
      'waits for people',
      { t: { human_input: true } },
      {},
      'tasks.t.human_input: The run waits for a person for as long as it takes: nothing ends the wait',
    ],
    [
      'waits of the budget',
      { t: {} },
      { budget: { usd: 1, on_exceed: 'pause' } },
      'budget.on_exceed: Over the budget, the run waits for a person for as long as it takes: nothing ends the wait',
    ],
    [
      'allowed_agents without delegation',
      { t: {} },
      { agents: { a: { ...AGENT, allowed_agents: ['b'] }, b: AGENT } },
      'agents.a.allowed_agents: It has no effect without allow_delegation: true',
    ],
    [
      'delegation to nobody',
      { t: {} },
      { agents: { a: { ...AGENT, allow_delegation: true } } },
      'agents.a.allow_delegation: There is no agent that it may hand work to',
    ],
  ];
  for (const [title, tasks, more, expected] of cases) {
    it(`tell of ${title}`, () => assert.deepEqual(warnings(tasks, more), [expected]));
  }

  it('tell of agents that nobody uses, and of their tools', () => {
    const idle = 'No task uses this agent, and nobody may hand it work';
    const agents = { a: AGENT, b: AGENT, c: { ...AGENT, tools: ['x'] } };
    assert.deepEqual(explain({ t: {} }, { agents }).warnings, [
      { path: 'agents.b', message: idle },
      { path: 'agents.c', message: `${idle}: its tools are never called` },
    ]);
    const helped = {
      ...agents,
      a: { ...AGENT, allow_delegation: true, allowed_agents: ['b'] },
      b: { ...AGENT, allow_delegation: true },
    };
    assert.deepEqual(explain({ t: {} }, { agents: helped, budget: { model_calls: 50 } }).warnings, []);
    assert.deepEqual(
      explain({ t: { agent: undefined } }, { agents, process: 'hierarchical', manager_agent: 'c' }).warnings,
      [],
    );
  });

  it('take an output that a condition or an artifact is made of for read', () => {
    assert.deepEqual(warnings({ one: {}, two: { context: [], condition: 'outputs.one.raw != ""' } }), []);
    assert.deepEqual(warnings({ one: { output_file: 'one.md' }, two: { context: [] } }), []);
  });
});
