import { formatPath, issuesOf, suggestion, type Issue } from './issues.js';
import { crewSchema } from './schema.js';
import { placeholders } from './template.js';
import type { CrewDefinition } from './types.js';

/** What `parseCrew` gives: the definition, or everything that is wrong with it. */
export type ParsedCrew = { ok: true; definition: CrewDefinition } | { ok: false; issues: Issue[] };

/**
 * Parses and defaults a crew definition, then checks what no single field can: references between agents, tasks and
 * inputs. Never throws. `models`: the models that the operator configured; absent, any `llm` is taken.
 */
export function parseCrew(document: unknown, models?: readonly string[]): ParsedCrew {
  const parsed = crewSchema.safeParse(document);
  if (!parsed.success) return { ok: false, issues: issuesOf(parsed.error) };
  const definition = parsed.data;
  const issues = [
    ...taskIssues(definition),
    ...templateIssues(definition),
    ...inputIssues(definition),
    ...modelIssues(definition, models),
  ];
  return issues.length === 0 ? { ok: true, definition } : { ok: false, issues };
}

function taskIssues({ agents, tasks }: CrewDefinition): Issue[] {
  const agentKeys = Object.keys(agents);
  const taskKeys = Object.keys(tasks);
  return Object.entries(tasks).flatMap(([key, task], at) => {
    const issues: Issue[] = [];
    if (!Object.hasOwn(agents, task.agent)) {
      const message = `No agent has the key '${task.agent}'.${suggestion(task.agent, agentKeys)}`;
      issues.push({ path: ['tasks', key, 'agent'], message });
    }
    const earlier = taskKeys.slice(0, at);
    for (const [index, other] of (task.context ?? []).entries()) {
      if (earlier.includes(other)) continue;
      const message = taskKeys.includes(other)
        ? `'${other}' does not run before '${key}': in a sequential crew, context names earlier tasks.`
        : `No task has the key '${other}'.${suggestion(other, earlier)}`;
      issues.push({ path: ['tasks', key, 'context', index], message });
    }
    return issues;
  });
}

function templateIssues({ inputs, agents, tasks }: CrewDefinition): Issue[] {
  const declared = Object.keys(inputs);
  const texts: [path: string[], text: string][] = [
    ...Object.entries(agents).flatMap(([key, agent]): [string[], string][] => [
      [['agents', key, 'role'], agent.role],
      [['agents', key, 'goal'], agent.goal],
      [['agents', key, 'backstory'], agent.backstory],
    ]),
    ...Object.entries(tasks).flatMap(([key, task]): [string[], string][] => [
      [['tasks', key, 'description'], task.description],
      [['tasks', key, 'expected_output'], task.expected_output],
    ]),
  ];
  return texts.flatMap(([path, text]) =>
    placeholders(text)
      .filter((name) => !declared.includes(name))
      .map((name) => ({
        path,
        message: `{${name}} is not a declared input.${suggestion(name, declared)} Declare it under inputs, or write {{${name}}} for the text itself.`,
      })),
  );
}

function inputIssues({ inputs }: CrewDefinition): Issue[] {
  return Object.entries(inputs).flatMap(([name, spec]) => {
    if (spec.default === undefined) return [];
    const issues = valueIssues(spec, spec.default).map((message) => ({ path: ['inputs', name, 'default'], message }));
    if (spec.required === true) {
      issues.push({ path: ['inputs', name, 'required'], message: 'An input with a default is not required' });
    }
    return issues;
  });
}

function modelIssues({ agents }: CrewDefinition, models: readonly string[] | undefined): Issue[] {
  if (!models) return [];
  return Object.entries(agents).flatMap(([key, { llm }]) =>
    llm === undefined || models.includes(llm)
      ? []
      : [{ path: ['agents', key, 'llm'], message: `The model '${llm}' is not configured.${suggestion(llm, models)}` }],
  );
}

/** What is wrong with a value for a declared input: nothing, or one message. */
export function valueIssues(spec: CrewDefinition['inputs'][string], value: unknown): string[] {
  switch (spec.type) {
    case 'string':
      return typeof value === 'string' ? textIssues(value, spec.max_length) : [`Expected a text, found ${kind(value)}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`Expected true or false, found ${kind(value)}`];
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`Expected a number, found ${kind(value)}`];
    case 'integer':
      return Number.isSafeInteger(value) ? [] : [`Expected a whole number, found ${kind(value)}`];
  }
}

/**
 * Plain text: no control characters but tab and line breaks, which break prompts, terminals and logs further on, and which
 * no person types. Written so that other regular expression engines read it too: it stands in the OpenAPI document.
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
export const PLAIN_TEXT = /^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/;
export const NOT_PLAIN_TEXT = 'Expected plain text, found a control character';

/** Half of a surrogate pair: it has no bytes, so it would come back as another text than it went in. */
const LONE_SURROGATE = /\p{Cs}/u;
export const BROKEN_UNICODE = 'Expected plain text, found broken Unicode';

/** Whether a text is well-formed Unicode. */
export function isWellFormed(value: string): boolean {
  return !LONE_SURROGATE.test(value);
}

function textIssues(value: string, maxLength: number): string[] {
  if (value.trim() === '') return ['Expected a text, found an empty one'];
  if (value.length > maxLength) return [`Expected at most ${maxLength} characters, found ${value.length}`];
  if (!PLAIN_TEXT.test(value)) return [NOT_PLAIN_TEXT];
  return isWellFormed(value) ? [] : [BROKEN_UNICODE];
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The issues as lines: `tasks.research.agent: No agent has …`. */
export function describeIssues(issues: readonly Issue[]): string {
  return issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`).join('\n');
}
