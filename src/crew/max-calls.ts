import { readsOf } from './graph.js';
import {
  DEFAULT_GUARDRAIL_RETRIES,
  DEFAULT_MAX_ITER,
  DEFAULT_MAX_REVIEWS,
  MAX_CALLS_A_ROUND,
  MAX_DELEGATION_DEPTH,
  QUESTION_REPAIRS,
  SCHEMA_REPAIRS,
} from './limits.js';
import { rejectionsOf } from './approval.js';
import type { AgentDefinition, CrewDefinition, TaskDefinition } from './types.js';

/** Calls of one of the engine's own questions: a verdict, a yes or no, a plan, an assignment. */
const QUESTION = 1 + QUESTION_REPAIRS;

/** The most and the least model calls of a run. `Infinity`: more than can be counted. */
export interface CallBounds {
  /** With the budget's cap. */
  max: number;
  /** Without it. */
  uncapped: number;
  /** Where nothing has to be done twice, and every task with a condition is skipped. */
  min: number;
  /** The most of each task, its delegated work, judges and reviews with it; without the budget's cap. */
  tasks: Map<string, number>;
}

/** How many model calls a run of a crew takes: answers that were paid for; failed calls and fallbacks do not count. */
export function callBounds(definition: CrewDefinition): CallBounds {
  const once = (definition.planning === true ? QUESTION : 0) + (definition.process === 'hierarchical' ? QUESTION : 0);
  const delegated = delegatedCalls(definition);
  const tasks = new Map(
    Object.entries(definition.tasks).map(([taskId, task]) => [
      taskId,
      countable(taskCalls(definition, taskId, task, delegated)),
    ]),
  );
  const uncapped = countable([...tasks.values()].reduce((sum, calls) => sum + calls, once));
  return { max: Math.min(uncapped, callCap(definition)), uncapped, min: leastCalls(definition), tasks };
}

/** The most model calls that the budget lets a run make. */
function callCap({ budget }: CrewDefinition): number {
  return budget?.model_calls !== undefined && (budget.on_exceed ?? 'stop') === 'stop' ? budget.model_calls : Infinity;
}

function countable(calls: number): number {
  return Number.isSafeInteger(calls) ? calls : Infinity;
}

function taskCalls(
  definition: CrewDefinition,
  taskId: string,
  task: TaskDefinition,
  delegated: Map<string, number>,
): number {
  const turns = candidates(definition, task).map(([key, agent]) => {
    const byCoworkers = delegated.get(key) ?? 0;
    return ownCalls(agent, (task.tools ?? agent.tools ?? []).length > 0 || byCoworkers > 0) + byCoworkers;
  });
  const schema = task.output_schema === undefined ? 0 : SCHEMA_REPAIRS;
  const review = definition.process === 'hierarchical' ? QUESTION : 0;
  const summaries = task.context_policy === 'summary' ? readsOf(definition, taskId).length : 0;
  const attempt = Math.max(0, ...turns) + schema + judges(task) * QUESTION + review + summaries;
  const question = typeof task.condition === 'object' ? QUESTION : 0;
  return attempt * attempts(definition, task) + question;
}

/** The agents that may get a task: the one it names, or any but the manager. */
function candidates(
  { agents, manager_agent: manager }: CrewDefinition,
  { agent }: TaskDefinition,
): [string, AgentDefinition][] {
  return Object.entries(agents).filter(([key]) => (agent === undefined ? key !== manager : key === agent));
}

/** The first attempt, and one for each time that a guardrail, the manager and people may send the output back. */
function attempts({ process, max_reviews: reviews }: CrewDefinition, task: TaskDefinition): number {
  const guarded = task.guardrail === undefined ? 0 : (task.guardrail_max_retries ?? DEFAULT_GUARDRAIL_RETRIES);
  const manager = process === 'hierarchical' ? (reviews ?? DEFAULT_MAX_REVIEWS) : 0;
  // The last rejection that a person may make ends the task.
  const people = (rejectionsOf(task) ?? 1) - 1;
  return 1 + guarded + manager + people;
}

/** Guardrails that a model judges by. */
function judges({ guardrail = [] }: TaskDefinition): number {
  return (Array.isArray(guardrail) ? guardrail : [guardrail]).filter((one) => typeof one === 'string').length;
}

/** Calls of one turn of an agent, without what coworkers do for it. */
function ownCalls(agent: AgentDefinition, usesTools: boolean): number {
  return (usesTools ? roundsOf(agent) : 0) + 1 + agent.max_retry_limit;
}

function hasTools({ tools = [] }: AgentDefinition): boolean {
  return tools.length > 0;
}

function roundsOf({ max_iter: rounds }: AgentDefinition): number {
  return rounds ?? DEFAULT_MAX_ITER;
}

/**
 * By agent: the calls that coworkers make for one turn of it, and theirs for them, where each call of the model hands work
 * to as many as it can, always to the costliest. Nobody is handed what came from them.
 */
function delegatedCalls(definition: CrewDefinition): Map<string, number> {
  const { agents } = definition;
  // What the last of a chain costs is the same whoever came before it: of those, the costliest is looked up.
  const last = new Map(Object.entries(agents).map(([key, agent]) => [key, ownCalls(agent, hasTools(agent))]));
  const costOfLast = (key: string) => last.get(key) ?? 0;
  const coworkers = new Map(
    Object.keys(agents).map((key) => [
      key,
      coworkersOf(definition, key).sort((one, other) => costOfLast(other) - costOfLast(one)),
    ]),
  );
  const below = (key: string, chain: readonly string[]): number => {
    const agent = agents[key];
    const others = coworkers.get(key) ?? [];
    if (!agent) return 0;
    const most =
      chain.length === MAX_DELEGATION_DEPTH
        ? costOfLast(others.find((other) => !chain.includes(other)) ?? '')
        : Math.max(0, ...others.map((other) => (chain.includes(other) ? 0 : turn(other, [...chain, other]))));
    return roundsOf(agent) * MAX_CALLS_A_ROUND * most;
  };
  const turn = (key: string, chain: readonly string[]): number => {
    const agent = agents[key];
    if (!agent) return 0;
    return ownCalls(agent, hasTools(agent) || (coworkers.get(key) ?? []).length > 0) + below(key, chain);
  };
  return new Map(Object.keys(agents).map((key) => [key, below(key, [key])]));
}

/** The agents that an agent may hand work to and ask: those it names, or all others; never the manager. */
export function coworkersOf({ agents, manager_agent: manager }: CrewDefinition, key: string): string[] {
  const agent = agents[key];
  if (agent?.allow_delegation !== true) return [];
  const named = agent.allowed_agents ?? Object.keys(agents);
  return named.filter((other) => other !== key && other !== manager);
}

function leastCalls(definition: CrewDefinition): number {
  const managed = definition.process === 'hierarchical' ? 1 : 0;
  const once = (definition.planning === true ? 1 : 0) + managed;
  return Object.values(definition.tasks).reduce((sum, task) => {
    if (task.condition !== undefined) return sum + (typeof task.condition === 'object' ? 1 : 0);
    return sum + 1 + judges(task) + managed;
  }, once);
}
