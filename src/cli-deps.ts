import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CrewFileError, parseCrewFile } from './adapters/crew-files.js';
import { CrewAiReadError, importProject } from './adapters/crewai/index.js';
import { CliError, type CliDeps } from './cli/command.js';
import { editorOf, onInterrupt, readText, serviceOf, stackOf, terminalOf, userOf } from './cli-host.js';
import { formatPath } from './crew/issues.js';
import { parseCrew } from './crew/validate.js';

/** What the command `crew` needs of the outside. */
export function cliDeps(env: NodeJS.ProcessEnv): CliDeps {
  return {
    importProject(folder, name) {
      try {
        return importProject(folder, {}, name).map(({ folder: crew, document, report }) => {
          const parsed = parseCrew(document);
          const problems = parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${formatPath(path)}: ${message}`);
          return { folder: crew, document, report, problems };
        });
      } catch (error) {
        if (error instanceof CrewAiReadError) throw new CliError(error.message);
        throw error;
      }
    },
    readCrews(path) {
      const files = isFolder(path) ? yamlFiles(path) : [path];
      if (files.length === 0) throw new CliError(`${path}: no *.yaml files there`);
      const crews: ReturnType<CliDeps['readCrews']>['crews'] = [];
      const problems: string[] = [];
      for (const file of files) {
        try {
          crews.push({ file, definition: parseCrewFile(file, read(file)).definition });
        } catch (error) {
          if (!(error instanceof CrewFileError)) throw error;
          problems.push(error.message);
        }
      }
      return { crews, problems };
    },
    toYaml: (document, comment) => `# ${comment}\n${stringify(document, { lineWidth: 120, blockQuote: 'folded' })}`,
    write(file, text, replace) {
      if (existsSync(file) && !replace) return false;
      try {
        writeFileSync(file, text);
        return true;
      } catch (error) {
        throw new CliError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
      }
    },
    isFolder,
    async *replay(targets, tenant) {
      // Temporal's worker is loaded for this command alone: it takes a second.
      const { replayTargets, ReplayError } = await import('./replay.js');
      try {
        yield* replayTargets(targets, env, tenant);
      } catch (error) {
        if (error instanceof ReplayError) throw new CliError(error.message);
        throw error;
      }
    },
    readText,
    parseYaml(text, of) {
      try {
        return parse(text) as unknown;
      } catch (error) {
        throw new CliError(`${of}: ${error instanceof Error ? error.message : 'cannot be read'}`);
      }
    },
    edit: editorOf(env),
    async *checks() {
      // Temporal's client and Postgres's are loaded for this command alone.
      const { checkFromHere } = await import('./doctor.js');
      yield* checkFromHere(env, env['CREW_URL'] ? undefined : stackOf(env));
    },
    async bootstrapKey(key) {
      // Postgres's client is loaded for this command alone.
      const { bootstrapKey } = await import('./bootstrap-key.js');
      return bootstrapKey(env['DATABASE_URL'] || stackOf(env)?.store, key);
    },
    service: { ...serviceOf(env), ...(env['CREW_API_KEY'] && { apiKey: env['CREW_API_KEY'] }) },
    // With a key, the service knows who calls.
    ...(!env['CREW_API_KEY'] && { user: userOf(env) }),
    terminal: terminalOf(env),
    onInterrupt,
    version: (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
      .version,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(basename(name)))
    .sort()
    .map((name) => join(folder, name));
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new CliError(`${file}: cannot be read`);
  }
}
