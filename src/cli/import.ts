import type { Command } from 'commander';
import { reportText } from '../crew/import-report.js';
import type { Cli } from './call.js';
import { CliError, UsageError, type CliDeps, type ImportedCrew } from './command.js';

const ABOUT = `Makes crew definitions of a CrewAI project: agents.yaml and tasks.yaml wherever they lie in the folder, or crew.jsonc with
agents/*.jsonc. Says what it took, what means nothing here, and what is left to set. With --json the definitions and reports go to
standard output, and no file is written.`;

interface Options {
  out?: string;
  name?: string;
  crew?: string;
  force?: true;
}

/** `crew import`. */
export function registerImport(program: Command, cli: Cli): void {
  program
    .command('import')
    .summary('make a crew of a CrewAI project')
    .description(ABOUT)
    .argument('<folder>', 'the project')
    .option('--out <path>', 'the file or folder to write to; absent: NAME.yaml in this folder')
    .option('--name <name>', 'what the crew is called')
    .option('--crew <folder>', 'which one, where the project has several')
    .option('--force', 'replace files that are there')
    .addHelpText('after', '\nExamples:\n  $ crew import ../my-crewai-project\n  $ crew import . --out crews --force')
    .action(
      cli.action<Options>(({ deps, options, json }, folder = '') => {
        if (!deps.isFolder(folder)) throw new CliError(`${folder}: no such folder`);
        const all = deps.importProject(folder, options.name);
        const crews = options.crew === undefined ? all : all.filter((crew) => crew.folder === options.crew);
        if (crews.length === 0) throw new CliError(notFound(folder, all));
        if (json) {
          const found = crews.map(({ document, report, problems }) => ({ document, report, problems }));
          deps.out(`${JSON.stringify(found, null, 2)}\n`);
          return crews.every(({ problems }) => problems.length === 0) ? 0 : 1;
        }
        return Math.max(
          ...crews.map((crew) =>
            writeOne(crew, targetOf(crew, options.out, crews.length, deps.isFolder), options.force === true, deps),
          ),
        );
      }),
    );
}

function notFound(folder: string, all: readonly ImportedCrew[]): string {
  if (all.length > 0) return `No crew of that name. There are: ${all.map((crew) => crew.folder).join(', ')}`;
  return `${folder}: no CrewAI crew found: expected agents.yaml and tasks.yaml in one folder, or crew.jsonc`;
}

function targetOf(
  { document }: ImportedCrew,
  out: string | undefined,
  count: number,
  isFolder: (path: string) => boolean,
): string {
  const file = `${String(document['name'])}.yaml`;
  if (out === undefined) return file;
  if (isFolder(out)) return `${out.replace(/\/$/, '')}/${file}`;
  if (count > 1) throw new UsageError('Several crews: --out must be a folder that is there');
  return out;
}

function writeOne(crew: ImportedCrew, file: string, force: boolean, deps: CliDeps): number {
  const { document, report, problems, folder } = crew;
  if (!deps.write(file, deps.toYaml(document, `Imported from the CrewAI crew '${folder}'.`), force)) {
    deps.err(`${file} is there already: use --force to replace it, or --out for another place.\n`);
    return 1;
  }
  deps.out(`${file}\n${reportText(report)}\n`);
  if (problems.length === 0) {
    deps.out(`The definition is valid. Put it into CREWS_DIR, or see what it does: crew validate ${file}\n`);
    return 0;
  }
  deps.err(`The definition is not valid yet:\n${problems.map((line) => `  ${line}`).join('\n')}\n`);
  return 1;
}
