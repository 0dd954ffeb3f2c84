import { existsSync, readFileSync } from 'node:fs';
import { issuesOf } from '../../crew/issues.js';
import { readYaml } from '../yaml-issues.js';
import { secretsFileSchema, type SecretEntry } from './config-schema.js';

/** A file of secrets that cannot be used: every line says file, place, path and what was expected; never a value. */
export class SecretsFileError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'SecretsFileError';
  }
}

/** Where secrets are looked for when nothing is said. */
const DEFAULT_FILE = 'secrets.yaml';
/** What `SECRETS_CONFIG` is set to where no file shall be read. */
const NO_FILE = 'none';

/**
 * What the operator says of secrets: where each comes from and who may get it. `setting`: what `SECRETS_CONFIG` says; absent:
 * `secrets.yaml` where there is one; `none`: no file. No value is looked at.
 * @throws SecretsFileError that names everything wrong
 */
export function loadSecretsFile(setting: string | undefined): Record<string, SecretEntry> {
  if (setting === NO_FILE || (setting === undefined && !existsSync(DEFAULT_FILE))) return {};
  const file = setting ?? DEFAULT_FILE;
  const yaml = readYaml(file, read(file));
  if (!yaml.ok) throw new SecretsFileError(yaml.problems);
  const parsed = secretsFileSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data.secrets;
  throw new SecretsFileError(issuesOf(parsed.error).map(yaml.describe));
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    const hint = `set SECRETS_CONFIG to one that can, or to ${NO_FILE}`;
    throw new SecretsFileError([`${file}: this file of secrets cannot be read (${code}); ${hint}`]);
  }
}
