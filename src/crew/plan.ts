import type { CrewDefinition } from './types.js';

/** What the interpreter does next. `wait`: for a task that is going on; `end`: nothing is left to do. */
export type Step =
  { kind: 'start'; taskIds: string[] } | { kind: 'skip'; taskIds: string[] } | { kind: 'wait' } | { kind: 'end' };

/** What the plan needs to know of a task. */
export interface TaskStanding {
  status: string;
  /** Of a skipped task: because of its own condition, of a task that it depends on, or of a person. */
  skipped?: 'condition' | 'dependency' | 'person';
}

/** Statuses in which a task needs nothing more. */
const SETTLED = ['completed', 'failed', 'skipped', 'cancelled'];

/** How many tasks run at the same time where the definition does not say. */
export const DEFAULT_MAX_PARALLEL = 10;

/**
 * Decides the next step from where the tasks stand. Total: every combination has an answer, and repeated until `wait` or
 * `end` it starts everything that can be started.
 */
export function nextStep(definition: CrewDefinition, standingOf: (taskId: string) => TaskStanding): Step {
  const ids = Object.keys(definition.tasks);
  const statusOf = (id: string) => standingOf(id).status;
  const active = ids.filter((id) => statusOf(id) !== 'pending' && !SETTLED.includes(statusOf(id)));
  const settle: Step = active.length > 0 ? { kind: 'wait' } : { kind: 'end' };
  if (ids.some((id) => endsRun(definition, id, statusOf(id)))) return settle;

  const pending = ids.filter((id) => statusOf(id) === 'pending');
  const skipped = pending.filter((id) =>
    contextOf(definition, id).some((other) => blocks(definition, other, standingOf(other))),
  );
  if (skipped.length > 0) return { kind: 'skip', taskIds: skipped };
  const free = (definition.max_parallel ?? DEFAULT_MAX_PARALLEL) - active.length;
  const ready = pending.filter((id) => waitsFor(definition, id).every((other) => SETTLED.includes(statusOf(other))));
  const taskIds = ready.slice(0, Math.max(0, free));
  return taskIds.length > 0 ? { kind: 'start', taskIds } : settle;
}

/** True where nothing new is started after this task: it failed, and the definition says no word against it. */
function endsRun({ tasks }: CrewDefinition, taskId: string, status: string): boolean {
  return status === 'cancelled' || (status === 'failed' && (tasks[taskId]?.on_failure ?? 'fail') === 'fail');
}

/** True where tasks that read this one cannot run. */
function blocks({ tasks }: CrewDefinition, taskId: string, { status, skipped }: TaskStanding): boolean {
  if (status === 'skipped') return skipped === 'dependency';
  return status === 'failed' && tasks[taskId]?.on_failure === 'skip_dependents';
}

/**
 * The tasks that must have settled before a task starts. In a parallel crew those that it reads. Else all earlier ones,
 * but an `async_execution` task waits only for earlier tasks that are not, and for what it reads.
 */
export function waitsFor(definition: CrewDefinition, taskId: string): string[] {
  const read = definition.tasks[taskId]?.context ?? [];
  if (definition.process === 'parallel') return read;
  const earlier = earlierThan(definition, taskId);
  if (definition.tasks[taskId]?.async_execution !== true) return earlier;
  return earlier.filter((id) => definition.tasks[id]?.async_execution !== true || read.includes(id));
}

/**
 * The tasks whose outputs a task's agent reads: those it names; else in a parallel crew none, and in another one all
 * earlier ones that it waits for (CrewAI's rule).
 */
export function contextOf(definition: CrewDefinition, taskId: string): string[] {
  return definition.tasks[taskId]?.context ?? waitsFor(definition, taskId);
}

function earlierThan(definition: CrewDefinition, taskId: string): string[] {
  const order = Object.keys(definition.tasks);
  return order.slice(0, order.indexOf(taskId));
}
