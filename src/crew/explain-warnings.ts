import { approvalOf } from './approval.js';
import { ancestors, readsOf, stagesOf } from './graph.js';
import type { Issue } from './issues.js';
import { coworkersOf, type CallBounds } from './max-calls.js';
import { placeholders } from './template.js';
import type { CrewDefinition } from './types.js';
import { renderedTexts } from './validate-templates.js';

/** What is right in a definition and yet probably not meant: things that nobody uses, and keys without effect. */
export function warningsOf(definition: CrewDefinition, bounds: CallBounds): Issue[] {
  return [
    ...unusedAgents(definition),
    ...unreadOutputs(definition),
    ...unusedInputs(definition),
    ...idleCrewKeys(definition),
    ...idleAgentKeys(definition),
    ...idleTaskKeys(definition),
    ...budgetWarnings(definition, bounds),
    ...openWaits(definition),
  ];
}

/** The agents that may come to work: of tasks, their coworkers and theirs, and the manager. */
function workers(definition: CrewDefinition): Set<string> {
  const { agents, tasks, process, manager_agent: manager } = definition;
  const chosen = Object.values(tasks).some(({ agent }) => agent === undefined);
  const open = chosen ? Object.keys(agents) : Object.values(tasks).flatMap(({ agent }) => agent ?? []);
  if (process === 'hierarchical' && manager !== undefined) open.push(manager);
  const found = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...coworkersOf(definition, next));
  }
  return found;
}

function unusedAgents(definition: CrewDefinition): Issue[] {
  const working = workers(definition);
  return Object.entries(definition.agents)
    .filter(([key]) => !working.has(key))
    .map(([key, { tools = [] }]) => ({
      path: ['agents', key],
      message:
        tools.length === 0
          ? 'No task uses this agent, and nobody may hand it work'
          : 'No task uses this agent, and nobody may hand it work: its tools are never called',
    }));
}

/** What neither a task reads, nor a condition, nor anybody as an artifact. */
function unreadOutputs(definition: CrewDefinition): Issue[] {
  const taskIds = Object.keys(definition.tasks);
  const read = new Set(taskIds.flatMap((taskId) => readsOf(definition, taskId)));
  const conditions = Object.values(definition.tasks).flatMap(({ condition }) =>
    typeof condition === 'string' ? [condition] : [],
  );
  return Object.entries(definition.tasks).flatMap(([taskId, { output_file: file }]): Issue[] => {
    const used =
      read.has(taskId) ||
      taskId === taskIds.at(-1) ||
      file !== undefined ||
      conditions.some((condition) => condition.includes(taskId));
    if (used) return [];
    return [{ path: ['tasks', taskId], message: 'No task reads this output, and it is not the result of the crew' }];
  });
}

function unusedInputs(definition: CrewDefinition): Issue[] {
  const used = new Set(renderedTexts(definition).flatMap(({ text }) => placeholders(text)));
  const conditions = Object.values(definition.tasks).flatMap(({ condition }) =>
    typeof condition === 'string' ? [condition] : [],
  );
  return Object.keys(definition.inputs)
    .filter((name) => !used.has(name) && !conditions.some((condition) => condition.includes(name)))
    .map((name) => ({ path: ['inputs', name], message: `No text has {${name}}: this input changes nothing` }));
}

function idleCrewKeys(definition: CrewDefinition): Issue[] {
  const { process, max_parallel: parallel, planning, planning_llm: planner } = definition;
  const issues: Issue[] = [];
  const widest = Math.max(...stagesOf(definition).map((stage) => stage.length));
  if (parallel !== undefined && widest === 1) {
    const why = process === 'parallel' ? 'each task reads another' : `this crew is ${process}`;
    issues.push({
      path: ['max_parallel'],
      message: `It has no effect: ${why}, so no two tasks can run at the same time`,
    });
  }
  if (process === 'parallel' && widest === 1 && Object.keys(definition.tasks).length > 1) {
    issues.push({ path: ['process'], message: 'No two tasks can run at the same time: each one waits for another' });
  }
  if (planner !== undefined && planning !== true) {
    issues.push({ path: ['planning_llm'], message: 'It has no effect without planning: true' });
  }
  return issues;
}

