import type { DecisionInput } from './wire.js';
import type { ApprovalView } from './views.js';
import type { JsonSchema } from './wire.js';

/** What checks a decision: JSON Schemas, and those that the operator provides by name. */
export interface DecisionSchemas {
  /** What does not fit, in words. */
  validate(schema: JsonSchema, value: unknown): string[];
  /** The JSON in a text; undefined where there is none. */
  extract(text: string): unknown;
  named(name: string): JsonSchema | undefined;
}

/** What is wrong with a decision, and in which of its fields. */
export interface DecisionProblem {
  field: 'output' | 'arguments' | 'answer';
  message: string;
}

/** Checks what a decision carries against its approval's schemas. Gives the decision with an edited output as plain JSON. */
export function fitDecision(
  schemas: DecisionSchemas,
  approval: ApprovalView,
  decision: DecisionInput,
): { decision: DecisionInput; problems: DecisionProblem[] } {
  const problems: DecisionProblem[] = [];
  const check = (field: DecisionProblem['field'], schema: JsonSchema | string, value: unknown) => {
    const known = typeof schema === 'string' ? schemas.named(schema) : schema;
    if (!known) problems.push({ field, message: `The operator has no such schema any more` });
    else for (const message of schemas.validate(known, value)) problems.push({ field, message });
  };
  let fitted = decision;
  const { action, output, answer } = decision;
  if (action === 'edit' && approval.outputSchema !== undefined && output !== undefined) {
    const json = schemas.extract(output);
    if (json === undefined) problems.push({ field: 'output', message: 'Expected JSON: the task has an output schema' });
    else check('output', approval.outputSchema, json);
    if (json !== undefined) fitted = { ...decision, output: JSON.stringify(json) };
  }
  if (action === 'edit' && approval.argumentsSchema && decision.arguments) {
    check('arguments', approval.argumentsSchema, decision.arguments);
  }
  if (answer !== undefined && approval.answerSchema !== undefined) check('answer', approval.answerSchema, answer);
  return { decision: fitted, problems };
}
