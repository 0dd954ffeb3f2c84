import { cyclesOf } from './graph.js';
import { clip, issuesIn, suggestion, type Issue } from './issues.js';
import type { CrewDefinition } from './types.js';

/** The order of work: what tasks read must be there before them. */
export function graphIssues({ process, tasks }: CrewDefinition): Issue[] {
  const order = Object.keys(tasks);
  const placeOf = new Map(order.map((taskId, at) => [taskId, at]));
  const issues = issuesIn(Object.entries(tasks), ([taskId, { context = [] }], at) =>
    issuesIn(context, (other, index): Issue[] => {
      const place = placeOf.get(other);
      // In a parallel crew the order of writing means nothing, and a task may read any other.
      if (place !== undefined && (process === 'parallel' ? place !== at : place < at)) return [];
      const path = ['tasks', taskId, 'context', index];
      if (place === at) return [{ path, message: 'A task cannot read itself' }];
      if (place !== undefined) {
        const message = `'${other}' does not run before '${taskId}': in a ${process} crew, context names earlier tasks.`;
        return [{ path, message }];
      }
      const readable = process === 'parallel' ? order.filter((_, where) => where !== at) : order.slice(0, at);
      return [{ path, message: `No task has the key '${clip(other)}'.${suggestion(other, readable)}` }];
    }),
  );
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
