import { fileURLToPath } from 'node:url';

/**
 * File of a module of ours that is handed to somebody else to load, as Temporal's bundler does. `from`: the caller's `import.meta.url`;
 * `name`: relative to it, without extension, which is that of the sources or of what is built of them, whichever runs.
 */
export function modulePath(from: string, name: string): string {
  return fileURLToPath(new URL(`${name}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from));
}
