import { pino } from 'pino';
import type { Logger } from '../ports.js';

/** One JSON line an event, on standard output. `part` says which process speaks. */
export function createLogger(part: 'gateway' | 'worker', level: string): Logger {
  return pino({ level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime });
}
