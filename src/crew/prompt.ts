import { render } from './template.js';
import type { AgentDefinition, TaskDefinition } from './types.js';

/** A text as it is, or a stand-in for one that lies in the store. */
type Piece<R> = string | R;

/** One message of a prompt. `R`: how a text in the store is referred to. */
export interface PromptMessage<R> {
  role: 'system' | 'user' | 'assistant';
  content: Piece<R>[];
}

type Inputs = Readonly<Record<string, string | number | boolean>>;

/** Everything that a task's prompt is made of. */
export interface TaskPrompt<R = never> {
  agent: AgentDefinition;
  task: TaskDefinition;
  inputs: Inputs;
  /** Outputs of earlier tasks that this one reads, in order. */
  context: { role: string; output: Piece<R> }[];
  /** Earlier attempts that were sent back, oldest first. */
  rejected: { output: Piece<R>; feedback: string }[];
  /** How to go about it: the plan's words, or the manager's. */
  instructions?: string[];
}

/**
 * The prompt of a task: who the agent is, what is wanted, what it may use, and what was found wanting before. Short,
 * because a small local model loses the thread in a long one.
 */
export function taskMessages<R = never>(prompt: TaskPrompt<R>): PromptMessage<R>[] {
  const { agent, task, inputs, context, rejected, instructions = [] } = prompt;
  const request: Piece<R>[] = [
    ...context.flatMap(({ role, output }): Piece<R>[] => [`Notes from the ${role}:\n`, output, '\n\n']),
    render(task.description, inputs),
    ...instructions.map((text) => `\n${text}`),
    `\nExpected output: ${render(task.expected_output, inputs)}`,
    ...(task.markdown === true ? ['\nWrite it in Markdown.'] : []),
  ];
  return [
    { role: 'system', content: [agentIntroduction(agent, inputs)] },
    { role: 'user', content: request },
    ...rejected.flatMap(({ output, feedback }): PromptMessage<R>[] => [
      { role: 'assistant', content: [output] },
      {
        role: 'user',
        content: [`This was not accepted: ${feedback}\nDo the task again with this feedback.`],
      },
    ]),
  ];
}

/** Who an agent is, as its system message. */
export function agentIntroduction(agent: Pick<AgentDefinition, 'role' | 'goal' | 'backstory'>, inputs: Inputs): string {
  const fill = (text: string) => render(text, inputs);
  return `You are ${fill(agent.role)}. ${fill(agent.backstory)}\nYour goal: ${fill(agent.goal)}`;
}

/** The prompt of an agent that a coworker hands work to, or asks. */
export function delegationMessages(
  agent: AgentDefinition,
  inputs: Inputs,
  { kind, from, text, context }: { kind: 'work' | 'question'; from: string; text: string; context: string },
): PromptMessage<never>[] {
  const asked =
    kind === 'work' ? `Your coworker, the ${from}, hands you this work:` : `Your coworker, the ${from}, asks you:`;
  const more = context === '' ? [] : [`\nWhat you need to know: ${context}`];
  return [
    { role: 'system', content: [agentIntroduction(agent, inputs)] },
    { role: 'user', content: [`${asked} ${text}`, ...more] },
  ];
}

/** What an agent is told when it has used up its iterations. */
export const LAST_CALL = 'You have no more steps and no tools now. Give your best final answer to the task.';

/** What an agent is told whose answer does not fit its schema. */
export function schemaFeedback(issues: readonly string[]): string {
  return `This is not the JSON that is wanted: ${issues.join('; ')}. Answer again, with nothing but the JSON.`;
}
