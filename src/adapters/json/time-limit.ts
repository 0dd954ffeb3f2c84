import { createContext, Script } from 'node:vm';

const context = createContext({ run: undefined });
const script = new Script('run()');

/** The work took longer than its time. */
export class TimeLimitError extends Error {}

/**
 * Runs synchronous work that may take for ever (a pattern that backtracks, a schema that multiplies) and ends it after
 * `timeoutMs`. V8 ends whatever is running, not only what was compiled in the context.
 * @throws TimeLimitError, and what the work throws
 */
export function withTimeLimit<T>(timeoutMs: number, work: () => T): T {
  context['run'] = work;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TimeLimitError(`took longer than ${timeoutMs} ms`);
  } finally {
    context['run'] = undefined;
  }
}
