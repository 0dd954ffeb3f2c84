import type { Command } from 'commander';
import type { InboxEntry } from '../client/index.js';
import { wholeNumber, type Call, type Cli } from './call.js';
import { oneLine, table, when } from './text.js';

interface Options {
  crew?: string;
  assignee?: string;
  limit?: number;
  cursor?: string;
}

/** `crew inbox`. */
export function registerInbox(program: Command, cli: Cli): void {
  program
    .command('inbox')
    .alias('approvals')
    .summary('list the open approvals of all runs')
    .description('Lists the open approvals of all runs, those of the newest run first.')
    .option('--crew <name>', 'of runs of this crew')
    .option('--assignee <name>', 'that this person or group is asked')
    .option('--limit <n>', 'of so many runs; absent: 50', wholeNumber)
    .option('--cursor <cursor>', 'the page after this')
    .addHelpText('after', '\nExamples:\n  $ crew inbox\n  $ crew inbox --assignee ada --json')
    .action(
      cli.action<Options>(async (call) => {
        const { crew, assignee, limit, cursor } = call.options;
        const page = await call.client.approvals.list({
          ...(crew !== undefined && { crew }),
          ...(assignee !== undefined && { assignee }),
          ...(limit !== undefined && { limit }),
          ...(cursor !== undefined && { cursor }),
        });
        call.print(page, () => rowsOf(call, page.approvals));
        if (!call.json && page.nextCursor !== undefined) call.say(`There are more: --cursor ${page.nextCursor}`);
      }),
    );
}

function rowsOf({ colours }: Pick<Call, 'colours'>, approvals: readonly InboxEntry[]): string {
  if (approvals.length === 0) return 'Nobody is asked anything';
  const rows = approvals.map(({ runId, id, crew, requestedAt, deadline, assignees, actions, question }) => [
    runId,
    id,
    crew,
    when(requestedAt),
    deadline === undefined ? '' : when(deadline),
    (assignees ?? []).join(', '),
    oneLine(question ?? actions.join(', '), 60),
  ]);
  return table(['RUN', 'APPROVAL', 'CREW', 'SINCE', 'UNTIL', 'WHO', 'WHAT'], rows, colours.bold);
}
