import { parseArgs } from 'node:util';
import { reportText } from '../crew/import-report.js';
import { CliError, UsageError, type Command, type ImportedCrew } from './command.js';

const USAGE = `crew import DIR [--out FILE|FOLDER] [--name NAME] [--crew FOLDER] [--json] [--force]

Makes crew definitions of a CrewAI project: agents.yaml and tasks.yaml wherever they lie in DIR, or crew.jsonc with
agents/*.jsonc. Says what it took, what means nothing here, and what is left to set.

  --out FILE|FOLDER  where to write; absent: NAME.yaml in this folder
  --name NAME        what the crew is called
  --crew FOLDER      which one, where the project has several
  --json             the definitions and reports as JSON on standard output, and no file
  --force            replaces files that are there`;

export const importCommand: Command = {
  summary: 'make a crew of a CrewAI project',
  usage: USAGE,
  run(args, deps) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        name: { type: 'string' },
        crew: { type: 'string' },
        json: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
      },
    });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new UsageError('Expected one folder');
    if (!deps.isFolder(folder)) throw new CliError(`${folder}: no such folder`);
    const all = deps.importProject(folder, values.name);
    const crews = values.crew === undefined ? all : all.filter((crew) => crew.folder === values.crew);
    if (crews.length === 0) throw new CliError(notFound(folder, all));
    if (values.json) {
      deps.out(
        `${JSON.stringify(
          crews.map(({ document, report, problems }) => ({ document, report, problems })),
          null,
          2,
        )}\n`,
      );
      return crews.every(({ problems }) => problems.length === 0) ? 0 : 1;
    }
    return Math.max(
      ...crews.map((crew) =>
        writeOne(crew, targetOf(crew, values.out, crews.length, deps.isFolder), values.force, deps),
      ),
    );
  },
};

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

function writeOne(crew: ImportedCrew, file: string, force: boolean, deps: Parameters<Command['run']>[1]): number {
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
