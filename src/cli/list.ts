import { Option, type Command } from 'commander';
import type { RunFilter, RunRow } from '../client/index.js';
import { RUN_STATUSES } from '../contract/views.js';
import { wholeNumber, type Call, type Cli } from './call.js';
import { crewOf, oneLine, table, timeOf, when } from './text.js';

/** `crew list`. */
export function registerList(program: Command, cli: Cli): void {
  program
    .command('list')
    .alias('ls')
    .summary('list runs')
    .description('Lists runs: those that are open first, then the others, the last to end first.')
    .option('--crew <name>', 'of this crew')
    .addOption(new Option('--status <status>', 'in this status').choices(RUN_STATUSES))
    .option('--label <text>', 'with this label')
    .option('--parent <run>', 'forked from this run')
    .option('--limit <n>', 'a page has so many; absent: 50', wholeNumber)
    .option('--cursor <cursor>', 'the page after this')
    .option('--all', 'all pages')
    .addHelpText(
      'after',
      '\nExamples:\n  $ crew list --status failed\n  $ crew list --crew research-summary --all --json',
    )
    .action(
      cli.action<RunFilter & { all?: true }>(async (call) => {
        const { all, ...rest } = call.options;
        const query = Object.fromEntries(
          ['crew', 'status', 'label', 'parent', 'limit', 'cursor'].flatMap((name) => {
            const value = rest[name as keyof typeof rest];
            return value === undefined ? [] : [[name, value]];
          }),
        ) as RunFilter;
        const runs: RunRow[] = [];
        let nextCursor: string | undefined;
        do {
          const page = await call.client.runs.list({
            ...query,
            ...(nextCursor !== undefined && { cursor: nextCursor }),
          });
          runs.push(...page.runs);
          nextCursor = page.nextCursor;
        } while (all && nextCursor !== undefined);
        call.print({ runs, ...(nextCursor !== undefined && { nextCursor }) }, () => rowsOf(call, runs));
        if (!call.json && nextCursor !== undefined) call.say(`There are more: --cursor ${nextCursor}, or --all`);
      }),
    );
}

/** A status in its colour. */
export function statusIn({ colours }: Pick<Call, 'colours'>, status: string): string {
  if (status === 'completed') return colours.green(status);
  if (status === 'failed' || status === 'timed_out' || status === 'terminated') return colours.red(status);
  if (status === 'running' || status === 'waiting_human') return colours.cyan(status);
  return status;
}

function rowsOf(call: Pick<Call, 'colours'>, runs: readonly RunRow[]): string {
  if (runs.length === 0) return 'No runs';
  const rows = runs.map((run) => [
    run.runId,
    crewOf(run),
    statusIn(call, run.status),
    when(run.startedAt),
    timeOf(run),
    oneLine(run.label ?? '', 40),
  ]);
  return table(['RUN', 'CREW', 'STATUS', 'STARTED', 'TIME', 'LABEL'], rows, call.colours.bold);
}
