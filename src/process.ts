import { setMaxListeners } from 'node:events';
import { ConfigError } from './config.js';
import { CrewFileError } from './adapters/crew-files.js';
import { KafkaSetupError } from './adapters/kafka/client.js';
import { McpConfigError } from './adapters/mcp/config.js';
import { ModelsFileError } from './adapters/models/file.js';
import { SecretsFileError } from './adapters/secrets/config.js';
import { ToolSetupError } from './adapters/tools/extensions.js';

/**
 * Fires once when this process shall stop: on SIGTERM or SIGINT, and when the parent that supervises it is gone, so
 * that no orphan stays behind a killed parent.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  // Every reader and every call that waits listens to it: many are no leak.
  setMaxListeners(0, stop.signal);
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => stop.abort());
  // A parent that went while this process was still loading has said so already, to nobody.
  if (process.connected === false) stop.abort();
  return stop.signal;
}

/** Tells the supervising parent, if there is one, that this process serves. */
export function tellReady(port?: number): void {
  process.send?.({ type: 'ready', ...(port !== undefined && { port }) });
}

/** Runs a process to its end: exit code 0, or 1 with a message for people where it could not work. */
export async function runProcess(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    const readable = READABLE.some((kind) => error instanceof kind);
    process.stderr.write(`${error instanceof Error ? (readable ? error.message : error.stack) : String(error)}\n`);
    process.exit(1);
  }
}

/** Why a process cannot start, in words for people. */
export class StartError extends Error {}

/** Errors whose message is all that people need: no stack. */
const READABLE = [
  ConfigError,
  CrewFileError,
  KafkaSetupError,
  McpConfigError,
  ModelsFileError,
  SecretsFileError,
  StartError,
  ToolSetupError,
];
