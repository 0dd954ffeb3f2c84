import { existsSync, readFileSync } from 'node:fs';
import { issuesOf } from '../../crew/issues.js';
import { readYaml } from '../yaml-issues.js';
import { modelsFileSchema, type ModelsFile } from './file-schema.js';

/** A models file that cannot be used: every line says file, place, path and what was expected. */
export class ModelsFileError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ModelsFileError';
  }
}

/** Where models are looked for when nothing is said. */
const DEFAULT_FILE = 'models.yaml';
/** What `MODELS_CONFIG` is set to where no file shall be read. */
const NO_FILE = 'none';

/**
 * Reads the models file. `setting`: what `MODELS_CONFIG` says; absent: `models.yaml` where there is one; `none`: no file.
 * @throws ModelsFileError that names everything wrong; what a file holds in place of a variable's name is never said back
 */
export function readModelsFile(setting: string | undefined): ModelsFile | undefined {
  if (setting === NO_FILE) return undefined;
  const file = setting ?? DEFAULT_FILE;
  if (setting === undefined && !existsSync(file)) return undefined;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new ModelsFileError([
      `${file}: this file of models cannot be read (${code}); set MODELS_CONFIG to one that can, or to ${NO_FILE}`,
    ]);
  }
  return parseModelsFile(file, bytes);
}

/**
 * Parses a models file (YAML 1.2, of which JSON is a part).
 * @throws ModelsFileError with one line a problem: `models.yaml:7:5 models.fast.rpm: Expected …`
 */
export function parseModelsFile(file: string, bytes: Uint8Array): ModelsFile {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) throw new ModelsFileError(yaml.problems);
  const parsed = modelsFileSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data;
  throw new ModelsFileError(issuesOf(parsed.error).map((issue) => yaml.describe(issue)));
}
