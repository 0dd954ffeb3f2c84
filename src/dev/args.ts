import { parseArgs } from 'node:util';

/** What the command line of `npm start` asks for. */
export interface DevArgs {
  /** Stop after the first run. */
  once: boolean;
  /** What the first run is about. */
  topic: string;
  help: boolean;
}

/** A command line that cannot be understood; the message is for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_TOPIC = 'the history of tea';

export const USAGE = `Usage: npm start -- [options]

Starts a Temporal server, a model, a worker and the HTTP gateway, runs the crew research-summary once and stays up.

  --topic TEXT   what the first run is about (default: "${DEFAULT_TOPIC}")
  --once         stop after the first run; exit code 0 if it completed, 1 if not
  --help         show this

Settings come from the environment or from the file .env (see .env.example):
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL   another model than the local demo model
  MODEL_SCRIPT      a file of scripted answers instead of a model
  TEMPORAL_ADDRESS  a Temporal server that runs elsewhere
  TEMPORAL_CLI      the Temporal CLI to start the server with
  PORT              the gateway's port (8000)
  TEMPORAL_PORT, TEMPORAL_UI_PORT, LOCAL_MODEL_PORT   the other ports (7233, 8233, 8099)
  AOS_DATA_DIR      where runs and logs are kept (.data)
  NO_COLOR          plain output`;

/** @throws UsageError that says which argument is wrong */
export function parseDevArgs(args: readonly string[]): DevArgs {
  const { once = false, topic = DEFAULT_TOPIC, help = false } = parse(args);
  if (topic.trim() === '') throw new UsageError('--topic needs a text, for example --topic "solar power".');
  return { once, topic: topic.trim(), help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: { once: { type: 'boolean' }, topic: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    throw new UsageError(explain(error as NodeJS.ErrnoException));
  }
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `Unknown option ${quoted}.`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return `Unexpected argument "${quoted}". A topic of several words goes in quotes: --topic "solar power".`;
  }
  return message.replace(/^Option /, '').replace(/\.$/, '') + '.';
}
