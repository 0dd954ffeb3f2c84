import type { z } from 'zod';
import { ToolCallError } from '../contract/tool-error.js';
import { formatPath, issuesOf } from '../crew/issues.js';
import { putRight, type Misfit } from './coerce.js';
import type { Tool } from './define.js';

/** Slips may lie in what a slip hid: a list written as a text, of numbers written as texts. */
const ROUNDS = 3;

/**
 * The tool's input, made of what the model gave: checked, defaulted, with harmless slips put right (`putRight`).
 * @throws ToolCallError `invalid_arguments`: what is wrong where, in words that the model can act on
 */
export async function parseArguments<Input extends z.ZodObject>(
  { name, input }: Tool<Input>,
  args: unknown,
): Promise<z.output<Input>> {
  const first = await input.safeParseAsync(args);
  if (first.success) return first.data;
  let failed: z.ZodError = first.error;
  let given = args;
  for (let round = 0; round < ROUNDS; round++) {
    const better = putRight(given, failed.issues.map(misfit));
    if (better === undefined) break;
    const parsed = await input.safeParseAsync(better);
    if (parsed.success) return parsed.data;
    given = better;
    failed = parsed.error;
  }
  throw invalidArguments(
    name,
    issuesOf(first.error).map(({ path, message }) => `${formatPath(path)}: ${message}`),
    args,
  );
}

function misfit(issue: z.core.$ZodIssue): Misfit {
  const { path } = issue;
  if (issue.code === 'invalid_type') return { path, expected: issue.expected };
  return issue.code === 'invalid_value' ? { path, values: issue.values } : { path };
}

/** `problems`: `path: what was expected`. */
export function invalidArguments(name: string, problems: readonly string[], args: unknown): ToolCallError {
  const keys = typeof args === 'object' && args !== null ? Object.keys(args).slice(0, 20) : [];
  const given = keys.length === 0 ? 'No argument was given.' : `Given: ${keys.join(', ').slice(0, 300)}.`;
  return new ToolCallError(
    'invalid_arguments',
    `The arguments do not fit ${name}: ${problems.slice(0, 10).join('; ')}. ${given}`,
  );
}
