import { agentIntroduction } from './prompt.js';
import { render } from './template.js';
import type { AgentDefinition, CrewDefinition, TaskDefinition } from './types.js';

type Inputs = Readonly<Record<string, string | number | boolean>>;

/** One of the engine's own questions to a model: its prompt, around a text that may lie in the store, and its answer's schema. */
export interface Question<R> {
  system: string;
  user: (string | R)[];
  schema: Record<string, unknown>;
}

const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = (maxLength: number) => ({ type: 'string', maxLength });

/** The manager of a hierarchical crew that names none. */
export const DEFAULT_MANAGER: Pick<AgentDefinition, 'role' | 'goal' | 'backstory'> = {
  role: 'Crew Manager',
  goal: 'Get the best work out of the crew',
  backstory: 'You give each task to the agent who can do it best, and you check the work against what was asked for.',
};

/** Asks the manager which agent works on which task, and how. */
export function assignmentQuestion(
  { agents, tasks }: CrewDefinition,
  manager: Pick<AgentDefinition, 'role' | 'goal' | 'backstory'>,
  workers: readonly string[],
  inputs: Inputs,
): Question<never> {
  const crew = workers.map(
    (key) => `- ${key}: ${render(agents[key]?.role ?? key, inputs)}. ${render(agents[key]?.goal ?? '', inputs)}`,
  );
  const list = Object.entries(tasks).map(
    ([id, task]) =>
      `- ${id}${task.agent === undefined ? '' : ` (for ${task.agent})`}: ${render(task.description, inputs)}`,
  );
  const items = object({
    task: { type: 'string', enum: Object.keys(tasks) },
    agent: { type: 'string', enum: [...workers] },
    instructions: text(400),
  });
  return {
    system: agentIntroduction(manager, inputs),
    user: [
      `Your agents:\n${crew.join('\n')}\n\nThe tasks, in order:\n${list.join('\n')}\n\n`,
      'Give each task to one agent, with a sentence of instructions.',
    ],
    schema: object({ assignments: { type: 'array', items, maxItems: Object.keys(tasks).length } }),
  };
}

/** What a manager is told to judge by. */
export function reviewQuestion<R>(
  task: TaskDefinition,
  manager: Pick<AgentDefinition, 'role' | 'goal' | 'backstory'>,
  output: string | R,
  inputs: Inputs,
): Question<R> {
  return {
    system: agentIntroduction(manager, inputs),
    user: [
      `The task was: ${render(task.description, inputs)}\nExpected output: ${render(task.expected_output, inputs)}\n\nThe work:\n`,
      output,
      '\n\nIs this what was expected? Where it is not, say what must be done differently.',
    ],
    schema: object({ reasons: text(400), accepted: { type: 'boolean' } }),
  };
}

/** Asks a model to judge an output by a guardrail's text. */
export function guardrailQuestion<R>(guardrail: string, output: string | R, inputs: Inputs): Question<R> {
  return {
    system: 'You check whether a text keeps to a rule. You judge by the rule alone.',
    user: [
      `The rule: ${render(guardrail, inputs)}\n\nThe text:\n`,
      output,
      '\n\nDoes the text keep to the rule? Where it does not, say why.',
    ],
    schema: object({ reasons: text(400), valid: { type: 'boolean' } }),
  };
}

/** Asks a model a yes/no question about the outputs so far. */
export function conditionQuestion<R>(
  question: string,
  outputs: readonly { role: string; output: string | R }[],
  inputs: Inputs,
): Question<R> {
  return {
    system: 'You answer a question with yes or no, by what you are given alone.',
    user: [
      ...outputs.flatMap(({ role, output }): (string | R)[] => [`Notes from the ${role}:\n`, output, '\n\n']),
      `The question: ${render(question, inputs)}`,
    ],
    schema: object({ answer: { type: 'boolean' } }),
  };
}

/** Asks a model for a plan of each task before the first one starts. */
export function planningQuestion({ agents, tasks }: CrewDefinition, inputs: Inputs): Question<never> {
  const list = Object.entries(tasks).map(([id, task]) => {
    const role = task.agent === undefined ? '' : ` (${render(agents[task.agent]?.role ?? task.agent, inputs)})`;
    return `- ${id}${role}: ${render(task.description, inputs)} Expected: ${render(task.expected_output, inputs)}`;
  });
  const items = object({ task: { type: 'string', enum: Object.keys(tasks) }, plan: text(600) });
  return {
    system: 'You plan the work of a crew of agents. For each task you say in a few short steps how to do it.',
    user: [`The tasks:\n${list.join('\n')}\n\nGive a short plan for each task.`],
    schema: object({ plans: { type: 'array', items, maxItems: Object.keys(tasks).length } }),
  };
}

/** Asks a model to shorten an output that does not fit another model's window. */
export function summaryPrompt<R>(output: string | R, maxChars: number): { system: string; user: (string | R)[] } {
  return {
    system: 'You shorten texts. You keep facts, names and numbers, and add nothing.',
    user: ['The text:\n', output, `\n\nSummarize it in at most ${Math.max(20, Math.floor(maxChars / 7))} words.`],
  };
}
