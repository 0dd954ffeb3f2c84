import type { CrewDefinition } from './types.js';

/** What the interpreter does next. */
export type Step = { kind: 'start'; taskIds: string[] } | { kind: 'wait' } | { kind: 'end' };

/** Statuses in which a task needs nothing more. */
const SETTLED = ['completed', 'failed', 'skipped', 'cancelled'];

/** Decides the next step from the tasks' statuses alone. Total: every combination of statuses has an answer. */
export function nextStep(definition: CrewDefinition, statusOf: (taskId: string) => string): Step {
  for (const taskId of Object.keys(definition.tasks)) {
    const status = statusOf(taskId);
    if (status === 'failed' || status === 'cancelled') return { kind: 'end' };
    if (status === 'pending') return { kind: 'start', taskIds: [taskId] };
    if (!SETTLED.includes(status)) return { kind: 'wait' };
  }
  return { kind: 'end' };
}

/** The tasks whose outputs a task's agent reads: those it names, or all earlier ones (CrewAI's rule). */
export function contextOf(definition: CrewDefinition, taskId: string): string[] {
  const order = Object.keys(definition.tasks);
  return definition.tasks[taskId]?.context ?? order.slice(0, order.indexOf(taskId));
}
