import { ToolCallError } from '../../contract/tool-error.js';
import { HTTP_TOOL } from './config-schema.js';
import { hasReference } from './reference.js';
import type { Secrets, SecretUse } from './secrets.js';

/** Deepest nesting of arguments; also of those that a model wrote to break things. */
const MAX_DEPTH = 100;

/**
 * The arguments of a call with their references replaced, wherever a text stands; keys are left as they are. `http_request`
 * replaces those in its headers itself, when it knows where they go.
 * @throws ToolCallError `refused`, `invalid_arguments`
 */
export function fillArguments(
  secrets: Secrets,
  args: Record<string, unknown>,
  use: SecretUse,
): Record<string, unknown> {
  if (use.tool !== HTTP_TOOL) return filled(secrets, args, use, 0) as Record<string, unknown>;
  const { headers, ...rest } = args;
  filled(secrets, rest, use, 0);
  return headers === undefined ? rest : { ...rest, headers };
}

function filled(secrets: Secrets, value: unknown, use: SecretUse, depth: number): unknown {
  if (typeof value === 'string') return hasReference(value) ? secrets.fill(value, use) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) {
    throw new ToolCallError('invalid_arguments', `The arguments are nested deeper than ${MAX_DEPTH} levels`);
  }
  if (Array.isArray(value)) return value.map((item) => filled(secrets, item, use, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(secrets, item, use, depth + 1)]));
}
