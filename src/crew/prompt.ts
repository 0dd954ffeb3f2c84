import { render } from './template.js';
import type { AgentDefinition, TaskDefinition } from './types.js';

/** One message of a prompt. */
interface PromptMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Everything that a task's prompt is made of. */
export interface TaskPrompt {
  agent: AgentDefinition;
  task: TaskDefinition;
  inputs: Readonly<Record<string, string | number | boolean>>;
  /** Outputs of earlier tasks that this one reads, in order. */
  context: { role: string; output: string }[];
  /** Earlier attempts that a person sent back, oldest first. */
  rejected: { output: string; feedback: string }[];
}

/**
 * The prompt of a task: who the agent is, what is wanted, what it may use, and what a person found wanting before.
 * Short, because a small local model loses the thread in a long one.
 */
export function taskMessages({ agent, task, inputs, context, rejected }: TaskPrompt): PromptMessage[] {
  const fill = (text: string) => render(text, inputs);
  const system = [`You are ${fill(agent.role)}. ${fill(agent.backstory)}`, `Your goal: ${fill(agent.goal)}`];
  const request = [
    ...context.map(({ role, output }) => `Notes from the ${role}:\n${output}\n`),
    fill(task.description),
    `Expected output: ${fill(task.expected_output)}`,
  ];
  return [
    { role: 'system', content: system.join('\n') },
    { role: 'user', content: request.join('\n') },
    ...rejected.flatMap(({ output, feedback }): PromptMessage[] => [
      { role: 'assistant', content: output },
      { role: 'user', content: `This was not accepted: ${feedback}\nDo the task again with this feedback.` },
    ]),
  ];
}
