import { CliError, UsageError, type CliDeps, type Command } from './command.js';
import { importCommand } from './import.js';
import { replayCommand } from './replay.js';
import { validateCommand } from './validate.js';

/** The commands by name; later ones (run, watch, approve) find their place here. */
const COMMANDS = new Map<string, Command>([
  ['import', importCommand],
  ['replay', replayCommand],
  ['validate', validateCommand],
]);

/** Runs `crew` with these arguments. Resolves to the exit code: 0 done, 1 not, 2 the call's words are off. */
export async function main([name, ...args]: string[], deps: CliDeps): Promise<number> {
  if (name === '--version') {
    deps.out(`${deps.version}\n`);
    return 0;
  }
  const command = COMMANDS.get(name ?? '');
  if (!command) {
    const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
    (asked ? deps.out : deps.err)(`${asked ? '' : `There is no command '${name}'.\n`}${overview()}\n`);
    return asked ? 0 : 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    deps.out(`${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(args, deps);
  } catch (error) {
    if (error instanceof CliError) {
      deps.err(`${error.message}\n`);
      return 1;
    }
    const code = (error as { code?: unknown }).code;
    if (error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))) {
      deps.err(`${(error as Error).message}\n\n${command.usage}\n`);
      return 2;
    }
    throw error;
  }
}

function overview(): string {
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return ['Usage: crew COMMAND [ARGUMENT…]', '', ...lines, '', 'crew COMMAND --help says more. crew --version'].join(
    '\n',
  );
}
