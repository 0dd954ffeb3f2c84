import { issuesIn, suggestion, type Issue } from './issues.js';
import { placeholders } from './template.js';
import type { AgentDefinition, CrewDefinition, TaskDefinition } from './types.js';

/** A text of a definition and where it stands. */
interface PlacedText {
  path: Issue['path'];
  text: string;
}

/** Every text in which `{input}` is replaced. Conditions are not among them: braces are part of their language. */
export function renderedTexts({ agents, tasks, budget }: CrewDefinition): PlacedText[] {
  return [
    ...under(['budget', 'approval'], [[['question'], budget?.approval?.question]]),
    ...Object.entries(agents).flatMap(([key, agent]) => under(['agents', key], textsOfAgent(agent))),
    ...Object.entries(tasks).flatMap(([key, task]) => under(['tasks', key], textsOfTask(task))),
  ];
}

function under(above: Issue['path'], texts: [path: Issue['path'], text: string | undefined][]): PlacedText[] {
  return texts.flatMap(([path, text]) => (text === undefined ? [] : [{ path: [...above, ...path], text }]));
}

function textsOfAgent({ role, goal, backstory, tools }: AgentDefinition): [Issue['path'], string | undefined][] {
  return [...questionsOfTools(tools), [['role'], role], [['goal'], goal], [['backstory'], backstory]];
}

function textsOfTask(task: TaskDefinition): [Issue['path'], string | undefined][] {
  const { guardrail = [], condition } = task;
  const guardrails = Array.isArray(guardrail) ? guardrail : [guardrail];
  return [
    [['description'], task.description],
    [['expected_output'], task.expected_output],
    [['output_file'], task.output_file],
    [['approval', 'question'], typeof task.approval === 'object' ? task.approval.question : undefined],
    ...questionsOfTools(task.tools),
    [['condition', 'question'], typeof condition === 'object' ? condition.question : undefined],
    ...guardrails.map((one, at): [Issue['path'], string | undefined] => [
      Array.isArray(guardrail) ? ['guardrail', at] : ['guardrail'],
      typeof one === 'string' ? one : undefined,
    ]),
  ];
}

function questionsOfTools(tools: TaskDefinition['tools'] = []): [Issue['path'], string | undefined][] {
  return tools.map((tool, at) => [
    ['tools', at, 'approval', 'question'],
    typeof tool === 'object' && typeof tool.approval === 'object' ? tool.approval.question : undefined,
  ]);
}

/** Inputs that texts refer to and nobody declared. */
export function templateIssues(definition: CrewDefinition): Issue[] {
  const declared = Object.keys(definition.inputs);
  return issuesIn(renderedTexts(definition), ({ path, text }) =>
    issuesIn(placeholders(text), (name): Issue[] => {
      if (Object.hasOwn(definition.inputs, name)) return [];
      const message = `{${name}} is not a declared input.${suggestion(name, declared)} Declare it under inputs, or write {{${name}}} for the text itself.`;
      return [{ path, message }];
    }),
  );
}
