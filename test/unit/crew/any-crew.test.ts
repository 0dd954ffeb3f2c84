import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readYaml } from '../../../src/adapters/read-yaml.js';
import { explainText } from '../../../src/crew/explain-text.js';
import { explainCrew } from '../../../src/crew/explain.js';
import { formatPath } from '../../../src/crew/issues.js';
import { callBounds } from '../../../src/crew/max-calls.js';
import { nextStep } from '../../../src/crew/plan.js';
import { describeIssues, parseCrew } from '../../../src/crew/validate.js';
import { anyCrew, type AnyCrew } from '../../support/any-crew.js';

/** Breaks a definition at one place, and says where that will be found. */
type Fault = (crew: AnyCrew, task: string, agent: string) => { path: (string | number)[]; says: RegExp } | undefined;

const taskOf = (crew: AnyCrew, key: string) => crew.tasks[key] ?? {};

const FAULTS: Record<string, Fault> = {
  'an unknown agent': (crew, task) => {
    taskOf(crew, task)['agent'] = 'nobody at all';
    return { path: ['tasks', task, 'agent'], says: /No agent has the key 'nobody at all'/ };
  },
  'a bad reference': (crew, task) => {
    taskOf(crew, task)['context'] = ['no such task'];
    return { path: ['tasks', task, 'context', 0], says: /No task has the key/ };
  },
  'a task that reads itself': (crew, task) => {
    taskOf(crew, task)['context'] = [task];
    return { path: ['tasks', task, 'context', 0], says: /cannot read itself/ };
  },
  'a circle': (crew) => {
    if (crew.process !== 'parallel') return undefined;
    // Ends that read nothing else, so that there is this one circle, found from the one that is written first.
    const [first = '', second = ''] = Object.keys(crew.tasks);
    taskOf(crew, first)['context'] = [second];
    taskOf(crew, second)['context'] = [first];
    return { path: ['tasks', first, 'context', 0], says: new RegExp(`: ${first} → ${second} → ${first}$`) };
  },
  'a later task': (crew) => {
    if (crew.process === 'parallel') return undefined;
    const [first = '', second = ''] = Object.keys(crew.tasks);
    taskOf(crew, first)['context'] = [second];
    return { path: ['tasks', first, 'context', 0], says: /does not run before/ };
  },
  'an unknown key of the crew': (crew) => {
    crew['proces'] = 'parallel';
    return { path: ['proces'], says: /Unknown key 'proces'\. Did you mean 'process'\?/ };
  },
  'an unknown key of a task': (crew, task) => {
    taskOf(crew, task)['guardrial'] = 'x';
    return { path: ['tasks', task, 'guardrial'], says: /Did you mean 'guardrail'\?/ };
  },
  'an unknown key of an agent': (crew, _task, agent) => {
    Object.assign(crew.agents[agent] ?? {}, { max_itre: 3 });
    return { path: ['agents', agent, 'max_itre'], says: /Did you mean 'max_iter'\?/ };
  },
  "a key of CrewAI's without effect": (crew, task) => {
    taskOf(crew, task)['output_pydantic'] = 'x';
    return { path: ['tasks', task, 'output_pydantic'], says: /is a key of CrewAI that this version does not run yet/ };
  },
  'a wrong type': (crew, task) => {
    taskOf(crew, task)['human_input'] = 'yes';
    return { path: ['tasks', task, 'human_input'], says: /^Expected true or false$/ };
  },
  'a wrong type of a list': (crew, _task, agent) => {
    Object.assign(crew.agents[agent] ?? {}, { tools: 'calculator' });
    return { path: ['agents', agent, 'tools'], says: /^Expected a list of tools$/ };
  },
  'nothing where something must be': (crew, _task, agent) => {
    delete crew.agents[agent]?.['goal'];
    return { path: ['agents', agent, 'goal'], says: /^Required: expected a text$/ };
  },
  'an undeclared input': (crew, task) => {
    taskOf(crew, task)['expected_output'] = 'On {no_such_input}';
    return { path: ['tasks', task, 'expected_output'], says: /^\{no_such_input\} is not a declared input/ };
  },
  'an artifact elsewhere': (crew, task) => {
    taskOf(crew, task)['output_file'] = '../../etc/passwd';
    return { path: ['tasks', task, 'output_file'], says: /without '\.\.'/ };
  },
  'an empty budget': (crew) => {
    crew['budget'] = {};
    return { path: ['budget'], says: /at least one limit/ };
  },
};

