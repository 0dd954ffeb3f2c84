import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkInputs } from '../../../src/crew/inputs.js';
import { describeIssues } from '../../../src/crew/validate.js';
import { parseCrew } from '../../../src/crew/validate.js';
import { crewDocument, crewOf } from '../../support/crews.js';

/** The document's problems, as lines. */
function problemsOf(document: unknown, models?: string[]): string {
  const parsed = parseCrew(document, models);
  return parsed.ok ? '' : describeIssues(parsed.issues);
}

function changed(change: (document: ReturnType<typeof crewDocument> & Record<string, unknown>) => void): unknown {
  const document = crewDocument();
  change(document);
  return document;
}

describe('crew definitions', () => {
  it('takes a valid one and fills in defaults', () => {
    const parsed = parseCrew(crewDocument());
    assert.ok(parsed.ok);
    assert.equal(parsed.definition.process, 'sequential');
    assert.equal(parsed.definition.tasks['find']?.human_input, false);
    assert.equal(parsed.definition.inputs['topic']?.type, 'string');
  });

  it('takes inputs as a list of names', () => {
    const parsed = parseCrew(changed((document) => Object.assign(document, { inputs: ['topic'] })));
    assert.ok(parsed.ok);
    assert.deepEqual(Object.keys(parsed.definition.inputs), ['topic']);
  });

  const cases: [title: string, document: unknown, expected: RegExp][] = [
    ['nothing', null, /^\(root\): /],
    ['a list', [], /^\(root\): /],
    ['no version', changed((d) => Reflect.deleteProperty(d, 'schemaVersion')), /^schemaVersion: Required: expected 1/],
    ['a name with a space', changed((d) => Object.assign(d, { name: 'a b' })), /^name: Expected a letter/],
    ['no agents', changed((d) => Object.assign(d, { agents: {} })), /^agents: Expected at least one agent/],
    ['no tasks', changed((d) => Reflect.deleteProperty(d, 'tasks')), /^tasks: Required: expected tasks by key/],
    [
      'a misspelt key',
      changed((d) => Object.assign(d.agents.finder, { gaol: 'x' })),
      /^agents\.finder\.gaol: Unknown key 'gaol'\. Did you mean 'goal'\?/,
    ],
    [
      "a key of CrewAI's that does nothing here",
      changed((d) => Object.assign(d.agents.finder, { memory: true })),
      /^agents\.finder\.memory: 'memory' is a key of CrewAI that this version does not run yet/,
    ],
    [
      'an unknown agent',
      changed((d) => Object.assign(d.tasks['find'] ?? {}, { agent: 'findr' })),
      /^tasks\.find\.agent: No agent has the key 'findr'\. Did you mean 'finder'\?/,
    ],
    [
      'a context that does not run before',
      changed((d) => Object.assign(d.tasks['find'] ?? {}, { context: ['write'] })),
      /^tasks\.find\.context\.0: 'write' does not run before 'find'/,
    ],
    [
      'an undeclared input',
      changed((d) => Object.assign(d.tasks['find'] ?? {}, { description: 'On {topik}' })),
      /^tasks\.find\.description: \{topik\} is not a declared input\. Did you mean 'topic'\?/,
    ],
    [
      'a default of another type',
      changed((d) => Object.assign(d.inputs, { topic: { type: 'integer', default: 'x' } })),
      /^inputs\.topic\.default: Expected a whole number, found a string/,
    ],
    [
      'an empty role',
      changed((d) => Object.assign(d.agents.finder, { role: ' ' })),
      /^agents\.finder\.role: Expected a text, found an empty one/,
    ],
    [
      'human_input as a text',
      changed((d) => Object.assign(d.tasks['find'] ?? {}, { human_input: 'yes' })),
      /^tasks\.find\.human_input: Expected true or false/,
    ],
  ];
  for (const [title, document, expected] of cases) {
    it(`refuses ${title}, with the path and what was expected`, () => {
      assert.match(problemsOf(document), expected);
    });
  }

  it('refuses models that are not configured', () => {
    const document = changed((d) => Object.assign(d.agents.finder, { llm: 'gpt-5' }));
    assert.match(problemsOf(document, ['gpt-4']), /^agents\.finder\.llm: The model 'gpt-5' is not configured/);
    assert.equal(problemsOf(document, ['gpt-5']), '');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (document) => assert.equal(parseCrew(document).ok, false)));
  });

  it('keeps the order of tasks, which is the order of work', () => {
    const { definition } = crewOf(crewDocument());
    assert.deepEqual(Object.keys(definition.tasks), ['find', 'write']);
  });
});

describe('inputs of a run', () => {
  const crew = (inputs: object) => crewOf({ ...crewDocument(), inputs: { topic: {}, ...inputs } }).definition;

  it('fills in defaults', () => {
    const checked = checkInputs(crew({ count: { type: 'integer', default: 3 } }), { topic: 'tea' });
    assert.deepEqual(checked, { ok: true, inputs: { topic: 'tea', count: 3 } });
  });

  const cases: [title: string, given: Record<string, unknown>, expected: RegExp][] = [
    ['a missing one', {}, /^topic: Required: expected a text$/],
    ['another type', { topic: 7 }, /^topic: Expected a text, found a number$/],
    ['null', { topic: null }, /^topic: Expected a text, found null$/],
    ['an empty text', { topic: '  ' }, /^topic: Expected a text, found an empty one$/],
    ['an unknown one', { topic: 'x', topc: 'y' }, /^topc: Unknown input\. Did you mean 'topic'\?$/],
    ['control characters', { topic: 'a\u0000b' }, /^topic: Expected plain text, found a control character$/],
    ['broken Unicode', { topic: '\ud800' }, /^topic: Expected plain text, found broken Unicode$/],
    [
      'a text that is too long',
      { topic: 'x'.repeat(10_001) },
      /^topic: Expected at most 10000 characters, found 10001$/,
    ],
  ];
  for (const [title, given, expected] of cases) {
    it(`refuses ${title}`, () => {
      const checked = checkInputs(crew({}), given);
      assert.ok(!checked.ok);
      assert.match(describeIssues(checked.issues), expected);
    });
  }

  it('takes Unicode as it is', () => {
    const topic = '日本語 🍵 ä\tb\nc';
    assert.deepEqual(checkInputs(crew({}), { topic }), { ok: true, inputs: { topic } });
  });
});
