import { format } from 'node:util';
import { diag, DiagLogLevel, isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, type DestinationStream } from 'pino';
import type { Logger } from '../ports.js';
import { redactFields, redactText } from './redact.js';

/**
 * One JSON line an event, on standard output, with the ids of the trace that it is part of, and without secrets. `part` says which
 * process speaks. `destination`: somewhere else, for tests.
 */
export function createLogger(
  part: 'gateway' | 'worker' | 'intake',
  level: string,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { part },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceIds,
    formatters: { level: (label: string) => ({ level: label }), log: redactFields },
    // Errors are objects by then.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: redactText },
  };
  return pino(options, destination ?? standardOutput());
}

/** What is longer is written at once. */
const MOST_CHARS = 65_536;

let output: DestinationStream | undefined;

/**
 * Standard output of this process, written to once a turn of the event loop: a line each would be a call of the system each, while somebody
 * waits for an answer. A process that ends by itself leaves nothing unwritten; one that is killed, what it said in its last turn.
 */
function standardOutput(): DestinationStream {
  output ??= perTurn(pino.destination({ dest: 1, sync: true }));
  return output;
}

function perTurn(destination: DestinationStream): DestinationStream {
  let lines = '';
  let turn: NodeJS.Immediate | undefined;
  const flush = () => {
    clearImmediate(turn);
    turn = undefined;
    const written = lines;
    lines = '';
    if (written !== '') destination.write(written);
  };
  process.on('exit', flush);
  return {
    write: (line) => {
      lines += line;
      if (lines.length > MOST_CHARS) flush();
      else turn ??= setImmediate(flush);
    },
  };
}

function traceIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/**
 * Brings what libraries say by themselves to our logger: LangChain and others by the console, Node.js by warnings, OpenTelemetry by
 * its own way.
 */
export function adoptLibraries(logger: Logger): void {
  const say =
    (level: 'debug' | 'info' | 'warn' | 'error', from: string) =>
    (...said: unknown[]) =>
      logger[level]({ from }, format(...said).slice(0, MAX_CHARS));
  console.debug = say('debug', 'console');
  console.log = say('info', 'console');
  console.info = say('info', 'console');
  console.warn = say('warn', 'console');
  console.error = say('error', 'console');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn({ from: 'node', name: warning.name }, warning.message));
  const otel = 'opentelemetry';
  diag.setLogger(
    {
      verbose: say('debug', otel),
      debug: say('debug', otel),
      info: say('info', otel),
      warn: say('warn', otel),
      error: say('error', otel),
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

const MAX_CHARS = 10_000;
