import { z } from 'zod';
import type { GuardrailInput, GuardrailVerdict } from '../ports.js';
import type { Guardrail } from './define.js';
import { messageOf } from './run-tool.js';
import { within } from './within.js';

/** Longest time of one check. */
export const GUARDRAIL_TIMEOUT_MS = 30_000;

const verdictSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), output: z.string().exactOptional() }),
  z.strictObject({ ok: z.literal(false), feedback: z.string().trim().min(1) }),
]);

/**
 * Asks a guardrail function once.
 * @throws Error, in words for people, where it threw, took too long or gave no verdict
 */
export async function runGuardrail(
  { name, check }: Guardrail,
  input: GuardrailInput,
  timeoutMs = GUARDRAIL_TIMEOUT_MS,
): Promise<GuardrailVerdict> {
  const late = () => new Error(`it did not answer within ${timeoutMs} ms`);
  let verdict: unknown;
  try {
    verdict = await within({ signal: new AbortController().signal, timeoutMs }, () => check(input), late);
  } catch (error) {
    throw new Error(`The guardrail function '${name}' failed: ${messageOf(error)}`, { cause: error });
  }
  const parsed = verdictSchema.safeParse(verdict);
  if (parsed.success) return parsed.data;
  throw new Error(
    `The guardrail function '${name}' gave no verdict: expected { ok: true, output? } or { ok: false, feedback } with a text`,
  );
}
