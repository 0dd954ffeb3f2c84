import { createHash } from 'node:crypto';

/** What a person does with the outputs of a task, one after the other, until one is taken. */
export type PlannedDecision = 'approve' | 'reject' | 'edit';

/** One task as the load knows it: enough to write its definition, and to say what must come of it. */
interface TaskPlan {
  /** The tasks whose outputs it reads. */
  reads: string[];
  /** Decided by a person, in this order. Absent: nobody is asked. */
  decisions?: PlannedDecision[];
  /** Its agent looks something up and writes it down, with tools. */
  tools?: true;
  /** It also uses a tool of an MCP server, which is a process of the worker. */
  served?: true;
  /** A person is asked before it looks something up. */
  permit?: true;
  /** Its output is longer than a history keeps. */
  long?: true;
}

/** A crew of the load. */
export interface CrewPlan {
  name: string;
  process: 'sequential' | 'parallel' | 'hierarchical';
  tasks: Record<string, TaskPlan>;
}

/** The crews that run while things break: each process, with tools, with people. */
export const CREWS: readonly CrewPlan[] = [
  {
    name: 'in-line',
    process: 'sequential',
    tasks: { a: { reads: [] }, b: { reads: ['a'], long: true }, c: { reads: ['a', 'b'] } },
  },
  {
    name: 'side-by-side',
    process: 'parallel',
    tasks: {
      a: { reads: [], long: true },
      b: { reads: [] },
      c: { reads: [], tools: true },
      d: { reads: ['a', 'b', 'c'] },
    },
  },
  { name: 'managed', process: 'hierarchical', tasks: { a: { reads: [] }, b: { reads: ['a'], long: true } } },
  {
    name: 'equipped',
    process: 'sequential',
    tasks: { a: { reads: [], tools: true }, b: { reads: ['a'], tools: true, served: true } },
  },
  {
    name: 'asking',
    process: 'sequential',
    tasks: {
      a: { reads: [], decisions: ['approve'] },
      b: { reads: ['a'], decisions: ['reject', 'approve'], long: true },
      c: { reads: ['a', 'b'], decisions: ['edit'] },
    },
  },
  {
    name: 'permitted',
    process: 'parallel',
    tasks: {
      a: { reads: [], tools: true, permit: true },
      b: { reads: [], decisions: ['reject', 'edit'] },
      c: { reads: ['a', 'b'] },
    },
  },
];

/** How a task's description begins: the model reads from it whose task it is. */
export const TASK_MARK = /Do (r\d+)\/(\w+)\b/g;

/** Stands behind it where the output shall be long. */
export const AT_LENGTH = 'at length';

/** Workers of hierarchical crews: the manager chooses. */
export const WORKERS = ['writer', 'editor'];

/** The definition of a crew. */
export function definitionOf({ name, process, tasks }: CrewPlan): object {
  const agent = (role: string) => ({ role, goal: 'Work', backstory: 'You work.' });
  return {
    schemaVersion: 1,
    name,
    process,
    inputs: ['tag'],
    agents: Object.fromEntries(WORKERS.map((key) => [key, agent(key)])),
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([id, { reads, decisions, tools, served, permit, long }]) => [
        id,
        {
          description: `Do {tag}/${id}${long ? ` ${AT_LENGTH}` : ''}`,
          expected_output: 'A text',
          ...(process !== 'hierarchical' && { agent: WORKERS[0] }),
          ...(reads.length > 0 && { context: reads }),
          ...(decisions && { approval: true }),
          ...(tools && {
            tools: [
              permit ? { name: 'look_up', approval: true } : 'look_up',
              'write_down',
              ...(served ? ['things/echo'] : []),
            ],
          }),
        },
      ]),
    ),
  };
}

/** Some number that is always the same for the same text. */
export function hashOf(...texts: string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 10);
}

/** Whether the manager sends the first work on a task back. */
export function sentBack(tag: string, task: string): boolean {
  return parseInt(hashOf('sent back', tag, task), 16) % 3 === 0;
}

/** What the tool `look_up` finds. */
export function found(tag: string, task: string): string {
  return `found-${hashOf('look up', tag, task)}`;
}

/** What the MCP server is asked to say again. */
export function echoed(tag: string, task: string): string {
  return `found-${hashOf('echo', tag, task)}`;
}

/** The line of an output by which those who read it can be told apart from those who did not. */
export function markOf(tag: string, task: string, attempt: number, read: readonly string[]): string {
  return `«${tag}.${task}.${attempt}.${hashOf(...[...read].sort())}»`;
}

/** What a person writes in place of an output. */
export function editedText(tag: string, task: string): string {
  return `«${tag}.${task}.edited.${hashOf('edited', tag, task)}»`;
}

/** Fills an output up to more than a history keeps. */
export function whole(mark: string, long: boolean): string {
  return long ? `${mark}\n${'All of it is written here. '.repeat(200)}` : mark;
}

/** All marks in a text, and what tools found. */
export function marksIn(text: string): string[] {
  return [...new Set(text.match(/«[\w.]+»|found-[0-9a-f]{10}/g) ?? [])];
}

/** What must come of a run: each task's output by its id. */
export function expectedOutputs({ process, tasks }: CrewPlan, tag: string): Record<string, string> {
  const marks: Record<string, string> = {};
  const outputs: Record<string, string> = {};
  for (const [id, { reads, decisions = ['approve'], tools, served, long }] of Object.entries(tasks)) {
    const read = [
      ...reads.map((from) => marks[from] ?? ''),
      ...(tools ? [found(tag, id)] : []),
      ...(served ? [echoed(tag, id)] : []),
    ];
    const again = process === 'hierarchical' && sentBack(tag, id) ? 1 : 0;
    const mark = markOf(tag, id, decisions.length + again, read);
    const edited = decisions.at(-1) === 'edit';
    marks[id] = edited ? editedText(tag, id) : mark;
    outputs[id] = edited ? editedText(tag, id) : whole(mark, long === true);
  }
  return outputs;
}

/** How often models must be asked, at the least, and if nothing goes wrong exactly. */
export function expectedCalls({ process, tasks }: CrewPlan, tag: string): number {
  const perTask = Object.entries(tasks).map(([id, { decisions = ['approve'], tools, served }]) => {
    const managed = process === 'hierarchical';
    const attempts = decisions.length + (managed && sentBack(tag, id) ? 1 : 0);
    return attempts * (1 + (tools ? 2 : 0) + (served ? 1 : 0) + (managed ? 1 : 0));
  });
  return perTask.reduce((sum, calls) => sum + calls, process === 'hierarchical' ? 1 : 0);
}
