import { cyclesOf } from './graph.js';
import { clip, suggestion, type Issue } from './issues.js';
import type { CrewDefinition } from './types.js';

/** The order of work: what tasks read must be there before them. */
export function graphIssues({ process, tasks }: CrewDefinition): Issue[] {
  const order = Object.keys(tasks);
  const issues = Object.entries(tasks).flatMap(([taskId, { context = [] }], at) => {
    // In a parallel crew the order of writing means nothing, and a task may read any other.
    const readable = process === 'parallel' ? order.filter((other) => other !== taskId) : order.slice(0, at);
    return context.flatMap((other, index): Issue[] => {
      if (readable.includes(other)) return [];
      const path = ['tasks', taskId, 'context', index];
      if (other === taskId) return [{ path, message: 'A task cannot read itself' }];
      const message = order.includes(other)
        ? `'${other}' does not run before '${taskId}': in a ${process} crew, context names earlier tasks.`
        : `No task has the key '${clip(other)}'.${suggestion(other, readable)}`;
      return [{ path, message }];
    });
  });
  return process === 'parallel' ? [...issues, ...cycleIssues(tasks)] : issues;
}

function cycleIssues(tasks: CrewDefinition['tasks']): Issue[] {
  return cyclesOf(tasks)
    .filter((cycle) => cycle.length > 1)
    .map((cycle) => {
      const [first = '', second = ''] = cycle;
      return {
        path: ['tasks', first, 'context', tasks[first]?.context?.indexOf(second) ?? 0],
        message: `These tasks wait for each other and none can start: ${[...cycle, first].join(' → ')}`,
      };
    });
}
