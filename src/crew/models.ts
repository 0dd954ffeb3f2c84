import type { CrewDefinition } from './types.js';

/** A model that a definition names, and where. */
export interface ModelUse {
  path: (string | number)[];
  name: string;
}

/** All models that a definition names: of agents, conditions, the manager and the planner. A name comes as often as it is used. */
export function modelUses(definition: CrewDefinition): ModelUse[] {
  const { agents, tasks, manager_llm: manager, planning_llm: planner } = definition;
  return [
    ...namesOf(manager, ['manager_llm']),
    ...namesOf(planner, ['planning_llm']),
    ...Object.entries(agents).flatMap(([key, { llm }]) => namesOf(llm, ['agents', key, 'llm'])),
    ...Object.entries(tasks).flatMap(([key, { condition }]) =>
      typeof condition === 'object' ? namesOf(condition.llm, ['tasks', key, 'condition', 'llm']) : [],
    ),
  ];
}

function namesOf(llm: string | string[] | undefined, path: string[]): ModelUse[] {
  if (llm === undefined) return [];
  return typeof llm === 'string' ? [{ path, name: llm }] : llm.map((name, at) => ({ path: [...path, at], name }));
}
