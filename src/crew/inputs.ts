import { issuesIn, suggestion, type Issue } from './issues.js';
import { render } from './template.js';
import type { CrewDefinition } from './types.js';
import { renderedFileProblems } from './validate-outputs.js';
import { valueIssues } from './values.js';

/** Checked inputs with defaults filled in, or everything that is wrong with them. */
export type CheckedInputs =
  { ok: true; inputs: Record<string, string | number | boolean> } | { ok: false; issues: Issue[] };

/** Checks the inputs of a run against those that its crew declares. Never throws. */
export function checkInputs(definition: CrewDefinition, given: Readonly<Record<string, unknown>>): CheckedInputs {
  const declared = Object.keys(definition.inputs);
  const issues = issuesIn(Object.keys(given), (name): Issue[] => {
    if (Object.hasOwn(definition.inputs, name)) return [];
    const message = declared.length === 0 ? 'This crew takes no inputs' : `Unknown input.${suggestion(name, declared)}`;
    return [{ path: [name], message }];
  });
  const inputs: Record<string, string | number | boolean> = {};
  for (const [name, spec] of Object.entries(definition.inputs)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default;
    if (value === undefined) {
      // An optional input without a default renders as nothing.
      if (spec.required === false) inputs[name] = '';
      else issues.push({ path: [name], message: `Required: expected ${aType[spec.type]}` });
      continue;
    }
    const problems = valueIssues(spec, value);
    issues.push(...problems.map((message) => ({ path: [name], message })));
    if (problems.length === 0) inputs[name] = value as string | number | boolean;
  }
  if (issues.length === 0) issues.push(...fileIssues(definition, inputs));
  return issues.length === 0 ? { ok: true, inputs } : { ok: false, issues };
}

/** Names of artifacts that these inputs make impossible: said before the run starts, not after its work is paid for. */
function fileIssues(definition: CrewDefinition, inputs: Record<string, string | number | boolean>): Issue[] {
  return renderedFileProblems(definition, (text) => render(text, inputs)).map(
    ({ taskId, inputs: [name], message }) => ({
      path: name === undefined ? [] : [name],
      message: `It is part of the output_file of the task '${taskId}'. ${message}`,
    }),
  );
}

const aType = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false' };
