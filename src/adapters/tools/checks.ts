import { jsonSchemaOf } from '../../authoring/problems.js';
import { GUARDRAIL_TIMEOUT_MS, runGuardrail } from '../../authoring/run-guardrail.js';
import { suggestion } from '../../crew/issues.js';
import type { OutputChecks } from '../../ports.js';
import type { Extensions } from './extensions.js';

/** The operator's guardrail functions and named schemas. `timeoutMs`: longest time of one check. */
export function createOutputChecks(
  { guardrails, schemas }: Pick<Extensions, 'guardrails' | 'schemas'>,
  timeoutMs = GUARDRAIL_TIMEOUT_MS,
): OutputChecks {
  const jsonSchemas = new Map([...schemas].map(([name, { schema }]) => [name, jsonSchemaOf(schema)]));
  return {
    guardrailNames: () => [...guardrails.keys()],
    schemaNames: () => [...jsonSchemas.keys()],
    async guardrail(name, output) {
      const guardrail = guardrails.get(name);
      if (guardrail) return runGuardrail(guardrail, output, timeoutMs);
      throw new Error(`There is no guardrail function '${name}'.${suggestion(name, [...guardrails.keys()])}`);
    },
    schema: (name) => jsonSchemas.get(name),
  };
}
