import type { Terminal } from './terminal.mjs';

/** An install that failed, in words for people. */
export class InstallError extends Error {}

/** Makes a folder's node_modules what its package-lock.json says, only when it is not so already. Throws `InstallError`. */
export function ensureInstalled(options: {
  /** The folder with package.json and package-lock.json. */
  dir: string;
  /** Names the step on the terminal. */
  label: string;
  /** What is downloaded and how big it is, for people. */
  size: string;
  terminal: Terminal;
  /** Held while installing. */
  lockFile: string;
  signal?: AbortSignal | undefined;
}): Promise<{ installed: boolean }>;

/** The npm of this Node as a command and its first arguments. */
export function npmCommand(): [string, ...string[]];

/** The environment for another npm than the one that started us. */
export function npmEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
