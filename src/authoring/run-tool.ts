import { isToolCallError, ToolCallError } from '../contract/tool-error.js';
import { parseArguments } from './arguments.js';
import type { Tool, ToolContext } from './define.js';
import { resultText } from './result.js';
import { within } from './within.js';

/** Longest message of a failed call, in characters: it goes to the model. */
const MAX_MESSAGE_CHARS = 2_000;

/**
 * Calls a tool once: checks the arguments, bounds the time, makes a text of the result.
 * @throws ToolCallError, and the signal's reason where it fired
 */
export async function runTool(tool: Tool, args: unknown, context: ToolContext): Promise<string> {
  return inTime(tool.name, context, async (signal) => {
    const input = await parseArguments(tool, args);
    const value: unknown = await tool.run(input, { ...context, signal });
    if (value === undefined) {
      throw new ToolCallError('failed', `The tool ${tool.name} gave nothing: it must return a text or a JSON value`);
    }
    return resultText(tool.name, value);
  });
}

/**
 * Waits for the work of a tool within its time, and speaks of its failures as the port does.
 * @throws ToolCallError, and the signal's reason where it fired
 */
export async function inTime<T>(
  name: string,
  bound: { signal: AbortSignal; timeoutMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = () => new ToolCallError('timed_out', `The tool ${name} did not answer within ${bound.timeoutMs} ms`);
  try {
    return await within(bound, work, late);
  } catch (error) {
    if (bound.signal.aborted || isToolCallError(error)) throw error;
    throw new ToolCallError('failed', messageOf(error), { cause: error });
  }
}

/** What an error says, for a model: with its cause, where `fetch` and its like hide what happened; without a stack. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return clip(String(error)) || 'It failed without saying why';
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : '';
  return clip(`${error.message}${cause}`) || error.name;
}

function clip(text: string): string {
  return text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS)}…`;
}
