import { ancestors } from './graph.js';
import { issuesIn, type Issue } from './issues.js';
import type { Known } from './known.js';
import type { CrewDefinition } from './types.js';

/**
 * Conditions as expressions: right in themselves, and over outputs that are there when the task is decided on. Where a
 * condition is wrong only because of what has not run by then, the message says so.
 */
export function conditionIssues(definition: CrewDefinition, { checkCondition }: Known): Issue[] {
  if (!checkCondition) return [];
  const all = Object.keys(definition.tasks);
  const inputs = Object.keys(definition.inputs);
  const before = ancestors(definition);
  let triesLeft = MAX_TRIED;
  return issuesIn(Object.entries(definition.tasks), ([key, { condition }]): Issue[] => {
    if (typeof condition !== 'string') return [];
    const settled = all.filter((taskId) => before.get(key)?.has(taskId));
    const now = checkCondition(condition, settled, inputs);
    if (now.length === 0) return [];
    const path = ['tasks', key, 'condition'];
    const problems = checkCondition(condition, all, inputs);
    if (problems.length > 0) return problems.map((message) => ({ path, message }));
    // Right, but for what has not run by then: each task without which it would be wrong.
    const open = all.filter((taskId) => before.get(key)?.has(taskId) !== true && condition.includes(taskId));
    const named = open.slice(0, triesLeft);
    triesLeft -= named.length;
    const early = named.filter((taskId) => checkCondition(condition, without(all, taskId), inputs).length > 0);
    const messages = early.length === 0 ? now : early.map((taskId) => tooEarly(definition, key, taskId));
    return messages.map((message) => ({ path, message }));
  });
}

/** Tasks that are tried out for all conditions together: each costs a check. Beyond it, problems are told as the check has them. */
const MAX_TRIED = 100;

function without(taskIds: readonly string[], taskId: string): string[] {
  return taskIds.filter((other) => other !== taskId);
}

function tooEarly({ process, tasks }: CrewDefinition, key: string, other: string): string {
  if (other === key) return 'A condition is decided before its task runs: it cannot read the output of the task itself';
  const order = Object.keys(tasks);
  const canWait = process === 'parallel' || order.indexOf(other) < order.indexOf(key);
  return canWait
    ? `'${other}' may not be finished when this is decided: name it under context, and '${key}' waits for it`
    : `'${other}' does not run before '${key}': in a ${process} crew, a condition reads earlier tasks.`;
}
