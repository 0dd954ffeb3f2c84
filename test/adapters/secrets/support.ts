import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecretsFile } from '../../../src/adapters/secrets/config.js';
import { createSecrets, type Secrets } from '../../../src/adapters/secrets/secrets.js';

/** What the secrets of tests are. */
export const TOKEN = 'tok/en+with=signs&"quotes"-4711';
export const OTHER = 'the-other-one-0815';
export const VARIABLES: Record<string, string> = { API_TOKEN: TOKEN, OTHER_TOKEN: OTHER };

/** The secrets of a `secrets.yaml`, as a worker has them. */
export function secretsOf(yaml: string, variables: Record<string, string> = VARIABLES): Secrets {
  return inFile(yaml, (file) => createSecrets(loadSecretsFile(file), (name) => variables[name]));
}

/** What is wrong with a `secrets.yaml`; empty: nothing. */
export function problemsOf(yaml: string, variables: Record<string, string> = VARIABLES): string {
  return inFile(yaml, (file) => {
    try {
      createSecrets(loadSecretsFile(file), (name) => variables[name]);
      return '';
    } catch (error) {
      return (error as Error).message.replaceAll(file, 'secrets.yaml');
    }
  });
}

function inFile<T>(yaml: string, work: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  try {
    const file = join(folder, 'secrets.yaml');
    writeFileSync(file, yaml);
    return work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
