import assert from 'node:assert/strict';
import type { Known } from '../../../src/crew/known.js';
import { describeIssues, parseCrew } from '../../../src/crew/validate.js';
import { AGENT, crew, KNOWN } from '../../support/definitions.js';

type Document = Record<string, unknown>;

function problemsOf(document: Document, known?: Known): string {
  const parsed = parseCrew(document, known);
  return parsed.ok ? '' : describeIssues(parsed.issues);
}

type Case = [title: string, document: Document, expected: string];

function refuses(cases: Case[]): void {
  for (const [title, document, expected] of cases) {
    it(`refuses ${title}`, () => assert.equal(problemsOf(document, KNOWN), expected));
  }
}

describe('who works on what', () => {
  const hierarchical = { process: 'hierarchical' };
  it('lets a hierarchical crew choose its agents', () => {
    assert.equal(problemsOf(crew({ t: { agent: undefined } }, hierarchical)), '');
    assert.equal(
      problemsOf(crew({ t: { agent: undefined } }, { ...hierarchical, manager_agent: 'b', max_reviews: 0 })),
      '',
    );
  });
  refuses([
    [
      'a manager without a hierarchical crew',
      crew({ t: {} }, { manager_llm: 'small', max_reviews: 1 }),
      "manager_llm: Only a hierarchical crew has a manager, and this one is sequential: set process: hierarchical, or remove 'manager_llm'\n" +
        "max_reviews: Only a hierarchical crew has a manager, and this one is sequential: set process: hierarchical, or remove 'max_reviews'",
    ],
    [
      'a manager that is no agent',
      crew({ t: {} }, { ...hierarchical, manager_agent: 'c' }),
      "manager_agent: No agent has the key 'c'. Did you mean 'a'?",
    ],
    [
      'a manager that works',
      crew({ t: { agent: 'b' } }, { ...hierarchical, manager_agent: 'b' }),
      "tasks.t.agent: 'b' manages this crew and works on no task: name another agent, or none for the manager to choose",
    ],
    [
      'a manager alone',
      crew({ t: { agent: undefined } }, { ...hierarchical, manager_agent: 'a', agents: { a: AGENT } }),
      'agents: Expected at least one agent beside the manager: a manager hands out the work and does none itself',
    ],
    [
      'a task with no agent',
      crew({ t: { agent: undefined } }),
      'tasks.t.agent: Required: expected the key of an agent (a, b). Only in a hierarchical crew may it be left out',
    ],
    [
      'a task with no agent in a crew of one, and says which',
      crew({ t: { agent: undefined } }, { agents: { solo: AGENT } }),
      'tasks.t.agent: Required: expected the key of an agent. This crew has one: write agent: solo',
    ],
    [
      'coworkers that are none',
      crew({ t: {} }, { agents: { a: { ...AGENT, allowed_agents: ['a', 'c'] }, b: AGENT } }),
      "agents.a.allowed_agents.0: An agent cannot hand work to itself\nagents.a.allowed_agents.1: No agent has the key 'c'. Did you mean 'a'?",
    ],
    [
      'a name that every object has',
      crew({ t: { agent: 'constructor' } }),
      "tasks.t.agent: No agent has the key 'constructor'. Known: a, b.",
    ],
  ]);
});

describe('the order of work', () => {
  const parallel = { process: 'parallel' };
  it('lets a parallel crew read in any order that can be worked in', () => {
    assert.equal(
      problemsOf(crew({ last: { context: ['one', 'two'] }, one: {}, two: { context: ['one'] } }, parallel)),
      '',
    );
  });
  refuses([
    [
      'a circle, and shows it',
      crew({ x: {}, a: { context: ['b'] }, b: { context: ['c'] }, c: { context: ['x', 'a'] } }, parallel),
      'tasks.a.context.0: These tasks wait for each other and none can start: a → b → c → a',
    ],
    [
      'each of several circles, and not what only reads them',
      crew(
        {
          r: { context: ['a'] },
          a: { context: ['b'] },
          b: { context: ['a'] },
          c: { context: ['d'] },
          d: { context: ['c'] },
        },
        parallel,
      ),
      'tasks.a.context.0: These tasks wait for each other and none can start: a → b → a\n' +
        'tasks.c.context.0: These tasks wait for each other and none can start: c → d → c',
    ],
    [
      'a task that reads itself',
      crew({ t: { context: ['t'] } }, parallel),
      'tasks.t.context.0: A task cannot read itself',
    ],
    ['the same in a sequential crew', crew({ t: { context: ['t'] } }), 'tasks.t.context.0: A task cannot read itself'],
    [
      'a task that is none',
      crew({ one: {}, t: { context: ['oen'] } }, parallel),
      "tasks.t.context.0: No task has the key 'oen'. Did you mean 'one'?",
    ],
    [
      'a later task in a sequential crew',
      crew({ one: { context: ['two'] }, two: { async_execution: true } }),
      "tasks.one.context.0: 'two' does not run before 'one': in a sequential crew, context names earlier tasks.",
    ],
  ]);
});

