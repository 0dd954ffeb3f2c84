import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pythonHints } from '../../../src/adapters/crewai/python.js';
import { importCrewAi } from '../../../src/crew/import.js';
import { parseCrew } from '../../../src/crew/validate.js';

const KEYS = [
  'role',
  'goal',
  'backstory',
  'llm',
  'tools',
  'description',
  'expected_output',
  'agent',
  'context',
  'output_file',
  'guardrail',
  'max_iter',
  'human_input',
  'verbose',
  'config',
];
const anything = fc.anything({ maxDepth: 3, withDate: true, withNullPrototype: true });
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('{topic}', '{ a.b }', '{{x}}', 'scout', 'self.scout()', '../x', 'None', 'gpt-4o'),
);
const entry = fc.oneof(anything, fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(text, anything, fc.array(text))));
const map = fc.oneof(
  anything,
  fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('scout', 'Find It', '__proto__', 'constructor')), entry),
);

describe('an import', () => {
  it('never throws, whatever the files hold, and gives what validates or says why not', () => {
    fc.assert(
      fc.property(map, map, anything, (agents, tasks, crew) => {
        const { document, report } = importCrewAi({ name: 'any', agents, tasks, crew });
        const parsed = parseCrew(document);
        const empty =
          Object.keys(document['agents'] as object).length === 0 ||
          Object.keys(document['tasks'] as object).length === 0;
        if (!parsed.ok && !empty) assert.fail(JSON.stringify({ issues: parsed.issues, document }));
        assert.ok(Array.isArray(report.warnings));
      }),
      // A date that is none: found by chance once.
      { numRuns: 500, examples: [[{ '': new Date(NaN) }, {}, {}]] },
    );
  });

  it('reads any text as Python without harm, in reasonable time', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '@agent\n',
            '@task\n',
            'def x(self):\n',
            '    return Agent(',
            'tools=[',
            ']',
            'a=self.b()',
            '\n',
            ' ',
            '"',
            "'",
            '#',
          ),
          { maxLength: 300 },
        ),
        (parts) => {
          const started = Date.now();
          pythonHints(parts.join(''));
          assert.ok(Date.now() - started < 10_000);
        },
      ),
    );
  });
});
