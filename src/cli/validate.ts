import type { Command } from 'commander';
import { explainCrew } from '../crew/explain.js';
import { explainText } from '../crew/explain-text.js';
import type { Cli } from './call.js';

/** `crew validate`. */
export function registerValidate(program: Command, cli: Cli): void {
  program
    .command('validate')
    .summary('check crew definitions and explain them')
    .description(
      'Checks crew definitions: mistakes with file, line, path and what was meant; and for what is valid, in which order and beside what its tasks run, what it needs, and how many model calls it can make at most.',
    )
    .argument('<path>', 'a crew file, or a folder of them')
    .addHelpText('after', '\nExamples:\n  $ crew validate crews\n  $ crew validate crews/newsroom.yaml --json')
    .action(
      cli.action(({ deps, print, json }, path = '') => {
        const { crews, problems } = deps.readCrews(path);
        const explained = crews.map(({ file, definition }) => ({ file, explanation: explainCrew(definition) }));
        print({ valid: problems.length === 0, problems, crews: explained }, () =>
          explained.map(({ file, explanation }) => `${file}\n${explainText(explanation)}\n`).join(''),
        );
        if (!json && problems.length > 0) deps.err(`${problems.join('\n')}\n`);
        return problems.length === 0 ? 0 : 1;
      }),
    );
}
