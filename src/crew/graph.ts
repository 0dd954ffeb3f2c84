import { contextOf, waitsFor } from './plan.js';
import type { CrewDefinition } from './types.js';

/** The tasks whose outputs a task's agent reads, each once. */
export function readsOf(definition: CrewDefinition, taskId: string): string[] {
  return [...new Set(contextOf(definition, taskId))];
}

/** `waitsFor` of all tasks. */
function allWaits(crew: CrewDefinition): Map<string, string[]> {
  return new Map(Object.keys(crew.tasks).map((taskId) => [taskId, [...new Set(waitsFor(crew, taskId))]]));
}

/** For each task, all that are settled before it starts. What waits for itself, by way of others, has itself among them. */
export function ancestors(crew: CrewDefinition): Map<string, Set<string>> {
  const direct = allWaits(crew);
  return new Map(
    [...direct.keys()].map((taskId) => {
      const found = new Set<string>();
      const open = [...(direct.get(taskId) ?? [])];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (found.has(next)) continue;
        found.add(next);
        open.push(...(direct.get(next) ?? []));
      }
      return [taskId, found];
    }),
  );
}

/** For each task, those it waits for of its own: what they wait for themselves is left out. For graphs without cycles. */
export function directlyAfter(crew: CrewDefinition): Map<string, string[]> {
  const all = ancestors(crew);
  return new Map(
    [...allWaits(crew)].map(([taskId, waits]) => [
      taskId,
      waits.filter((one) => !waits.some((other) => other !== one && all.get(other)?.has(one))),
    ]),
  );
}

/** Tasks by the earliest moment at which they can start: those of one stage may run at the same time. Without cycles. */
export function stagesOf(crew: CrewDefinition): string[][] {
  const waits = allWaits(crew);
  const stages: string[][] = [];
  const placed = new Set<string>();
  let left = Object.keys(crew.tasks);
  while (left.length > 0) {
    const ready = left.filter((taskId) => waits.get(taskId)?.every((other) => placed.has(other)));
    // A cycle: validation refuses it.
    if (ready.length === 0) return [...stages, left];
    ready.forEach((taskId) => placed.add(taskId));
    stages.push(ready);
    left = left.filter((taskId) => !placed.has(taskId));
  }
  return stages;
}

/**
 * Tasks that read each other in a circle, each circle as the way round it: `[a, b]` for a reads b reads a. Circles that
 * share a task with one that is named already are left out.
 */
export function cyclesOf(tasks: CrewDefinition['tasks']): string[][] {
  const cycles: string[][] = [];
  const settled = new Set<string>();
  const openReads = (taskId: string) =>
    (tasks[taskId]?.context ?? []).filter((other) => Object.hasOwn(tasks, other) && !settled.has(other));
  for (;;) {
    peel(Object.keys(tasks), settled, openReads);
    const start = Object.keys(tasks).find((taskId) => !settled.has(taskId));
    if (start === undefined) return cycles;
    // Each task that is left reads one that is left, so walking on must come back to where it was.
    const way = [start];
    for (let next = openReads(start)[0]; next !== undefined && !way.includes(next); next = openReads(next)[0]) {
      way.push(next);
    }
    const back = openReads(way.at(-1) ?? start)[0] ?? start;
    const cycle = way.slice(way.indexOf(back));
    cycle.forEach((taskId) => settled.add(taskId));
    cycles.push(cycle);
  }
}

/** Settles all tasks that wait for none but settled ones, until there is none left. */
function peel(taskIds: string[], settled: Set<string>, openReads: (taskId: string) => string[]): void {
  for (let before = -1; settled.size !== before;) {
    before = settled.size;
    for (const taskId of taskIds) if (!settled.has(taskId) && openReads(taskId).length === 0) settled.add(taskId);
  }
}
