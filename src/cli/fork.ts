import { Option, type Command } from 'commander';
import type { RetryRequest } from '../client/index.js';
import { pairsOf, runIdOf, several, type Call, type Cli } from './call.js';
import { UsageError } from './command.js';
import { inputsOf, type InputOptions } from './inputs.js';
import { started, withStarted, type StartedOptions } from './run.js';

interface Options extends StartedOptions, InputOptions {
  from?: string;
  edit?: string[];
  set?: string[];
  label?: string;
  webhook?: string[];
  webhooks?: boolean;
}

/** `crew fork`, `crew retry`. */
export function registerFork(program: Command, cli: Cli): void {
  const fork = program
    .command('fork')
    .summary('run again from a task')
    .description(
      'Starts a new run that keeps every output of this one but that of a task and of those that read it. Nothing that is kept is paid for again.',
    )
    .argument('<run>', 'the run')
    .requiredOption('--from <task>', 'the task that is done again');
  more(fork)
    .addHelpText(
      'after',
      '\nExamples:\n  $ crew fork last --from summarize --set agents.summarizer.goal="Write one sentence."\n  $ crew fork last --from summarize --edit research=@notes.md',
    )
    .action(
      cli.action<Options>(async (call, typed = '') => {
        const runId = await runIdOf(call, typed);
        const fromTask = call.options.from ?? '';
        return started(
          call,
          await call.client.runs.fork(runId, { fromTask, ...(await changes(call, runId)) }),
          call.options,
        );
      }),
    );
  more(
    program
      .command('retry')
      .summary('run again from the first task that failed')
      .description('Starts a new run that keeps what this one finished, and begins with the first task that failed.')
      .argument('<run>', 'the run'),
  )
    .addHelpText('after', '\nExamples:\n  $ crew retry last')
    .action(
      cli.action<Options>(async (call, typed = '') => {
        const runId = await runIdOf(call, typed);
        return started(call, await call.client.runs.retry(runId, await changes(call, runId)), call.options);
      }),
    );
}

function more(command: Command): Command {
  return withStarted(
    command
      .option('-i, --input <key=value>', "instead of the run's", several)
      .option('--input-file <file>', 'inputs as JSON or YAML; - for standard input')
      .option('--set <path=value>', 'change the definition: agents.KEY.…, tasks.KEY.…, budget.…', several)
      .option('--edit <task=text>', 'keep an output otherwise than it was; @FILE for what a file holds', several)
      .option('--label <text>', 'your own word for the new run')
      .option('--webhook <id>', "an endpoint that hears of the new run, instead of the run's", several)
      .addOption(new Option('--no-webhooks', "tell none of the run's endpoints").conflicts('webhook')),
  );
}

async function changes(call: Call<Options>, runId: string): Promise<RetryRequest> {
  const { options, deps, client } = call;
  const { edit = [], set = [], label, webhook, webhooks } = options;
  const given = options.input !== undefined || options.inputFile !== undefined;
  const declared = given ? (await client.crews.get((await client.runs.get(runId)).crew.name)).inputs : {};
  const inputs = given ? await inputsOf(call, options, declared) : undefined;
  return {
    ...(inputs && { inputs }),
    ...(edit.length > 0 && { edits: await pairsOf(edit, deps, '--edit') }),
    ...(set.length > 0 && { overrides: overridesOf(set) }),
    ...(label !== undefined && { label }),
    ...(webhooks === false ? { webhooks: [] } : webhook && { webhooks: webhook }),
  };
}

/** `agents.writer.goal=Shorter` as a merge patch; a value is JSON where it is some, else a text. */
function overridesOf(words: readonly string[]): NonNullable<RetryRequest['overrides']> {
  const patch: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const path = word.slice(0, Math.max(0, at)).split('.');
    if (at < 1 || path.includes('') || !['agents', 'tasks', 'budget'].includes(path[0] ?? ''))
      throw new UsageError(`--set ${word}: expected agents.KEY.…=value, tasks.KEY.…=value or budget.…=value`);
    let place = patch;
    for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as Record<string, unknown>;
    place[path.at(-1) ?? ''] = valueOf(word.slice(at + 1));
  }
  return patch;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
