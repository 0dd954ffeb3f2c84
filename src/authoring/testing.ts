import { randomUUID } from 'node:crypto';
import type { GuardrailInput, GuardrailVerdict, ToolOutcome } from '../ports.js';
import type { Extension, Guardrail, Tool, ToolContext } from './define.js';
import { extensionProblems } from './problems.js';
import { runGuardrail } from './run-guardrail.js';
import { runTool } from './run-tool.js';

/**
 * Calls a tool as a worker does: its definition and the arguments are checked, the time is bounded, the result is made a
 * text. For tests of authors; `context` sets what the tool is called with.
 * @throws ToolCallError as the worker would get it; TypeError where the tool itself is not well defined
 */
export async function testTool(
  tool: Tool,
  args: Record<string, unknown>,
  context: Partial<ToolContext> = {},
): Promise<ToolOutcome> {
  mustBeWell(tool);
  const fresh = {
    signal: new AbortController().signal,
    idempotencyKey: `test/${randomUUID()}`,
    timeoutMs: tool.timeoutMs,
  };
  return { content: await runTool(tool, args, { ...fresh, ...context }) };
}

/** Asks a guardrail function as a worker does. @throws Error as the worker would get it; TypeError where it is not well defined */
export async function testGuardrail(
  guardrail: Guardrail,
  input: Omit<GuardrailInput, 'inputs'> & Partial<GuardrailInput>,
): Promise<GuardrailVerdict> {
  mustBeWell(guardrail);
  return runGuardrail(guardrail, { inputs: {}, ...input });
}

function mustBeWell(extension: Extension): void {
  const problems = extensionProblems(extension);
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
}
