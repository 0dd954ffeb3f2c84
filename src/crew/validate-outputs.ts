import { isPlainJson } from './json.js';
import { issuesIn, type Issue } from './issues.js';
import type { Known } from './known.js';
import { outputFileProblem } from './output-file.js';
import { placeholders } from './template.js';
import type { CrewDefinition } from './types.js';

/** Longest JSON Schema of a task's output, in characters of its JSON: it goes with each model call. */
export const MAX_SCHEMA_CHARS = 20_000;

/** What tasks give: JSON of a schema, artifacts under a name of their own. */
export function outputIssues({ tasks }: CrewDefinition, known: Known): Issue[] {
  const takenBy = new Map<string, string>();
  return issuesIn(Object.entries(tasks), ([key, { output_schema: schema, output_file: file }]) => {
    const issues: Issue[] = [];
    if (typeof schema === 'object') {
      const path = ['tasks', key, 'output_schema'];
      issues.push(...schemaProblems(schema, known).map((message) => ({ path, message })));
    }
    if (file === undefined) return issues;
    const path = ['tasks', key, 'output_file'];
    const problem = outputFileProblem(file);
    if (problem !== undefined) issues.push({ path, message: problem });
    const other = takenBy.get(file);
    if (other !== undefined) issues.push({ path, message: `The task '${other}' has this output_file already` });
    takenBy.set(file, other ?? key);
    return issues;
  });
}

/** What is wrong with a JSON Schema of a definition, in words. */
export function schemaProblems(schema: Record<string, unknown>, known: Known): string[] {
  if (!isPlainJson(schema))
    return ['Expected a JSON Schema: only texts, numbers, true, false, null, lists and objects'];
  const chars = JSON.stringify(schema).length;
  if (chars > MAX_SCHEMA_CHARS) return [`Expected at most ${MAX_SCHEMA_CHARS} characters of JSON, found ${chars}`];
  return known.checkSchema?.(schema) ?? [];
}

/**
 * The names of artifacts as one run's inputs make them, where these cannot be names or are the same: each with the task's key
 * and the inputs that it is made of.
 */
export function renderedFileProblems(
  { tasks }: CrewDefinition,
  fill: (text: string) => string,
): { taskId: string; inputs: string[]; message: string }[] {
  const takenBy = new Map<string, string>();
  return Object.entries(tasks).flatMap(([taskId, { output_file: file }]) => {
    if (file === undefined) return [];
    const path = fill(file);
    const other = takenBy.get(path);
    takenBy.set(path, taskId);
    const problem = outputFileProblem(path) ?? (other && `'${other}' and '${taskId}' would both write ${path}`);
    return problem === undefined ? [] : [{ taskId, inputs: placeholders(file), message: problem }];
  });
}
