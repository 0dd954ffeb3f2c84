import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ToolCallError } from '../../../contract/tool-error.js';

/** What the connection is made of is not for a model to set. */
const OURS = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'keep-alive',
  'accept-encoding',
  'idempotency-key',
];
const MAX_HEADERS = 50;

/**
 * The headers of a request, names in lower case: what the model gave, but those that are ours.
 * @throws ToolCallError `invalid_arguments`
 */
export function outgoingHeaders(
  given: Record<string, string>,
  ours: { 'content-type'?: string; idempotencyKey?: string },
): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]) => [name.trim().toLowerCase(), value.trim()] as const);
  if (entries.length > MAX_HEADERS) throw wrong(`at most ${MAX_HEADERS} are sent`);
  for (const [name, value] of entries) check(name, value);
  return {
    'user-agent': 'agent-orchestration-service',
    accept: '*/*',
    ...(ours['content-type'] !== undefined && { 'content-type': ours['content-type'] }),
    ...Object.fromEntries(entries.filter(([name]) => !OURS.includes(name) && !/^(proxy|sec)-/.test(name))),
    // Packed answers are read where they come all the same; there is no need to ask for them.
    'accept-encoding': 'identity',
    ...(ours.idempotencyKey !== undefined && { 'idempotency-key': encodeURI(ours.idempotencyKey) }),
  };
}

function check(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw wrong(`'${name.slice(0, 60)}' has a name or a value that HTTP does not allow`);
  }
}

function wrong(problem: string): ToolCallError {
  return new ToolCallError('invalid_arguments', `headers: ${problem}`);
}
