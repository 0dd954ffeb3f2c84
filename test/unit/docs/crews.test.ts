import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { crewSchema } from '../../../src/crew/schema.js';
import { describeIssues, parseCrew } from '../../../src/crew/validate.js';

const page = readFileSync('docs/crews.md', 'utf8');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema;
}

/** The keys that the schema knows, by the section of the page that is about them. */
function schemaKeys(): Record<string, string[]> {
  const crew = z.toJSONSchema(crewSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const keysOf = (schema: JsonSchema | undefined) => Object.keys(schema?.properties ?? {}).sort();
  const { inputs, agents, tasks, budget } = crew.properties ?? {};
  return {
    'The crew': keysOf(crew),
    Inputs: keysOf(inputs?.additionalProperties),
    Agents: keysOf(agents?.additionalProperties),
    Tasks: keysOf(tasks?.additionalProperties),
    'The budget': keysOf(budget),
  };
}

/** The rows of a section's table: the key, where it is from, and its example. */
function rowsOf(title: string): { key: string; from: string; example: string }[] {
  const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const key = /^`(\w+)`$/.exec(cells[1] ?? '')?.[1];
    return key === undefined ? [] : [{ key, from: cells[4] ?? '', example: (cells[5] ?? '').replace(/^`|`$/g, '') }];
  });
}

/** Definitions with an example in its place, one for each process: an example need not fit all of them. */
function crewsWith(title: string, example: Record<string, unknown>): unknown[] {
  const part = (section: string) => (section === title ? example : {});
  const agent = { role: 'R', goal: 'G', backstory: 'B' };
  const task = { description: 'D', expected_output: 'E', agent: 'writer' };
  return ['sequential', 'parallel', 'hierarchical'].map((process) => ({
    schemaVersion: 1,
    name: 'x',
    process,
    inputs: { topic: part('Inputs') },
    agents: { writer: { ...agent, ...part('Agents') }, boss: agent },
    tasks: { write: { ...task, ...part('Tasks') } },
    budget: { usd: 1, on_exceed: 'pause', ...part('The budget') },
    ...part('The crew'),
  }));
}

describe('docs/crews.md', () => {
  for (const [title, keys] of Object.entries(schemaKeys())) {
    it(`names every key of the section "${title}", and no other`, () => {
      assert.ok(keys.length > 0);
      assert.deepEqual(
        rowsOf(title)
          .map(({ key }) => key)
          .sort(),
        keys,
      );
    });

    for (const { key, from, example } of rowsOf(title)) {
      it(`has an example of ${key} (${title}) that works`, () => {
        assert.ok(['ours', 'CrewAI'].includes(from), from);
        const value = parse(example) as Record<string, unknown>;
        assert.deepEqual(Object.keys(value), [key]);
        const tried = crewsWith(title, value).map((crew) => parseCrew(crew));
        const problems = tried.map((parsed) => (parsed.ok ? '' : describeIssues(parsed.issues)));
        assert.ok(problems.includes(''), problems.join('\n'));
      });
    }
  }

  it('begins with a crew that is valid', () => {
    const yaml = /```yaml\n(schemaVersion[\s\S]*?)```/.exec(page)?.[1] ?? '';
    const parsed = parseCrew(parse(yaml));
    assert.ok(parsed.ok, parsed.ok ? '' : describeIssues(parsed.issues));
  });
});
