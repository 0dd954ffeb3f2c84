import { AT_LENGTH, echoed, hashOf, markOf, marksIn, sentBack, TASK_MARK, whole, WORKERS } from './crews.js';

/** A request to the model, as far as the answer depends on it. */
export interface Asked {
  messages: { role: string; content: unknown }[];
  tools?: { function: { name: string } }[] | undefined;
}

/** What the model says: a text, or a call of a tool. */
export type Said = { text: string } | { tool: string; arguments: object };

/**
 * What the scripted model answers. It depends on nothing but the request, so that a call that is made once more gets the same answer,
 * and what a run must come to can be told beforehand.
 */
export function answerTo({ messages, tools = [] }: Asked): Said {
  const all = messages.map(textOf).join('\n');
  const tasks = [...all.matchAll(TASK_MARK)].map(([, tag = '', task = '']) => ({ tag, task }));
  const { tag, task } = tasks.at(-1) ?? { tag: '', task: '' };
  if (all.includes('Give each task to one agent')) return assign(tasks);
  if (all.includes('Is this what was expected?')) return review(tag, task, all);
  const results = messages.filter(({ role }) => role === 'tool').length;
  const next = tools.map(({ function: { name } }) => name)[results];
  if (next !== undefined) {
    return { tool: next, arguments: next.includes('echo') ? { message: echoed(tag, task) } : { tag, task } };
  }
  // Its own earlier attempts are no reading.
  const given = messages.filter(({ role }) => role !== 'assistant').map(textOf);
  const attempt = 1 + given.filter((text) => text.startsWith('This was not accepted')).length;
  const mark = markOf(tag, task, attempt, marksIn(given.join('\n')));
  return { text: whole(mark, all.includes(`Do ${tag}/${task} ${AT_LENGTH}`)) };
}

function textOf({ content }: Asked['messages'][number]): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function assign(tasks: { tag: string; task: string }[]): Said {
  const assignments = tasks.map(({ tag, task }) => ({
    task,
    agent: WORKERS[parseInt(hashOf('who', tag, task), 16) % WORKERS.length],
    instructions: 'Take care.',
  }));
  return { text: JSON.stringify({ assignments }) };
}

function review(tag: string, task: string, all: string): Said {
  const first = marksIn(all).some((mark) => mark.startsWith(`«${tag}.${task}.1.`));
  const accepted = !(first && sentBack(tag, task));
  return { text: JSON.stringify({ reasons: accepted ? 'Good.' : 'Once more.', accepted }) };
}
