import assert from 'node:assert/strict';
import { explainCrew } from '../../../src/crew/explain.js';
import { callBounds } from '../../../src/crew/max-calls.js';
import { crewOf } from '../../support/crews.js';
import { AGENT, crew } from '../../support/definitions.js';

type Document = Record<string, unknown>;

const definitionOf = (tasks: Record<string, Document>, more: Document = {}) => crewOf(crew(tasks, more)).definition;
const boundsOf = (tasks: Record<string, Document>, more: Document = {}) => callBounds(definitionOf(tasks, more));

/** By hand: one turn of a plain agent is an answer and two more where it is empty. */
const TURN = 1 + 2;
const QUESTION = 1 + 2;

describe('the largest number of model calls', () => {
  const agent = (more: Document) => ({ agents: { a: { ...AGENT, ...more }, b: AGENT } });
  const cases: [title: string, task: Document, more: Document, max: number, min: number][] = [
    ['of a plain task', {}, {}, TURN, 1],
    ['with no second answers', {}, agent({ max_retry_limit: 0 }), 1, 1],
    ['with tools: max_iter, and the last call', { tools: ['x'] }, {}, 20 + TURN, 1],
    ['with tools of the agent', {}, agent({ tools: ['x'], max_iter: 5 }), 5 + TURN, 1],
    ['with no tools though the agent has some', { tools: [] }, agent({ tools: ['x'] }), TURN, 1],
    ['with a schema: three repairs', { output_schema: {} }, {}, TURN + 3, 1],
    ['with a guardrail function: four attempts', { guardrail: { function: 'f' } }, {}, 4 * TURN, 1],
    ['with a judge in each attempt', { guardrail: 'Be kind', guardrail_max_retries: 1 }, {}, 2 * (TURN + QUESTION), 2],
    ['with two judges', { guardrail: ['Be kind', 'Be short', { function: 'f' }] }, {}, 4 * (TURN + 2 * QUESTION), 3],
    ['with a person: ten attempts', { human_input: true }, {}, 10 * TURN, 1],
    [
      'with all that send it back, one after the other',
      { human_input: true, guardrail: { function: 'f' } },
      {},
      13 * TURN,
      1,
    ],
    ['with an expression', { condition: 'true' }, {}, TURN, 0],
    ['with a question', { condition: { question: 'Now?' } }, {}, TURN + QUESTION, 1],
    ['with a plan', {}, { planning: true }, TURN + QUESTION, 2],
    [
      'in a hierarchical crew: assignment, and reviews',
      {},
      { process: 'hierarchical' },
      QUESTION + 3 * (TURN + QUESTION),
      3,
    ],
    ['with no second work', {}, { process: 'hierarchical', max_reviews: 0 }, QUESTION + TURN + QUESTION, 3],
    ['with a budget that stops', { human_input: true }, { budget: { model_calls: 7 } }, 7, 1],
    ['with a budget that pauses', {}, { budget: { model_calls: 2, on_exceed: 'pause' } }, TURN, 1],
    ['with a budget of something else', {}, { budget: { usd: 1 } }, TURN, 1],
  ];
  for (const [title, task, more, max, min] of cases) {
    it(`${title} is ${max}, and the least ${min}`, () => {
      const bounds = boundsOf({ t: task }, more);
      assert.deepEqual([bounds.max, bounds.min], [max, min]);
    });
  }

  it('counts a summary of each output that a task reads, in each attempt', () => {
    const tasks = { one: {}, two: {}, three: { context_policy: 'summary', guardrail: { function: 'f' } } };
    assert.equal(boundsOf(tasks).tasks.get('three'), 4 * (TURN + 2));
  });

  it('takes the costliest worker where the manager chooses', () => {
    const agents = { a: AGENT, b: { ...AGENT, tools: ['x'] }, boss: { ...AGENT, tools: ['x'], max_iter: 500 } };
    const more = { agents, process: 'hierarchical', manager_agent: 'boss' };
    assert.equal(boundsOf({ t: { agent: undefined } }, more).tasks.get('t'), 3 * (20 + TURN + QUESTION));
  });

  it('counts the work of coworkers: 20 in each round, and theirs', () => {
    const delegates = { ...AGENT, allow_delegation: true, max_iter: 2 };
    const one = boundsOf({ t: {} }, { agents: { a: delegates, b: AGENT } });
    assert.equal(one.max, 2 + TURN + 2 * 20 * TURN);
    // Each may hand on to the other, who is waiting for it.
    const two = boundsOf({ t: {} }, { agents: { a: delegates, b: delegates } });
    assert.equal(two.max, 2 + TURN + 2 * 20 * (2 + TURN));
    // b may hand on to c alone: a waits for it. c is at the greatest depth.
    const chain = boundsOf(
      { t: {} },
      { agents: { a: { ...delegates, allowed_agents: ['b'] }, b: delegates, c: delegates } },
    );
    assert.equal(chain.max, 2 + TURN + 2 * 20 * (2 + TURN + 2 * 20 * TURN));
  });

  it('is null where it cannot be counted, and says why', () => {
    const definition = definitionOf({ t: {} });
    // No definition that is valid comes this far.
    Object.assign(definition.agents['a'] ?? {}, { tools: ['x'], max_iter: 2 ** 60 });
    const explanation = explainCrew(definition);
    assert.deepEqual([explanation.maxModelCalls, explanation.tasks[0]?.maxModelCalls], [null, null]);
    assert.match(explanation.assumptions.at(-1) ?? '', /^There is no bound that can be counted/);
    assert.equal(explainCrew({ ...definition, budget: { model_calls: 100 } }).maxModelCalls, 100);
  });

  it('is warned of where delegation makes it more than anybody means, and no budget stops it', () => {
    const delegates = { ...AGENT, allow_delegation: true };
    const agents = { a: delegates, b: delegates, c: AGENT };
    const { maxModelCalls, warnings } = explainCrew(definitionOf({ t: {} }, { agents }));
    assert.equal(maxModelCalls, 20 + TURN + 20 * 20 * (20 + TURN + 20 * 20 * TURN));
    assert.deepEqual(warnings, [
      {
        path: 'budget',
        message: 'A run can make up to 489223 model calls: set budget.model_calls to what it may cost',
      },
    ]);
    assert.deepEqual(explainCrew(definitionOf({ t: {} }, { agents, budget: { model_calls: 50 } })).warnings, []);
  });

  it('is found in reasonable time for a crew as large as can be', () => {
    const agents = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`a${at}`, { ...AGENT, allow_delegation: true }]),
    );
    const tasks = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`t${at}`, { agent: undefined, async_execution: true }]),
    );
    const started = performance.now();
    explainCrew(definitionOf(tasks, { agents, process: 'hierarchical' }));
    // Each way through the delegations on its own would take longer than anybody lives.
    assert.ok(performance.now() - started < 20_000);
  });
});
