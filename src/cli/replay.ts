import type { Command } from 'commander';
import type { Replayed } from '../ports.js';
import type { Cli } from './call.js';

const ABOUT = `Replays histories on the workflow code here, and says which of them would go another way, and where. Run it before you deploy
a changed workflow: a run that breaks must stay on the version that it began with. RUN: the id of a run, whose histories are
downloaded from the Temporal that TEMPORAL_ADDRESS (and so on) names. FILE, FOLDER: saved histories, as JSON.`;

const AFTER = `
Examples:
  $ crew replay 6f1c2a90-…             a run
  $ crew replay test/replay/histories  all that are saved there

Exit codes: 0 all go the same way, 1 at least one would break or cannot be had, 2 the call's words are off.`;

/** `crew replay`. */
export function registerReplay(program: Command, cli: Cli): void {
  program
    .command('replay')
    .summary('replay histories on the code here, and say which would break')
    .description(ABOUT)
    .argument('<what...>', 'ids of runs, files, folders')
    .option('--tenant <tenant>', 'whose runs the ids name; absent: default')
    .addHelpText('after', AFTER)
    .action(
      cli.action<{ tenant?: string }>(async ({ deps, json, options }, ...[targets]: unknown[]) => {
        const found: Replayed[] = [];
        for await (const replayed of deps.replay(targets as string[], options.tenant)) {
          found.push(replayed);
          if (!json) deps.out(`${inWords(replayed)}\n`);
        }
        const broken = found.filter((one) => one.broken).length;
        if (json) deps.out(`${JSON.stringify({ ok: broken === 0, histories: found }, null, 2)}\n`);
        else deps.out(`\n${found.length - broken} of ${found.length} histories go the same way on the code here\n`);
        return broken === 0 ? 0 : 1;
      }),
    );
}

function inWords({ source, events, broken }: Replayed): string {
  if (!broken) return `✔ ${source} (${events} events)`;
  const where =
    broken.eventId === undefined ? '' : `\n    at event ${broken.eventId} of ${events}: ${broken.event ?? ''}`;
  return `✖ ${source}${where}\n    ${broken.reason}`;
}
