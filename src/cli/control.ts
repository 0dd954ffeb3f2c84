import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { byOf, runIdOf, type Cli } from './call.js';
import { UsageError } from './command.js';
import { EXIT } from './exit.js';

interface EndOptions {
  by?: string;
  reason?: string;
}

/** `crew cancel`, `stop`, `delete`, `message`. */
export function registerControl(program: Command, cli: Cli): void {
  for (const [verb, summary, description] of [
    ['cancel', 'end a run now', 'Ends a run now: calls in flight are aborted. Finished outputs stay.'],
    [
      'stop',
      'end a run when what runs is finished',
      'Ends a run when its running tasks are finished. Finished outputs stay.',
    ],
  ] as const)
    program
      .command(verb)
      .summary(summary)
      .description(description)
      .argument('<run>', 'the run')
      .option('--by <name>', `who wants it; absent: ${cli.deps.user ?? 'whose key it is'}`)
      .option('--reason <text>', 'why')
      .addHelpText('after', `\nExamples:\n  $ crew ${verb} last --reason "not needed any more"`)
      .action(
        cli.action<EndOptions>(async (call, typed = '') => {
          const { by, reason } = call.options;
          const runId = await runIdOf(call, typed);
          const asked = await call.client.runs[verb](runId, {
            ...byOf(call, by),
            ...(reason !== undefined && { reason }),
          });
          call.print(asked, () => `${runId}: ${asked.status}`);
        }),
      );
  program
    .command('delete')
    .summary('end a run hard')
    .description('Ends a run hard, at once and with no last event: for one that nothing else ends. Its history stays.')
    .argument('<run>', 'the run')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExamples:\n  $ crew delete last --yes')
    .action(
      cli.action<{ yes?: true }>(async (call, typed = '') => {
        const { terminal } = call.deps;
        const runId = await runIdOf(call, typed);
        if (!call.options.yes) {
          if (!terminal.interactive || call.json) throw new UsageError('Add --yes: nobody can be asked here');
          const { input, output } = terminal;
          const sure = await confirm({ input, output, message: `End the run ${runId} hard?`, initialValue: false });
          if (isCancel(sure) || !sure) return EXIT.failed;
        }
        await call.client.runs.delete(runId);
        call.print({ runId, status: 'terminated' }, () => `${runId}: terminated`);
        return EXIT.ok;
      }),
    );
  program
    .command('message')
    .summary('say something to a running crew')
    .description('Says something to a running crew: its agents are told with their next model calls.')
    .argument('<run>', 'the run')
    .argument('<text>', 'what they shall know; - for standard input')
    .option('--agent <agent>', 'the key of the agent; absent: all of them')
    .option('--by <name>', `who says it; absent: ${cli.deps.user ?? 'whose key it is'}`)
    .addHelpText('after', '\nExamples:\n  $ crew message last "The release was moved to May." --agent writer')
    .action(
      cli.action<{ agent?: string; by?: string }>(async (call, typed = '', words = '') => {
        const { agent, by } = call.options;
        const text = words === '-' ? (await call.deps.readText('-')).trim() : words;
        const runId = await runIdOf(call, typed);
        const sent = await call.client.runs.message(runId, {
          text,
          ...byOf(call, by),
          ...(agent !== undefined && { agent }),
        });
        call.print(sent, () => `Told to ${agent ?? 'every agent'} with the next call`);
      }),
    );
}