describe('500 generated definitions', () => {
  it('are valid, and explained as they are worked on', () => {
    fc.assert(
      fc.property(anyCrew, (document) => {
        const parsed = parseCrew(document);
        assert.ok(parsed.ok, parsed.ok ? '' : describeIssues(parsed.issues));
        const { definition } = parsed;
        // What was parsed is what is stored, and parses to itself.
        const again = parseCrew(JSON.parse(JSON.stringify(definition)));
        assert.equal(JSON.stringify(again.ok && again.definition), JSON.stringify(definition));
        const explanation = explainCrew(definition);
        assert.deepEqual(JSON.parse(JSON.stringify(explanation)), explanation);
        assert.deepEqual(explanation.stages, wavesOf({ ...definition, max_parallel: 100 }));
        const { min, uncapped } = callBounds(definition);
        assert.ok(min <= uncapped && uncapped < Infinity, `${min} to ${uncapped}`);
        const text = explainText(explanation);
        for (const { id } of explanation.tasks) assert.ok(text.includes(id));
      }),
      { numRuns: 500 },
    );
  });

  for (const [title, fault] of Object.entries(FAULTS)) {
    it(`with ${title} are refused at its path`, () => {
      fc.assert(
        fc.property(anyCrew, fc.nat(), fc.nat(), (valid, atTask, atAgent) => {
          const document = structuredClone(valid);
          const [tasks, agents] = [Object.keys(document.tasks), Object.keys(document.agents)];
          const planted = fault(document, tasks[atTask % tasks.length] ?? '', agents[atAgent % agents.length] ?? '');
          fc.pre(planted !== undefined);
          const parsed = parseCrew(document);
          assert.ok(!parsed.ok, 'it was taken');
          const found = parsed.issues.filter(({ path }) => formatPath(path) === formatPath(planted.path));
          assert.ok(
            found.some(({ message }) => planted.says.test(message)),
            describeIssues(parsed.issues),
          );
        }),
        { numRuns: 100 },
      );
    });
  }

  it('with anything anywhere are read without throwing', () => {
    fc.assert(
      fc.property(anyCrew, fc.anything(), fc.nat(), (valid, anything, at) => {
        const document = structuredClone(valid);
        const places: [Record<string, unknown>, string][] = [
          document,
          ...Object.values(document.tasks),
          ...Object.values(document.agents),
        ].flatMap((object) => Object.keys(object).map((key): [Record<string, unknown>, string] => [object, key]));
        const [object, key] = places[at % places.length] ?? [document, 'name'];
        object[key] = anything;
        const parsed = parseCrew(document);
        if (parsed.ok) explainText(explainCrew(parsed.definition));
        else assert.ok(parsed.issues.length > 0 && parsed.issues.every(({ message }) => message !== ''));
      }),
      { numRuns: 500 },
    );
  });
});

describe('texts that are to be YAML', () => {
  it('are read without throwing, whatever they are', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a:-[]{}&*!|>\n\t "\'#%@') }), fc.json());
    fc.assert(
      fc.property(texts, (text) => {
        const read = readYaml(text);
        if (!read.ok) return assert.ok(read.issues.every(({ line, column }) => line >= 1 && column >= 1));
        const parsed = parseCrew(read.document);
        if (parsed.ok) return;
        for (const { path } of parsed.issues) assert.ok(read.placeOf(path).line >= 1);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The tasks as the engine starts them, where all that run end at the same time. */
function wavesOf(definition: Parameters<typeof nextStep>[0]): string[][] {
  const done = new Set<string>();
  const waves: string[][] = [];
  for (;;) {
    const step = nextStep(definition, (taskId) => ({ status: done.has(taskId) ? 'completed' : 'pending' }));
    if (step.kind !== 'start') return waves;
    waves.push(step.taskIds);
    step.taskIds.forEach((taskId) => done.add(taskId));
  }
}
