import { ModelCallError } from '../../contract/model-error.js';
import { streamError } from './errors.js';
import { isObject } from '../../crew/is-object.js';

/**
 * The chunks of a stream in the one shape that LangChain reads without losing anything: every choice with a delta, every
 * delta of an assistant, tool calls as a list with arguments as text, contents as text. Endpoints leave out what they like.
 * `onUsage` hears of usage when it comes: LangChain keeps it until the end, which an answer that breaks off does not have.
 * @throws ModelCallError for an error that comes in place of a chunk
 */
export async function* tolerant(
  chunks: AsyncIterable<unknown>,
  onUsage: (usage: Record<string, unknown>) => void,
): AsyncGenerator<unknown> {
  for await (const chunk of chunks) {
    if (!isObject(chunk)) throw new ModelCallError('bad_response', 'a part of the stream is no object');
    const error = errorIn(chunk);
    if (isObject(chunk['usage'])) onUsage(chunk['usage']);
    if (error !== undefined) throw streamError(error);
    const [choice] = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    yield isObject(choice) ? { ...chunk, choices: [mendChoice(choice)] } : { ...chunk, choices: [] };
  }
}

/** Errors come as `error`, and from some servers as the chunk itself. */
function errorIn(chunk: Record<string, unknown>): unknown {
  if (chunk['error'] !== undefined && chunk['error'] !== null) return chunk['error'];
  const isError = chunk['object'] === 'error' || chunk['type'] === 'error';
  if (isError || (chunk['choices'] === undefined && typeof chunk['message'] === 'string')) return chunk;
  const [choice] = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
  return isObject(choice) && isObject(choice['error']) ? choice['error'] : undefined;
}

/** `message`: from servers that answer a request for a stream in one piece. */
function mendChoice(choice: Record<string, unknown>): Record<string, unknown> {
  const said = [choice['delta'], choice['message']].find(isObject) ?? {};
  const calls = said['tool_calls'];
  const toolCalls = (Array.isArray(calls) ? (calls as unknown[]) : isObject(calls) ? [calls] : []).filter(isObject);
  return {
    ...choice,
    index: 0,
    delta: {
      role: 'assistant',
      content: textOf(said['content']),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(mendCall) }),
    },
  };
}

function mendCall(call: Record<string, unknown>): Record<string, unknown> {
  const { id, index } = call;
  return {
    ...(typeof id === 'string' && { id }),
    ...(typeof index === 'number' && { index }),
    function: isObject(call['function']) ? mendFunction(call['function']) : {},
  };
}

function mendFunction(said: Record<string, unknown>): Record<string, unknown> {
  const { name, arguments: args = null } = said;
  return {
    ...(typeof name === 'string' && { name }),
    ...(args !== null && { arguments: typeof args === 'string' ? args : JSON.stringify(args) }),
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
