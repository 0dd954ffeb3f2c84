import type { ExplainedTask, Explanation } from './explain.js';

/** An explanation as lines for people: a line a stage, each task with its agent and what it reads. */
export function explainText(explanation: Explanation): string {
  const { name, process, inputs, tasks, stages, assumptions, warnings } = explanation;
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return [
    `${name}: ${process}, ${countOf(tasks.length, 'task')}, ${callsText(explanation)}`,
    ...section('Inputs', inputs.map(inputText)),
    ...section(
      'Order of work (tasks of one line may run at the same time)',
      stages.map((stage, at) => stageText(stage, at, byId)),
    ),
    ...section(
      'Model calls of each task, at most',
      tasks.map(({ id, maxModelCalls }) => `${id}: ${maxModelCalls ?? 'no bound that can be counted'}`),
    ),
    ...section('Counted on', assumptions),
    ...section(
      'Warnings',
      warnings.map(({ path, message }) => `${path}: ${message}`),
    ),
  ].join('\n');
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function callsText({ minModelCalls, maxModelCalls }: Explanation): string {
  if (maxModelCalls === null) return `${minModelCalls} model calls or more, with no bound that can be counted`;
  return maxModelCalls < minModelCalls
    ? `${minModelCalls} model calls or more, of which the budget lets ${maxModelCalls} be made`
    : `${minModelCalls} to ${maxModelCalls} model calls`;
}

function inputText({ name, type, required, default: value }: Explanation['inputs'][number]): string {
  const optional = value === undefined ? 'optional' : `default ${JSON.stringify(value)}`;
  return `${name}: ${type}, ${required ? 'required' : optional}`;
}

function stageText(stage: string[], at: number, tasks: Map<string, ExplainedTask>): string {
  return `${at + 1}.  ${stage.map((id) => taskText(id, tasks.get(id))).join('  |  ')}`;
}

function taskText(id: string, task: ExplainedTask | undefined): string {
  const agent = task?.agent ?? 'the manager chooses';
  return `${id} (${agent})${task && task.reads.length > 0 ? ` <- ${task.reads.join(', ')}` : ''}`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
