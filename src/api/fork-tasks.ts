import type { KeptTask } from '../contract/messages.js';
import type { TaskView } from '../contract/views.js';
import { contextOf } from '../crew/plan.js';
import type { CrewDefinition } from '../crew/types.js';

/** The tasks that read a task's output, and those that read theirs, and so on; the task itself among them. */
export function dependentsOf(definition: CrewDefinition, taskId: string): Set<string> {
  const found = new Set([taskId]);
  const ids = Object.keys(definition.tasks);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const id of ids) if (contextOf(definition, id).some((other) => found.has(other))) found.add(id);
  }
  return found;
}

/** The first task that made its run fail, or else the first that did not get to its end. */
export function firstFailed(tasks: readonly TaskView[], { tasks: defined }: CrewDefinition): string | undefined {
  const fatal = tasks.find(({ id, status }) => status === 'failed' && (defined[id]?.on_failure ?? 'fail') === 'fail');
  const cut = tasks.find(({ status }) => status === 'cancelled' || status === 'pending');
  return (fatal ?? tasks.find(({ status }) => status === 'failed') ?? cut)?.id;
}

/**
 * What a fork from a task takes over: every task that ended and is neither it nor one of its dependents. A task whose failure
 * would end the run is not taken over, as the fork would end at once; nor are those that were skipped for it.
 */
export function keptTasks(definition: CrewDefinition, tasks: readonly TaskView[], fromTask: string): KeptTask[] {
  const again = dependentsOf(definition, fromTask);
  for (const { id, status } of tasks) {
    const fatal = status === 'failed' && (definition.tasks[id]?.on_failure ?? 'fail') === 'fail';
    if (fatal) for (const dependent of dependentsOf(definition, id)) again.add(dependent);
  }
  return tasks.flatMap((task): KeptTask[] => {
    const { id, agent, status, attempt, output, outputRef, format, artifact, skipped, error, answer } = task;
    if (again.has(id) || !Object.hasOwn(definition.tasks, id)) return [];
    if (status !== 'completed' && status !== 'skipped' && status !== 'failed') return [];
    return [
      {
        id,
        agent,
        status,
        attempt,
        ...(output !== undefined && { output }),
        ...(outputRef && { outputRef }),
        ...(format && { format }),
        ...(artifact && { artifact }),
        ...(skipped && { skipped }),
        ...(error && { error }),
        ...(answer !== undefined && { answer }),
      },
    ];
  });
}
