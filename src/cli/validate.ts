import { parseArgs } from 'node:util';
import { explainCrew } from '../crew/explain.js';
import { explainText } from '../crew/explain-text.js';
import { UsageError, type Command } from './command.js';

const USAGE = `crew validate FILE|FOLDER [--json]

Checks crew definitions: mistakes with file, line, path and what was meant; and for what is valid, in which order and beside
what its tasks run, what it needs, and how many model calls it can make at most.`;

export const validateCommand: Command = {
  summary: 'check crew definitions and explain them',
  usage: USAGE,
  run(args, deps) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError('Expected one file or folder');
    const { crews, problems } = deps.readCrews(path);
    const explained = crews.map(({ file, definition }) => ({ file, explanation: explainCrew(definition) }));
    if (values.json) {
      deps.out(`${JSON.stringify({ valid: problems.length === 0, problems, crews: explained }, null, 2)}\n`);
    } else {
      for (const { file, explanation } of explained) deps.out(`${file}\n${explainText(explanation)}\n`);
      if (problems.length > 0) deps.err(`${problems.join('\n')}\n`);
    }
    return problems.length === 0 ? 0 : 1;
  },
};
