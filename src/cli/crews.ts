import type { Command } from 'commander';
import type { Cli } from './call.js';
import { oneLine, table } from './text.js';

/** `crew crews`. */
export function registerCrews(program: Command, cli: Cli): void {
  program
    .command('crews')
    .summary('list the crews that can be run, or show one')
    .description('Lists the crews that can be run and the inputs they take; with a name, the definition of one.')
    .argument('[crew]', 'a crew by name, or name@version')
    .addHelpText('after', '\nExamples:\n  $ crew crews\n  $ crew crews research-summary')
    .action(
      cli.action(async ({ client, deps, print, colours }, name) => {
        if (name !== undefined) {
          const crew = await client.crews.get(name);
          return print(crew, () =>
            deps.toYaml(crew.definition, `${crew.name}@${crew.version}, from the ${crew.source}`),
          );
        }
        const crews = await client.crews.list();
        print({ crews }, () =>
          table(
            ['CREW', 'VERSION', 'INPUTS', 'ABOUT'],
            crews.map((crew) => [crew.name, crew.version, inputsOf(crew.inputs), oneLine(crew.description ?? '', 80)]),
            colours.bold,
          ),
        );
      }),
    );
}

function inputsOf(inputs: Record<string, { required: boolean; default?: unknown }>): string {
  return Object.entries(inputs)
    .map(([name, { required, default: preset }]) => (required && preset === undefined ? name : `[${name}]`))
    .join(' ');
}
