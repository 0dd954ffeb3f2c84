import { Option, type Command } from 'commander';
import type { CrewSummary, RunRow } from '../client/index.js';
import { runIdOf, several, wholeNumber, type Call, type Cli } from './call.js';
import { CliError } from './command.js';
import { followToEnd, showEnd } from './follow-run.js';
import { askMissing, inputsOf, type InputOptions } from './inputs.js';

/** How a command that starts a run goes on. */
export interface StartedOptions {
  detach?: true;
  wait?: true;
  deltas?: true;
  ask?: boolean;
}

interface RunOptions extends StartedOptions, InputOptions {
  label?: string;
  startAfter?: string;
  thread?: string;
  onBusy?: 'reject' | 'enqueue' | 'cancelPrevious';
  webhook?: string[];
}

interface WatchOptions {
  after?: number;
  deltas?: true;
  ask?: boolean;
}

const RUN_EXAMPLES = `
Examples:
  $ crew run research-summary -i topic="honey bees"
  $ crew run crews/extraction.yaml --input-file inputs.json --json
  $ crew run research-summary -i topic=@topic.txt --detach
Ctrl-C leaves the run alone, and says how to watch it again.`;

/** `crew run`, `crew watch`. */
export function registerRun(program: Command, cli: Cli): void {
  const run = program
    .command('run')
    .summary('start a run, and watch it')
    .description('Starts a run of a crew, and watches it; on a terminal asks for its approvals right there.')
    .argument('<crew>', 'a crew by name, name@version, or a file, which is stored as a new version of its crew')
    .option('-i, --input <key=value>', 'an input; @FILE for what a file holds, @- for standard input', several)
    .option('--input-file <file>', 'inputs as JSON or YAML; - for standard input')
    .option('--label <text>', 'your own word for the run')
    .option('--start-after <time>', 'not before this time (ISO 8601)')
    .option('--thread <name>', 'runs of one thread go one after the other')
    .addOption(
      new Option('--on-busy <what>', 'what to do where the thread is busy').choices([
        'reject',
        'enqueue',
        'cancelPrevious',
      ]),
    )
    .option('--webhook <id>', 'an endpoint that hears of the run, beside those that hear of every run', several);
  withStarted(run)
    .addHelpText('after', RUN_EXAMPLES)
    .action(
      cli.action<RunOptions>(async (call, named = '') => {
        const { options, deps, client } = call;
        const { ref, declared } = await crewFor(call, named);
        const inputs = await inputsOf(call, options, declared);
        if (deps.terminal.interactive && !call.json) await askMissing(call, inputs, declared);
        const { label, startAfter, thread, onBusy, webhook } = options;
        const row = await client.runs.start({
          crew: ref,
          inputs,
          ...(label !== undefined && { label }),
          ...(startAfter !== undefined && { startAfter }),
          ...(thread !== undefined && { thread }),
          ...(onBusy !== undefined && { onBusy }),
          ...(webhook && { webhooks: webhook }),
        });
        return started(call, row, options);
      }),
    );
  program
    .command('watch')
    .summary('watch a run')
    .description('Watches a run to its end, also one that has ended; --json: every event as a line of JSON.')
    .argument('<run>', 'the run')
    .option('--after <seq>', 'only events after this one', wholeNumber)
    .option('--deltas', 'also answers while they are written')
    .option('--no-ask', 'ask for no approvals')
    .addHelpText('after', '\nExamples:\n  $ crew watch last --deltas\n  $ crew watch last --json | jq .type')
    .action(
      cli.action<WatchOptions>(async (call, typed = '') => {
        const { after, deltas, ask } = call.options;
        const ended = await followToEnd(call as unknown as Call, await runIdOf(call, typed), {
          ...(after !== undefined && { after }),
          ...(deltas && { deltas }),
          ...(ask !== undefined && { ask }),
          lines: call.json,
        });
        return call.json ? exitFor(ended.status) : showEnd(call as unknown as Call, ended);
      }),
    );
}

/** The options of commands that start a run. */
export function withStarted(command: Command): Command {
  return command
    .option('-d, --detach', 'do not wait: print the id of the run')
    .option('--wait', 'wait with no view')
    .option('--deltas', 'also show answers while they are written')
    .option('--no-ask', 'ask for no approvals');
}

/** What follows on a start: the id, or the run to its end. */
export async function started<O extends StartedOptions>(given: Call<O>, row: RunRow, options: O): Promise<number> {
  const call = given as unknown as Call;
  if (options.detach) {
    call.print(row, () => row.runId);
    if (!call.json) call.say(call.errColours.dim(`Watch it: crew watch ${row.runId}`));
    return 0;
  }
  const { wait, deltas, ask } = options;
  const ended = await followToEnd(call, row.runId, {
    ...(wait && { quiet: true, ask: false }),
    ...(deltas && { deltas }),
    ...(ask === false && { ask }),
    ...(call.json && { quiet: true }),
  });
  return showEnd(call, ended);
}

/** The crew that was named, or stored from a file, and the inputs that it takes. */
async function crewFor(
  { client, deps }: Pick<Call, 'client' | 'deps'>,
  named: string,
): Promise<{ ref: string; declared: CrewSummary['inputs'] }> {
  if (!/[/\\]|\.(ya?ml|json)$/.test(named)) return { ref: named, declared: (await client.crews.get(named)).inputs };
  const { crews, problems } = deps.readCrews(named);
  if (problems.length > 0) throw new CliError(problems.join('\n'));
  const [crew, ...more] = crews;
  if (!crew || more.length > 0) throw new CliError(`${named}: expected one crew`);
  const stored = await client.crews.put(crew.definition.name, { yaml: await deps.readText(named) });
  return { ref: `${stored.name}@${stored.digest.slice(0, 12)}`, declared: stored.inputs };
}

function exitFor(status: string): number {
  return status === 'completed' ? 0 : 1;
}
