import type { ApprovalView, RunView, TaskStatus } from '../contract/views.js';

const MARK: Record<TaskStatus, string> = {
  pending: '○',
  running: '▶',
  waiting_human: '⏸',
  completed: '✔',
  failed: '✖',
  skipped: '–',
  cancelled: '–',
};

/** The run's state as Markdown, for the Temporal UI: its tasks, what it took, and the approvals that wait for a person. */
export function describeRun({ tasks, approvals, usage }: RunView): string {
  const lines = tasks.map(({ id, role, status, attempt }) => {
    const again = attempt > 1 ? `, attempt ${attempt}` : '';
    return `- ${MARK[status]} **${id}** (${role}): ${status}${again}`;
  });
  const open = approvals.filter(({ status }) => status === 'open').map(describeApproval);
  const spent =
    usage.calls === 0 ? [] : ['', `${usage.calls} model calls, ${usage.inputTokens + usage.outputTokens} tokens`];
  return [...lines, ...spent, ...(open.length > 0 ? ['', 'Waiting for a decision on:', ...open, '', HOW_TO] : [])].join(
    '\n',
  );
}

const HOW_TO =
  'Decide with the signal `decideApproval` and `{"approvalId": "…", "action": "approve", "by": "your name"}`; `reject` needs `feedback`, `edit` needs `output` (or `arguments`).';

function describeApproval({ id, actions, question, tool, deadline, onDeadline, assignees }: ApprovalView): string {
  const about = question ?? (tool ? `call of ${tool.name}` : '');
  return [
    `- \`${id}\`: ${actions.join(', ')}`,
    ...(about === '' ? [] : [about.slice(0, 200).replaceAll('\n', ' ')]),
    ...(assignees ? [`for ${assignees.join(', ')}`] : []),
    ...(deadline !== undefined ? [`by ${deadline}, else ${onDeadline}`] : []),
  ].join(' · ');
}
