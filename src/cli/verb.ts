import type { Command } from 'commander';
import type { Call, Cli } from './call.js';

/** Verbs of a noun that are about one thing of it: `crew schedule pause news`. */
interface Noun {
  parent: Command;
  /** The argument's name, and what it is. */
  argument: [name: string, what: string];
  /** An id, for the example. */
  example: string;
  cli: Cli;
}

/** Makes the verbs of a noun. `example`: what stands behind the id. */
export function verbsOf({ parent, argument: [name, what], example: id, cli }: Noun) {
  return <O extends object>(
    verb: string,
    summary: string,
    run: (call: Call<O>, id: string) => Promise<void>,
    example = '',
  ): Command =>
    parent
      .command(verb)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument(`<${name}>`, what)
      .addHelpText('after', `\nExamples:\n  $ crew ${parent.name()} ${verb} ${id}${example}`)
      .action(cli.action<O>((call, given = '') => run(call, given)));
}
