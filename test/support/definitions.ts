import type { Known } from '../../src/crew/known.js';

type Document = Record<string, unknown>;

/** The least that an agent is. */
export const AGENT = { role: 'R', goal: 'G', backstory: 'B' };
const TASK = { description: 'D', expected_output: 'E', agent: 'a' };

/** A crew of agents `a` and `b` and these tasks, each by agent `a` where it does not say. */
export function crew(tasks: Record<string, Document>, more: Document = {}): Document {
  const filled = Object.entries(tasks).map(([key, task]) => [key, { ...TASK, ...task }]);
  return { schemaVersion: 1, name: 'x', agents: { a: AGENT, b: AGENT }, tasks: Object.fromEntries(filled), ...more };
}

/** Conditions as `outputs.<task>`, each name of which must be known; one problem at a time, as a type checker finds them. */
const checkCondition: NonNullable<Known['checkCondition']> = (expression, tasks, inputs) => {
  const names = [...expression.matchAll(/(outputs|inputs)\.(\w+)/g)];
  const missing = names.find(([, of, name = '']) => !(of === 'inputs' ? inputs : tasks).includes(name));
  return missing ? [`There is no ${missing[0]}`] : [];
};

/** What an operator configured. */
export const KNOWN: Known = {
  models: (name) => ['small', 'large'].includes(name),
  modelNames: ['small', 'large'],
  tools: { tools: ['calculator', 'read_file'], servers: ['files'] },
  guardrails: ['has_sources'],
  schemas: ['invoice'],
  checkCondition,
  checkSchema: (schema) => (schema['type'] === 'objekt' ? ["type: Expected a type, found 'objekt'"] : []),
};
