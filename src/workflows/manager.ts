import type { Text } from '../contract/wire.js';
import { assignmentQuestion, DEFAULT_MANAGER, planningQuestion, reviewQuestion } from '../crew/questions.js';
import type { CrewDefinition } from '../crew/types.js';
import type { Scope } from './journal.js';
import { clipped } from './messages.js';
import { askQuestion } from './questions.js';
import { roomFor } from './context.js';
import type { RunContext } from './run-context.js';

/** What was settled before the first task: how each is gone about, and by whom. */
export interface Brief {
  /** Of `planning`. */
  plans: Record<string, string>;
  /** Of a hierarchical crew's manager. */
  assignments: Record<string, { agent: string; instructions: string }>;
}

/** The place of what is asked before the first task. No task can have this name. */
const PLAN_PLACE = '$plan';
const ASSIGN_PLACE = '$manager';

/** Makes a plan, and lets the manager give out the tasks, as far as the definition asks for either. */
export async function makeBrief(run: RunContext, scope: Scope): Promise<Brief> {
  const { definition } = run.input;
  return {
    plans: definition.planning === true ? await plan(run, scope.at('plan')) : {},
    assignments: definition.process === 'hierarchical' ? await assign(run, scope.at('assign')) : {},
  };
}

async function plan(run: RunContext, scope: Scope): Promise<Brief['plans']> {
  const { definition, inputs } = run.input;
  const answer = await askQuestion<{ plans: { task: string; plan: string }[] }>(
    run,
    scope,
    planningQuestion(definition, inputs),
    { caller: {}, place: PLAN_PLACE, role: 'Planner', llm: definition.planning_llm },
  );
  // Without a plan, the tasks are done as they stand.
  const plans = (answer?.plans ?? []).filter(({ plan }) => plan.trim() !== '');
  return Object.fromEntries(plans.map((one) => [one.task, one.plan]));
}

/** The agents of a hierarchical crew that work on tasks. */
function workersOf({ agents, manager_agent: manager }: CrewDefinition): string[] {
  return Object.keys(agents).filter((key) => key !== manager);
}

/**
 * Which agent works on which task, as the manager says. A task that names its agent keeps it; one that the manager forgot
 * goes to the first agent, as there must be one.
 */
async function assign(run: RunContext, scope: Scope): Promise<Brief['assignments']> {
  const { definition, inputs } = run.input;
  const workers = workersOf(definition);
  const question = assignmentQuestion(definition, managerOf(definition), workers, inputs);
  const answer = await askQuestion<{ assignments: { task: string; agent: string; instructions: string }[] }>(
    run,
    scope,
    question,
    asManager(run, ASSIGN_PLACE),
  );
  const said = answer?.assignments ?? [];
  const ids = Object.entries(definition.tasks);
  return Object.fromEntries(
    ids.map(([id, task]) => {
      const one = said.find((assignment) => assignment.task === id);
      const agent = task.agent ?? one?.agent ?? workers[0] ?? '';
      const instructions = one && one.agent === agent ? one.instructions.trim() : '';
      return [id, { agent, instructions }];
    }),
  );
}

/** What the manager says of a task's output. Where it says nothing of use, the output stands. */
export async function review(
  run: RunContext,
  scope: Scope,
  taskId: string,
  output: Text,
): Promise<{ accepted: boolean; reasons: string }> {
  const { definition, inputs } = run.input;
  const task = definition.tasks[taskId];
  if (!task) return { accepted: true, reasons: '' };
  const room = roomFor(run, definition.manager_llm, task.description.length + task.expected_output.length);
  const question = reviewQuestion(task, managerOf(definition), clipped(output, room), inputs);
  const verdict = await askQuestion<{ accepted: boolean; reasons: string }>(run, scope, question, {
    ...asManager(run, `${taskId}/review`),
    caller: { taskId, ...managerKey(definition) },
  });
  return verdict ?? { accepted: true, reasons: 'The manager gave no usable verdict' };
}

function asManager(run: RunContext, place: string) {
  const { definition } = run.input;
  const manager = managerOf(definition);
  const key = definition.manager_agent;
  const llm = definition.manager_llm ?? (key === undefined ? undefined : definition.agents[key]?.llm);
  return { caller: managerKey(definition), place, role: key === undefined ? manager.role : run.state.roleOf(key), llm };
}

function managerKey({ manager_agent: agent }: CrewDefinition): { agent?: string } {
  return agent === undefined ? {} : { agent };
}

function managerOf({ agents, manager_agent: key }: CrewDefinition) {
  return (key === undefined ? undefined : agents[key]) ?? DEFAULT_MANAGER;
}
