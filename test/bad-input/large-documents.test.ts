import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { readYaml } from '../../src/adapters/read-yaml.js';
import { explainCrew } from '../../src/crew/explain.js';
import { checkInputs } from '../../src/crew/inputs.js';
import type { Known } from '../../src/crew/known.js';
import { MAX_AGENTS, MAX_INPUTS, MAX_LIST, MAX_TASKS } from '../../src/crew/size.js';
import { describeIssues, parseCrew } from '../../src/crew/validate.js';
import { testApp } from '../support/app.js';

type Document = Record<string, Record<string, object>>;

const AGENT = { role: 'R', goal: 'G', backstory: 'B' };
const TASK = { description: 'D', expected_output: 'E', agent: 'a0' };

/** Problems of one document that are told. */
const MAX_ISSUES = 100;

/** So many things by key: `a0`, `a1`, … */
function many<T>(letter: string, count: number, one: (at: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${letter}${at}`, one(at)]));
}

const list = (count: number, word: string) => Array.from({ length: count }, (_, at) => `${word}${at}`);

function documentOf(more: object): Document {
  return {
    schemaVersion: 1,
    name: 'large',
    agents: { a0: AGENT },
    tasks: { t0: TASK },
    ...more,
  } as unknown as Document;
}

/** As large as a definition may be, each task reading a hundred others, each agent handing work to all. */
const largest = documentOf({
  process: 'parallel',
  inputs: many('i', MAX_INPUTS, () => ({})),
  agents: many('a', MAX_AGENTS, () => ({ ...AGENT, tools: list(20, 'tool'), allow_delegation: true })),
  tasks: many('t', MAX_TASKS, (at) => ({ ...TASK, description: `On {i${at}}`, agent: `a${at % MAX_AGENTS}`, context: list(Math.min(at, MAX_LIST), 't') })), // prettier-ignore
});

/** The least of several times, in ms: what the machine does beside is in the others. */
function least(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

function linesOf(document: unknown, known?: Known): string[] {
  const parsed = parseCrew(document, known);
  return parsed.ok ? [] : describeIssues(parsed.issues).split('\n');
}

const tooMany: [what: string, document: object, expected: RegExp][] = [
  ['agents', documentOf({ agents: many('a', 40_000, () => ({ role: 'R' })) }), /^agents: Expected at most 100 agents, found 40000$/],
  ['tasks', documentOf({ tasks: many('t', 201, () => TASK) }), /^tasks: Expected at most 200 tasks, found 201$/],
  ['inputs', documentOf({ inputs: many('i', 501, () => ({})) }), /^inputs: Expected at most 500 inputs, found 501$/],
  ['inputs in a list', documentOf({ inputs: list(90_000, 'i') }), /^inputs: Expected at most 500 inputs, found 90000$/],
  ['tools of an agent', documentOf({ agents: { a0: { ...AGENT, tools: list(101, 'x') } } }), /^agents\.a0\.tools: Expected at most 100 items, found 101$/],
  ['tools of a task', documentOf({ tasks: { t0: { ...TASK, tools: list(90_000, 'x') } } }), /^tasks\.t0\.tools: Expected at most 100 items, found 90000$/],
  ['characters', documentOf({ agents: many('a', 60, () => ({ ...AGENT, backstory: 'é'.repeat(10_000) })) }), /^\(root\): Expected at most 1000000 bytes in all$/],
  ['schemas', documentOf({ tasks: many('t', 20, () => ({ ...TASK, output_schema: { enum: list(2_000, 'x') } })) }), /^\(root\): Expected at most 200000 bytes of JSON Schemas in all$/],
  ['values', documentOf({ more: many('k', 1_100, () => many('v', 100, () => 1)) }), /^\(root\): Expected at most 100000 values in all$/],
]; // prettier-ignore

/** Definitions within the bounds that are wrong wherever they can be. */
const wrong: [what: string, document: object][] = [
  ['unknown keys', documentOf({ agents: many('a', 90, () => many('rolle', 1_000, () => 1)) })],
  ['things that are no tools', documentOf({ agents: many('a', 100, () => ({ ...AGENT, tools: list(100, 'x').map(() => ({ nme: 1 })) })) })],
  ['tools that are not there', documentOf({ agents: many('a', 100, () => ({ ...AGENT, tools: list(100, 'a_long_name_of_a_tool') })) })],
  ['coworkers that are not there', documentOf({ agents: many('a', 100, () => ({ ...AGENT, allowed_agents: list(100, 'b') })) })],
  ['tasks that are not there', documentOf({ tasks: many('t', 200, () => ({ ...TASK, context: list(100, 'u') })) })],
  ['models that are not there', documentOf({ agents: many('a', 100, () => ({ ...AGENT, llm: list(5, 'm') })) })],
  ['placeholders', documentOf({ inputs: many('i', 500, () => ({})), tasks: many('t', 18, () => ({ ...TASK, description: list(5_000, 'x').map((name) => `{${name}}`).join('') })) })],
  ['conditions', documentOf({ tasks: many('t', 200, () => ({ ...TASK, condition: 'outputs.t199 == 1' })) })],
]; // prettier-ignore

describe('documents that are too large', function () {
  this.timeout(60_000);

  it('are definitions up to the bounds', () => {
    assert.deepEqual(linesOf(largest), []);
    const texts = many('t', 19, () => ({ ...TASK, description: 'x'.repeat(49_000) }));
    assert.deepEqual(linesOf(documentOf({ tasks: texts })), []);
    const free = { type: 'object', properties: { a: { enum: list(1_000, 'x') } } };
    assert.deepEqual(linesOf(documentOf({ tasks: { t0: { ...TASK, output_schema: free } } })), []);
  });

  for (const [what, document, expected] of tooMany) {
    it(`are refused for their ${what}, and for nothing else`, () => {
      const lines = linesOf(document);
      assert.equal(lines.length, 1, lines.slice(0, 3).join('\n'));
      assert.match(lines[0] ?? '', expected);
    });
  }

  it('are refused without a look at what there is too much of', () => {
    let reads = 0;
    const agents = new Proxy(
      many('a', 40_000, () => AGENT),
      {
        get: (all, key) => {
          reads += 1;
          return Reflect.get(all, key) as unknown;
        },
      },
    );
    assert.equal(linesOf(documentOf({ agents })).length, 1);
    assert.equal(reads, 0);
  });

  for (const [what, document] of wrong) {
    it(`are not wrong in more places than anybody reads: ${what}`, () => {
      const asked = { names: 0, conditions: 0 };
      const known: Known = {
        models: () => false,
        whyNoModel: () => `no ${++asked.names}`,
        tools: { tools: list(500, 'a_long_name_of_that_tool'), servers: [] },
        checkCondition: (_, taskIds) => {
          asked.conditions += 1;
          return taskIds.length === MAX_TASKS ? [] : ['not there'];
        },
      };
      const lines = linesOf(document, known);
      assert.ok(lines.length > 0 && lines.length <= MAX_ISSUES, `${lines.length} lines`);
      assert.ok(asked.names <= MAX_ISSUES, `${asked.names} names`);
      // Each is checked twice, and some tasks are tried out.
      assert.ok(asked.conditions <= 5 * MAX_ISSUES, `${asked.conditions} checks`);
    });

    it(`take no longer than the largest that is right: ${what}`, () => {
      const known: Known = { tools: { tools: list(500, 'a_long_name_of_that_tool'), servers: [] } };
      const right = least(() => [parseCrew(largest), explainCrew(definitionOf(largest))]);
      const taken = least(() => parseCrew(document, known));
      if (process.env['SHOW_FIGURES']) console.log({ what, right, taken });
      assert.ok(taken < 5 * right, `${taken} ms, the largest takes ${right} ms`);
    });
  }

  it('are read no further, as YAML', () => {
    const text = (agents: number) => `agents:\n${list(agents, '  a').map((key) => `${key}: {role: R, goal: G}`).join('\n')}`; // prettier-ignore
    const read = readYaml(text(40_000));
    assert.deepEqual(!read.ok && read.issues.map(({ message }) => message), ['Expected at most 200000 keys, values and signs']); // prettier-ignore
    const whole = stringify(largest);
    assert.ok(readYaml(whole).ok);
    const [right, taken] = [least(() => readYaml(whole)), least(() => readYaml(text(40_000)))];
    if (process.env['SHOW_FIGURES']) console.log({ right, taken });
    assert.ok(taken < 5 * right, `${taken} ms, the largest that is right takes ${right} ms`);
  });

  it('are inputs whose names nobody declared', () => {
    const definition = definitionOf(documentOf({ inputs: many('i', 500, () => ({ required: false })) }));
    const given = many('a_long_name_of_an_input', 90_000, (at) => at);
    const checked = checkInputs(definition, given);
    assert.equal(!checked.ok && checked.issues.length, MAX_ISSUES);
    const [right, taken] = [least(() => JSON.stringify(given)), least(() => checkInputs(definition, given))];
    assert.ok(taken < 20 * right, `${taken} ms, to write them takes ${right} ms`);
  });

  it('get an answer with a code, a path and what was found, over HTTP', async () => {
    const { post, send } = testApp();
    const body = documentOf({ agents: many('a', 20_000, () => ({ role: 'R' })) });
    const { status, json } = await send('PUT', '/v1/crews/large', body);
    assert.deepEqual([status, json.code], [422, 'invalid_definition']);
    assert.deepEqual(json.errors, [{ path: 'agents', message: 'Expected at most 100 agents, found 20000' }]);
    const report = await post('/v1/crews:validate', { yaml: stringify(body) });
    assert.deepEqual([report.status, report.json.valid, report.json.errors.length], [200, false, 1], report.text);
    const keys = await post('/v1/runs', { crew: 'pair', ...many('rolle', 50_000, () => 1) });
    assert.deepEqual([keys.status, keys.json.errors.length], [422, 50]);
  });
});

function definitionOf(document: object) {
  const parsed = parseCrew(document);
  assert.ok(parsed.ok, parsed.ok ? '' : describeIssues(parsed.issues));
  return parsed.definition;
}
