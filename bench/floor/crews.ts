import type { Crew } from '../../src/ports.js';
import { crewWith } from '../../test/support/engine.js';

/** What every crew of these benchmarks writes about. */
export const TOPIC = 'tea';

/** What the scripted model says, so that payloads are not empty. */
export const ANSWER = 'An answer of a length that a short paragraph has, so that payloads are not empty. '
  .repeat(6)
  .trim();

const DESCRIPTION = 'Write about {topic}';

/** A crew of so many tasks in sequence, each of which reads the one before it: one model call a task. */
export function crewOfCalls(calls: number, more: Record<string, unknown> = {}): Crew {
  const tasks = Array.from({ length: calls }, (_, at) => [
    `t${at + 1}`,
    { description: DESCRIPTION, ...(at > 0 && { context: [`t${at}`] }) },
  ]);
  return crewWith(Object.fromEntries(tasks) as Parameters<typeof crewWith>[0], { inputs: { topic: {} }, ...more });
}

/** So many tasks at the same time, and one that reads them all. */
export function crewOfWidth(width: number): Crew {
  const names = Array.from({ length: width }, (_, at) => `p${at + 1}`);
  const tasks = Object.fromEntries(names.map((name) => [name, { description: DESCRIPTION }]));
  const join = { description: 'Put it together', context: names };
  return crewWith({ ...tasks, join }, { inputs: { topic: {} }, process: 'parallel' });
}

/** So many tasks in sequence that a manager gives out and reviews. */
export function managedCrew(tasks: number): Crew {
  return crewOfCalls(tasks, { process: 'hierarchical' });
}
