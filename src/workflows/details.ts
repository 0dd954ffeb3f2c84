import type { RunView, TaskStatus } from '../contract/views.js';

const MARK: Record<TaskStatus, string> = {
  pending: '○',
  running: '▶',
  waiting_human: '⏸',
  completed: '✔',
  failed: '✖',
  skipped: '–',
  cancelled: '–',
};

/** The run's state as Markdown, for the Temporal UI: its tasks, and the approvals that wait for a person. */
export function describeRun({ tasks, approvals }: RunView): string {
  const lines = tasks.map(({ id, role, status }) => `- ${MARK[status]} **${id}** (${role}): ${status}`);
  const open = approvals
    .filter(({ status }) => status === 'open')
    .map(({ id, actions }) => `- \`${id}\`: ${actions.join(' or ')}`);
  return [...lines, ...(open.length > 0 ? ['', 'Waiting for a decision on:', ...open] : [])].join('\n');
}
