import type { Terminal } from './terminal.mjs';

/** Installs what the local model runs on, where it is missing. Throws `InstallError`. */
export function installLocalModel(options: {
  /** The repository's folder. */
  root: string;
  terminal: Terminal;
  signal?: AbortSignal | undefined;
}): Promise<{ installed: boolean }>;