function idleAgentKeys(definition: CrewDefinition): Issue[] {
  return Object.entries(definition.agents).flatMap(([key, agent]): Issue[] => {
    if (agent.allow_delegation !== true) {
      if (agent.allowed_agents === undefined) return [];
      return [{ path: ['agents', key, 'allowed_agents'], message: 'It has no effect without allow_delegation: true' }];
    }
    if (coworkersOf(definition, key).length > 0) return [];
    return [{ path: ['agents', key, 'allow_delegation'], message: 'There is no agent that it may hand work to' }];
  });
}

function idleTaskKeys(definition: CrewDefinition): Issue[] {
  const before = ancestors(definition);
  return Object.entries(definition.tasks).flatMap(([taskId, task]) => {
    const path = ['tasks', taskId];
    const issues: Issue[] = [];
    if (task.guardrail_max_retries !== undefined && task.guardrail === undefined) {
      const schema =
        task.output_schema === undefined ? '' : ' (answers that do not fit output_schema have retries of their own)';
      issues.push({
        path: [...path, 'guardrail_max_retries'],
        message: `It has no effect without a guardrail${schema}`,
      });
    }
    if (task.context_policy !== undefined && readsOf(definition, taskId).length === 0) {
      issues.push({ path: [...path, 'context_policy'], message: 'It has no effect: this task reads no other' });
    }
    if (new Set(task.context).size < (task.context ?? []).length) {
      issues.push({ path: [...path, 'context'], message: 'It names a task twice; each is read once' });
    }
    if (task.markdown === true && task.output_schema !== undefined) {
      issues.push({ path: [...path, 'markdown'], message: 'It has no effect: with output_schema the output is JSON' });
    }
    if (task.async_execution === true) {
      const why = idleAsync(definition, taskId, before);
      if (why !== undefined) issues.push({ path: [...path, 'async_execution'], message: `It has no effect: ${why}` });
    }
    return issues;
  });
}

/** Why a task that is to run beside others runs alone all the same. */
function idleAsync(definition: CrewDefinition, taskId: string, before: Map<string, Set<string>>): string | undefined {
  if (definition.process === 'parallel') return 'in a parallel crew, tasks wait only for what they read';
  const others = Object.keys(definition.tasks).filter((other) => other !== taskId);
  if (others.some((other) => !before.get(taskId)?.has(other) && !before.get(other)?.has(taskId))) return undefined;
  return 'no other task can run beside it. Tasks that do not read each other do where all of them are async_execution';
}

/** Model calls from which on a run costs more than anybody means. */
const MANY_CALLS = 10_000;

function budgetWarnings({ budget }: CrewDefinition, { min, max }: CallBounds): Issue[] {
  if (max > MANY_CALLS) {
    const many = max === Infinity ? 'more model calls than can be counted' : `up to ${max} model calls`;
    return [{ path: ['budget'], message: `A run can make ${many}: set budget.model_calls to what it may cost` }];
  }
  if (budget?.model_calls === undefined || budget.model_calls >= min) return [];
  const message = `A run of this crew takes ${min} model calls at least: it cannot be finished within ${budget.model_calls}`;
  return [{ path: ['budget', 'model_calls'], message }];
}

function openWaits({ tasks, budget }: CrewDefinition): Issue[] {
  const people = Object.entries(tasks)
    .filter(([, task]) => approvalOf(task) !== undefined && approvalOf(task)?.deadline === undefined)
    .map(([key, { approval }]) => ({
      path: ['tasks', key, approval === undefined ? 'human_input' : 'approval'],
      message: 'The run waits for a person for as long as it takes: nothing ends the wait',
    }));
  if (budget?.on_exceed !== 'pause' || budget.approval?.deadline !== undefined) return people;
  const message = 'Over the budget, the run waits for a person for as long as it takes: nothing ends the wait';
  return [...people, { path: ['budget', 'on_exceed'], message }];
}
