import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';
import { ServiceError } from '../client/index.js';
import { registerBatch } from './batch.js';
import { Cli } from './call.js';
import { CliError, UsageError, type CliDeps } from './command.js';
import { registerControl } from './control.js';
import { registerCrews } from './crews.js';
import { registerDecide } from './decide.js';
import { registerDoctor } from './doctor.js';
import { EXIT, exitOf } from './exit.js';
import { Interrupted } from './follow-run.js';
import { registerFork } from './fork.js';
import { registerImport } from './import.js';
import { registerInbox } from './inbox.js';
import { registerKey } from './key.js';
import { registerList } from './list.js';
import { registerReplay } from './replay.js';
import { registerRun } from './run.js';
import { registerSchedule } from './schedule.js';
import { registerShow } from './show.js';
import { registerValidate } from './validate.js';
import { registerWebhook } from './webhook.js';

const AFTER = `
Examples:
  $ crew run research-summary -i topic="honey bees"
  $ crew watch last
  $ crew inbox
  $ crew approve last

RUN is the id of a run, or 'last' for the newest one. Messages go to standard error, answers to standard output; with --json as JSON.
Exit codes: 0 done · 1 the run did not complete · 2 usage · 3 not found · 4 refused · 5 not reachable · 130 interrupted.
More: docs/cli.md`;

/** Runs `crew` with these arguments. Resolves to the exit code, one of `EXIT`. */
export async function main(args: readonly string[], deps: CliDeps): Promise<number> {
  const cli = new Cli(deps);
  try {
    const program = programOf(cli);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    return failure(error, deps, args);
  }
}

/** All commands. */
function programOf(cli: Cli): Command {
  const { deps } = cli;
  const program = new Command('crew')
    .description('Starts, watches and steers runs of crews')
    .version(deps.version, '--version')
    .option('--url <url>', `where the service is (CREW_URL; now ${deps.service.url}, from ${deps.service.from})`)
    .option('--json', 'answer in JSON on standard output')
    .addHelpText('after', AFTER)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: deps.out, writeErr: deps.err })
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
  for (const register of [
    registerRun,
    registerList,
    registerShow,
    registerInbox,
    registerDecide,
    registerControl,
    registerFork,
    registerBatch,
    registerSchedule,
    registerWebhook,
    registerKey,
    registerCrews,
    registerValidate,
    registerImport,
    registerReplay,
    registerDoctor,
  ])
    register(program, cli);
  tab(program, { completionCommandName: 'completion' });
  return program;
}

function failure(error: unknown, deps: CliDeps, args: readonly string[]): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof UsageError) {
    deps.err(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof CliError) {
    deps.err(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof ServiceError) {
    const { status, code, message, problem } = error;
    if (args.includes('--json'))
      deps.out(`${JSON.stringify({ error: { status, code, message, ...(problem && { problem }) } }, null, 2)}\n`);
    deps.err(
      `${inWords(
        error,
        deps,
        args.some((arg) => arg.startsWith('--url')),
      )}\n`,
    );
    return exitOf(error);
  }
  throw error;
}

function inWords({ code, message, problem }: ServiceError, { service }: CliDeps, urlGiven: boolean): string {
  const lines = (problem?.errors ?? []).map(({ path, message: what }) => `  ${path}: ${what}`);
  if (code === 'unreachable' && !urlGiven)
    lines.push(
      `The service was looked for at ${service.url} (${service.from}). Start it with 'npm start', or say where it is with --url or CREW_URL; 'crew doctor' says more.`,
    );
  return [message, ...lines].join('\n');
}
