import { readsOf } from './graph.js';
import {
  DEFAULT_GUARDRAIL_RETRIES,
  DEFAULT_MAX_ITER,
  DEFAULT_MAX_REVIEWS,
  MAX_CALLS_A_ROUND,
  MAX_DELEGATION_DEPTH,
  MAX_REJECTIONS,
  QUESTION_REPAIRS,
  SCHEMA_REPAIRS,
} from './limits.js';
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
  const coworkers = coworkerTurns(definition);
  const tasks = new Map(
    Object.entries(definition.tasks).map(([taskId, task]) => [
      taskId,
      countable(taskCalls(definition, taskId, task, coworkers)),
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

function taskCalls(definition: CrewDefinition, taskId: string, task: TaskDefinition, coworkers: Turns): number {
  const turns = candidates(definition, task).map(([key, agent]) =>
    turnCalls(definition, key, agent, task.tools ?? agent.tools, coworkers),
  );
  const turn = Math.max(0, ...turns);
  const schema = task.output_schema === undefined ? 0 : SCHEMA_REPAIRS;
  const review = definition.process === 'hierarchical' ? QUESTION : 0;
  const attempt = turn + schema + judges(task) * QUESTION + review;
  const question = typeof task.condition === 'object' ? QUESTION : 0;
  const summaries = task.context_policy === 'summary' ? readsOf(definition, taskId).length : 0;
  return attempt * attempts(definition, task) + question + summaries;
}

/** The agents that may get a task: the one it names, or any but the manager. */
function candidates(
  { agents, manager_agent: manager }: CrewDefinition,
  { agent }: TaskDefinition,
): [string, AgentDefinition][] {
  return Object.entries(agents).filter(([key]) => (agent === undefined ? key !== manager : key === agent));
}

function attempts({ process, max_reviews: reviews }: CrewDefinition, task: TaskDefinition): number {
  const guarded = task.guardrail === undefined ? 0 : (task.guardrail_max_retries ?? DEFAULT_GUARDRAIL_RETRIES);
  const people = task.human_input ? MAX_REJECTIONS : 0;
  const manager = process === 'hierarchical' ? (reviews ?? DEFAULT_MAX_REVIEWS) : 0;
  return (1 + guarded) * (1 + people) * (1 + manager);
}

/** Guardrails that a model judges by. */
function judges({ guardrail = [] }: TaskDefinition): number {
  return (Array.isArray(guardrail) ? guardrail : [guardrail]).filter((one) => typeof one === 'string').length;
}

/** Calls of one turn of each agent, by key. */
type Turns = Map<string, number>;

/** The turns of coworkers as the first agent starts them: from the greatest depth, at which none is handed on, upwards. */
function coworkerTurns(definition: CrewDefinition): Turns {
  let turns: Turns | undefined;
  for (let depth = MAX_DELEGATION_DEPTH; depth > 0; depth--) {
    const deeper: Turns | undefined = turns;
    turns = new Map(
      Object.entries(definition.agents).map(([key, agent]) => [
        key,
        turnCalls(definition, key, agent, agent.tools, deeper),
      ]),
    );
  }
  return turns ?? new Map<string, number>();
}

/** Calls of one turn of an agent with these tools, and of the coworkers that it hands work to, where it can. */
function turnCalls(
  definition: CrewDefinition,
  key: string,
  agent: AgentDefinition,
  tools: AgentDefinition['tools'],
  coworkers: Turns | undefined,
): number {
  const others = coworkers ? coworkersOf(definition, key) : [];
  const rounds = agent.max_iter ?? DEFAULT_MAX_ITER;
  const own = ((tools ?? []).length > 0 || others.length > 0 ? rounds + 1 : 1) + agent.max_retry_limit;
  const costliest = Math.max(0, ...others.map((other) => coworkers?.get(other) ?? 0));
  return own + rounds * MAX_CALLS_A_ROUND * costliest;
}

/** The agents that an agent may hand work to and ask: those it names, or all others; never the manager. */
export function coworkersOf({ agents, process, manager_agent: manager }: CrewDefinition, key: string): string[] {
  const agent: AgentDefinition | undefined = agents[key];
  if (agent?.allow_delegation !== true) return [];
  const named = agent.allowed_agents ?? Object.keys(agents);
  return named.filter((other) => other !== key && !(process === 'hierarchical' && other === manager));
}

function leastCalls(definition: CrewDefinition): number {
  const { process, planning, max_reviews: reviews, tasks } = definition;
  const managed = process === 'hierarchical';
  const review = managed && reviews !== 0 ? 1 : 0;
  const once = (planning === true ? 1 : 0) + (managed ? 1 : 0);
  return Object.values(tasks).reduce((sum, task) => {
    if (task.condition !== undefined) return sum + (typeof task.condition === 'object' ? 1 : 0);
    return sum + 1 + judges(task) + review;
  }, once);
}