describe('conditions', () => {
  const early = (condition: string, more: Document = {}) =>
    crew({ one: { async_execution: true }, two: { context: [], async_execution: true, condition }, three: {} }, more);
  it('may read what is settled before', () => {
    assert.equal(
      problemsOf(crew({ one: {}, two: { condition: 'outputs.one && inputs.n' } }, { inputs: ['n'] }), KNOWN).slice(
        0,
        6,
      ),
      '',
    );
    const parallel = crew(
      { one: {}, two: { context: ['one'] }, three: { context: ['two'], condition: 'outputs.one' } },
      { process: 'parallel' },
    );
    assert.equal(problemsOf(parallel, KNOWN), '');
  });
  refuses([
    [
      'what is wrong in itself',
      crew({ one: {}, two: { condition: 'outputs.on' } }),
      'tasks.two.condition: There is no outputs.on',
    ],
    [
      'what runs later',
      early('outputs.three'),
      "tasks.two.condition: 'three' does not run before 'two': in a sequential crew, a condition reads earlier tasks.",
    ],
    [
      'what may still be running',
      early('outputs.one'),
      "tasks.two.condition: 'one' may not be finished when this is decided: name it under context, and 'two' waits for it",
    ],
    [
      'the task itself, and each task that is too early',
      early('outputs.two && outputs.three'),
      'tasks.two.condition: A condition is decided before its task runs: it cannot read the output of the task itself\n' +
        "tasks.two.condition: 'three' does not run before 'two': in a sequential crew, a condition reads earlier tasks.",
    ],
  ]);
});

describe("names of the operator's things", () => {
  it('may be any where nothing is known', () => {
    const document = crew({ t: { tools: ['anything', 'any/*'], guardrail: { function: 'f' }, output_schema: 's' } });
    assert.equal(problemsOf(document), '');
  });
  it('may be what is configured', () => {
    const document = crew(
      {
        t: {
          tools: ['calculator', 'files/*', { name: 'files/read', cache: false }],
          guardrail: ['Be kind', { function: 'has_sources' }],
          output_schema: 'invoice',
        },
      },
      { planning: true, planning_llm: ['small', 'large'] },
    );
    assert.equal(problemsOf(document, KNOWN), '');
  });
  refuses([
    [
      'models wherever they are named',
      crew(
        { t: { condition: { question: 'Q', llm: 'lare' } } },
        { process: 'hierarchical', manager_llm: 'x', planning_llm: ['small', 'y'], planning: true },
      ),
      "manager_llm: The model 'x' is not configured. Known: small, large.\n" +
        "planning_llm.1: The model 'y' is not configured. Known: small, large.\n" +
        "tasks.t.condition.llm: The model 'lare' is not configured. Did you mean 'large'?",
    ],
    [
      'tools of agents and tasks',
      crew(
        { t: { tools: ['/x', 'files/', 'nothing/read', 'files', 'calculator', { name: 'calculator' }] } },
        { agents: { a: { ...AGENT, tools: ['calc'] }, b: AGENT } },
      ),
      "agents.a.tools.0: No tool 'calc' is configured. Known: calculator, read_file, files/*.\n" +
        "tasks.t.tools.0: Expected the name of a tool, server/tool or server/*, found '/x'\n" +
        "tasks.t.tools.1: Expected the name of a tool, server/tool or server/*, found 'files/'\n" +
        "tasks.t.tools.2: No server 'nothing' of tools is configured. Known: files.\n" +
        "tasks.t.tools.3: 'files' is a server of tools: write files/* for all of its tools, or files/tool\n" +
        'tasks.t.tools.5.name: This tool is in the list already',
    ],
    [
      'guardrail functions',
      crew({ t: { guardrail: ['x', { function: 'has_source' }] }, u: { guardrail: { function: 'f' } } }),
      "tasks.t.guardrail.1.function: No guardrail function 'has_source' is configured. Did you mean 'has_sources'?\n" +
        "tasks.u.guardrail.function: No guardrail function 'f' is configured. Known: has_sources.",
    ],
    [
      'schemas',
      crew({ t: { output_schema: 'invioce' } }),
      "tasks.t.output_schema: No schema 'invioce' is configured. Did you mean 'invoice'?",
    ],
  ]);
});
