import type { Command } from 'commander';
import type { Approval, Run, Task } from '../client/index.js';
import { runIdOf, type Call, type Cli } from './call.js';
import { CliError } from './command.js';
import { EXIT } from './exit.js';
import { statusIn } from './list.js';
import { clean, costOf, crewOf, duration, oneLine, table, timeOf, when } from './text.js';

const BAR_WIDTH = 24;

/** `crew show`. */
export function registerShow(program: Command, cli: Cli): void {
  program
    .command('show')
    .summary('show a run: its timeline, approvals and output')
    .description('Shows a run: when each of its tasks ran and what it took, its approvals, and its output.')
    .argument('<run>', 'the run')
    .option('--output [task]', 'only its output, or that of a task')
    .option('--events', 'also its events')
    .addHelpText('after', '\nExamples:\n  $ crew show last\n  $ crew show last --output research > notes.md')
    .action(
      cli.action<{ output?: string | true; events?: true }>(async (call, typed = '') => {
        const { client, options, print } = call;
        const run = await client.runs.get(await runIdOf(call, typed));
        if (options.output !== undefined)
          return print(outputOf(run, options.output), () => textOf(run, options.output));
        const lines: string[] = [];
        if (options.events && run.lastSeq > 0)
          for await (const { seq, time, type, taskId, data } of client.events(run.runId)) {
            if (seq > run.lastSeq) break;
            lines.push(
              `${String(seq).padStart(4)}  ${time}  ${type}  ${taskId ?? ''}  ${oneLine(JSON.stringify(data), 80)}`,
            );
            if (seq === run.lastSeq) break;
          }
        print(run, () => [overview(call, run), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n'));
      }),
    );
}

function outputOf(run: Run, wanted: string | true | undefined): unknown {
  const found = wanted === true || wanted === undefined ? run.result : taskOf(run, wanted);
  return { output: found?.output, ...(found?.json !== undefined && { json: found.json as unknown }) };
}

function textOf(run: Run, wanted: string | true | undefined): string {
  const { output } = outputOf(run, wanted) as { output?: string };
  if (output === undefined) throw new CliError('There is no output yet', EXIT.failed);
  return output;
}

function taskOf(run: Run, id: string): Task {
  const task = run.tasks.find((one) => one.id === id);
  if (!task)
    throw new CliError(
      `There is no task '${id}'; there are: ${run.tasks.map((one) => one.id).join(', ')}`,
      EXIT.notFound,
    );
  return task;
}

function overview(call: Pick<Call, 'colours' | 'deps'>, run: Run): string {
  const { bold, dim, red } = call.colours;
  const parts = [
    `${bold(crewOf(run))}  ${statusIn(call, run.status)}  ${timeOf(run)}  ${dim(costOf(run.usage))}`,
    dim(`${run.runId}  started ${when(run.startedAt)}${run.label === undefined ? '' : `  ${oneLine(run.label, 60)}`}`),
  ];
  if (run.parentRunId !== undefined) parts.push(dim(`forked from ${run.parentRunId} at ${run.forkedFromTask ?? '?'}`));
  if (run.links.temporalUi !== undefined) parts.push(dim(run.links.temporalUi));
  parts.push('', timeline(call, run));
  if (run.approvals.length > 0) parts.push('', bold('Approvals'), ...run.approvals.map(approvalLine));
  for (const { by, agent, text } of run.messages ?? [])
    parts.push(`✉ ${clean(by)} to ${agent ?? 'every agent'}: ${oneLine(text, 80)}`);
  if (run.error) parts.push('', red(`${run.error.code}: ${clean(run.error.message)}`));
  if (run.result) parts.push('', bold('Output'), clean(run.result.output));
  return parts.join('\n');
}

function timeline(call: Pick<Call, 'colours'>, run: Run): string {
  const start = Date.parse(run.startedAt);
  const end = run.endedAt === undefined ? Date.now() : Date.parse(run.endedAt);
  const rows = run.tasks.map((task) => {
    const from = task.startedAt === undefined ? undefined : Date.parse(task.startedAt) - start;
    return [
      from === undefined ? '' : `+${duration(Math.max(0, from))}`,
      bar(task, start, end),
      timeOf(task),
      oneLine(task.role, 30),
      task.id,
      statusIn(call, task.status) + (task.attempt > 1 ? ` (attempt ${task.attempt})` : ''),
      task.keptFrom === undefined ? costOf(task.usage) : `kept from ${task.keptFrom}`,
    ];
  });
  return table(['START', 'WHEN', 'TIME', 'AGENT', 'TASK', 'STATUS', 'TOOK'], rows, call.colours.bold);
}

/** Where in the run's time the task lies. */
function bar({ startedAt, endedAt }: Task, start: number, end: number): string {
  if (startedAt === undefined) return '·'.repeat(BAR_WIDTH);
  const span = Math.max(1, end - start);
  const at = (time: number) => Math.round(((time - start) / span) * BAR_WIDTH);
  const from = Math.min(BAR_WIDTH - 1, Math.max(0, at(Date.parse(startedAt))));
  const to = Math.min(BAR_WIDTH, Math.max(from + 1, at(endedAt === undefined ? end : Date.parse(endedAt))));
  return '·'.repeat(from) + '█'.repeat(to - from) + '·'.repeat(BAR_WIDTH - to);
}

function approvalLine({ id, status, decision, deadline, question }: Approval): string {
  const what = question === undefined ? '' : `  ${oneLine(question, 60)}`;
  if (decision) {
    const said = decision.feedback === undefined ? '' : `: ${oneLine(decision.feedback, 60)}`;
    return `  ${id}  ${decision.action} by ${clean(decision.by)}, ${when(decision.at)}${said}`;
  }
  return `  ${id}  ${status}${deadline === undefined ? '' : `, until ${when(deadline)}`}${what}`;
}
