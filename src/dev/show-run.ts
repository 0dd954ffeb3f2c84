import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { formatDuration, type Step, type Terminal } from '../../scripts/lib/terminal.mjs';
import type { TaskView, Usage } from '../contract/views.js';
import type { Run } from './gateway-client.js';

const MAX_TEXT_WIDTH = 100;

/** Shows the tasks of one run as they go, from one state of it to the next. */
export class RunProgress {
  readonly #terminal: Terminal;
  readonly #steps = new Map<string, Step>();
  readonly #shown = new Set<string>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(run: Run): void {
    const width = Math.max(...run.tasks.map((task) => clean(task.role).length));
    for (const task of run.tasks) {
      if (task.status === 'pending' || this.#shown.has(task.id)) continue;
      const step = this.#steps.get(task.id) ?? this.#terminal.step(clean(task.role).padEnd(width), doing(task, run));
      this.#steps.set(task.id, step);
      this.#showTask(task, step, run);
    }
  }

  /** The run cannot be read at the moment. */
  unreadable(): void {
    for (const [id, step] of this.#steps) {
      if (!this.#shown.has(id)) step.update('waiting for the gateway to answer; the run itself goes on');
    }
  }

  #showTask(task: TaskView, step: Step, run: Run): void {
    if (task.status === 'running' || task.status === 'waiting_human') return step.update(doing(task, run));
    this.#shown.add(task.id);
    if (task.status === 'completed') step.done(`${task.id}  ${pc.dim(costOf(task))}`);
    else step.fail(`${task.id}  ${task.status}${task.error ? `: ${clean(task.error.message)}` : ''}`);
  }
}

/** The end of a run: what came out, or why nothing did. */
export function showEnd(terminal: Terminal, run: Run): void {
  terminal.line();
  if (run.result) {
    terminal.line(pc.bold('Summary'));
    for (const line of wrap(clean(run.result.output), Math.min(terminal.width(), MAX_TEXT_WIDTH) - 2))
      terminal.line(`  ${line}`);
  } else {
    terminal.line(pc.red(pc.bold(`The run ${run.status === 'failed' ? 'failed' : `ended: ${run.status}`}`)));
    if (run.error) {
      const where = run.error.taskId === undefined ? '' : `In task ${run.error.taskId}: `;
      terminal.line(`  ${where}${clean(run.error.message)} ${pc.dim(`(${run.error.code})`)}`);
    }
  }
  terminal.line();
}

/** `8.4 s, 2 model calls, 512 tokens read, 230 written`. */
export function describeCost(run: Run): string {
  const time = durationOf(run);
  return [...(time === undefined ? [] : [time]), `${plural(run.usage.calls, 'model call')}`, tokens(run.usage)].join(
    ', ',
  );
}

/** Text of a model: line breaks stay, anything else that could drive the terminal goes. */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim();
}

/** Breaks text into lines of at most `width` characters, between words where it can. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (longer.length > width && line !== '') {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line];
  });
}

function doing(task: TaskView, run: Run): string {
  if (task.status === 'waiting_human') return `${task.id}, waiting for a person to decide`;
  const retry = run.retrying?.find(({ activityId }) => activityId.startsWith(`${task.id}/`));
  return retry ? `${task.id}, trying again after: ${clean(retry.lastFailure.message)}` : task.id;
}

function costOf(task: TaskView): string {
  const time = durationOf(task);
  return [...(time === undefined ? [] : [time]), tokens(task.usage)].join(', ');
}

function durationOf({ startedAt, endedAt }: { startedAt?: string; endedAt?: string }): string | undefined {
  if (startedAt === undefined || endedAt === undefined) return undefined;
  return formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)));
}

function tokens({ inputTokens, outputTokens }: Usage): string {
  return `${inputTokens} tokens read, ${outputTokens} written`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
