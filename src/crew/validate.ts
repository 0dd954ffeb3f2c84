import { formatPath, issuesIn, issuesOf, MAX_ISSUES, type Issue } from './issues.js';
import { asKnown, type Known } from './known.js';
import { crewSchema } from './schema.js';
import { sizeIssues } from './size.js';
import type { CrewDefinition } from './types.js';
import { approvalIssues } from './validate-approvals.js';
import { conditionIssues } from './validate-conditions.js';
import { graphIssues } from './validate-graph.js';
import { outputIssues } from './validate-outputs.js';
import { processIssues } from './validate-process.js';
import { referenceIssues } from './validate-references.js';
import { templateIssues } from './validate-templates.js';
import { valueIssues } from './values.js';

/** What `parseCrew` gives: the definition, or what is wrong with it: everything, up to `MAX_ISSUES`. */
export type ParsedCrew = { ok: true; definition: CrewDefinition } | { ok: false; issues: Issue[] };

/**
 * Parses and defaults a crew definition, then checks what no single field can: who works on what and in which order,
 * references, templates, and what it names of the operator's. Never throws. `known`: what the operator configured, or the
 * names of the models alone; what is absent there is not checked.
 */
export function parseCrew(document: unknown, known?: Known | readonly string[]): ParsedCrew {
  const tooLarge = sizeIssues(document);
  if (tooLarge.length > 0) return { ok: false, issues: tooLarge };
  const parsed = crewSchema.safeParse(document);
  if (!parsed.success) return { ok: false, issues: issuesOf(parsed.error) };
  const definition = parsed.data;
  const operators = asKnown(known);
  const order = graphIssues(definition);
  const issues = [
    ...processIssues(definition),
    ...order,
    ...templateIssues(definition),
    ...inputIssues(definition),
    ...budgetIssues(definition),
    ...approvalIssues(definition, operators),
    ...outputIssues(definition, operators),
    ...referenceIssues(definition, operators),
    // What a condition may read is known of tasks in a right order only.
    ...(order.length === 0 ? conditionIssues(definition, operators) : []),
  ];
  return issues.length === 0 ? { ok: true, definition } : { ok: false, issues: issues.slice(0, MAX_ISSUES) };
}

function inputIssues({ inputs }: CrewDefinition): Issue[] {
  return issuesIn(Object.entries(inputs), ([name, spec]) => {
    if (spec.default === undefined) return [];
    const issues = valueIssues(spec, spec.default).map((message) => ({ path: ['inputs', name, 'default'], message }));
    if (spec.required === true) {
      issues.push({ path: ['inputs', name, 'required'], message: 'An input with a default is not required' });
    }
    return issues;
  });
}

function budgetIssues({ budget }: CrewDefinition): Issue[] {
  if (!budget) return [];
  const { on_exceed: _, approval: __, ...limits } = budget;
  if (Object.values(limits).some((limit) => limit !== undefined)) return [];
  return [{ path: ['budget'], message: 'Expected at least one limit: tokens, usd, model_calls or wall_time' }];
}

/** The issues as lines: `tasks.research.agent: No agent has …`. */
export function describeIssues(issues: readonly Issue[]): string {
  return issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`).join('\n');
}
