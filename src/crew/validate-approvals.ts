import { durationMs } from './duration.js';
import { issuesIn, suggestion, type Issue } from './issues.js';
import type { Known } from './known.js';
import type { AgentDefinition, ApprovalSpec, CrewDefinition } from './types.js';
import { schemaProblems } from './validate-outputs.js';

/** What cannot be meant: a deadline with no consequence, a step of escalation after the end, an answer that nobody gives. */
export function approvalIssues(definition: CrewDefinition, known: Known): Issue[] {
  const { agents, tasks, budget } = definition;
  const issues = [
    ...issuesIn(Object.entries(tasks), ([key, { approval, tools }]) => [
      ...(typeof approval === 'object' ? ofSpec(['tasks', key, 'approval'], approval, known) : []),
      ...ofTools(['tasks', key], tools, known),
    ]),
    ...issuesIn(Object.entries(agents), ([key, { tools }]) => ofTools(['agents', key], tools, known)),
  ];
  if (!budget?.approval) return issues;
  const path = ['budget', 'approval'];
  if (budget.on_exceed !== 'pause') {
    issues.push({ path, message: 'Nobody is asked about the budget unless on_exceed is pause' });
  }
  return [...issues, ...ofSpec(path, budget.approval, known)];
}

function ofTools(above: Issue['path'], tools: AgentDefinition['tools'], known: Known): Issue[] {
  return (tools ?? []).flatMap((tool, at) =>
    typeof tool === 'object' && typeof tool.approval === 'object'
      ? ofSpec([...above, 'tools', at, 'approval'], tool.approval, known)
      : [],
  );
}

function ofSpec(path: Issue['path'], spec: ApprovalSpec, known: Known): Issue[] {
  const { deadline, on_deadline: onDeadline, escalation = [], answer_schema: schema } = spec;
  const issues: Issue[] = [];
  const say = (at: (string | number)[], message: string) => issues.push({ path: [...path, ...at], message });
  if (deadline !== undefined && onDeadline === undefined) {
    say(['on_deadline'], 'Required with a deadline: what happens when it has passed');
  }
  if (deadline === undefined && onDeadline !== undefined) say(['deadline'], 'Required with on_deadline');
  escalation.forEach(({ after }, at) => {
    if (deadline !== undefined && durationMs(after) >= durationMs(deadline)) {
      say(['escalation', at, 'after'], 'Expected a time before the deadline');
    }
    const before = escalation[at - 1];
    if (before && durationMs(after) <= durationMs(before.after)) {
      say(['escalation', at, 'after'], 'Expected a time after the step before');
    }
  });
  if (schema === undefined) return issues;
  if (onDeadline === 'approve') say(['on_deadline'], 'Nobody gives the answer when the deadline approves');
  if (spec.actions && !spec.actions.includes('approve')) {
    say(['actions'], 'Expected approve among the actions: the answer goes with it');
  }
  for (const message of answerProblems(schema, known)) say(['answer_schema'], message);
  return issues;
}

function answerProblems(schema: NonNullable<ApprovalSpec['answer_schema']>, known: Known): string[] {
  if (typeof schema === 'object') return schemaProblems(schema, known);
  if (!known.schemas || known.schemas.includes(schema)) return [];
  return [`There is no schema '${schema}' among the operator's extensions.${suggestion(schema, known.schemas)}`];
}
