import type { WaitingApproval, WaitingMemo } from './messages.js';
import type { ApprovalView } from './views.js';

/** Open approvals that a list says of one run; what is over is seen in the run itself. */
export const MAX_WAITING = 20;

/** What is said of each is short: lists carry every row's memo, and Temporal warns where one is over 2 KB. */
const MAX_QUESTIONS_CHARS = 800;
const MAX_QUESTION_CHARS = 240;
const MAX_ASSIGNEES_CHARS = 400;

/** The open approvals of a run as its memo has them. */
export function memoOf(open: readonly ApprovalView[]): WaitingMemo {
  const some = open.slice(0, MAX_WAITING);
  const questionChars = Math.min(MAX_QUESTION_CHARS, Math.floor(MAX_QUESTIONS_CHARS / some.length));
  const assigneesChars = Math.floor(MAX_ASSIGNEES_CHARS / some.length);
  return {
    open: some.map((approval) => waiting(approval, questionChars, assigneesChars)),
    ...(open.length > some.length && { more: true as const }),
  };
}

function waiting(approval: ApprovalView, questionChars: number, assigneesChars: number): WaitingApproval {
  const { id, kind, taskId, attempt, question, actions, requestedAt, deadline, assignees } = approval;
  const names = assignees && fitting(assignees, assigneesChars);
  return {
    id,
    kind,
    taskId,
    attempt,
    ...(question !== undefined && { question: clip(question, questionChars) }),
    actions,
    requestedAt,
    ...(deadline !== undefined && { deadline }),
    ...(names && { assignees: names }),
    ...(names && names.length < (assignees?.length ?? 0) && { moreAssignees: true as const }),
  };
}

/** The first names, at least one, as far as they fit. */
function fitting(names: readonly string[], chars: number): string[] {
  let left = chars;
  return names.filter((name, at) => (left -= name.length) >= 0 || at === 0);
}

function clip(text: string, chars: number): string {
  // Not in the middle of a character: half of one is no text.
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What a run that waits is found by: `open`, the kinds of its approvals, and `@` with each who is asked. */
export function waitingWords(open: readonly ApprovalView[]): string[] {
  const words = open.flatMap(({ kind, assignees = [] }) => [kind, ...assignees.map(assigneeWord)]);
  return [...new Set(['open', ...words])];
}

/** The word by which the approvals that somebody is asked are found. */
export function assigneeWord(name: string): string {
  return keyword(`@${name}`);
}

/** Longest value of a Keyword attribute: its column in Temporal's SQL stores. */
const MAX_KEYWORD_CHARS = 255;

/**
 * A text as a search attribute's value. Percent-encodes what Temporal's SQLite store cannot be asked for (it renders
 * `"` and `\` with escapes that SQLite does not know), and `%`.
 */
export function keyword(text: string): string {
  return text
    .replace(/["\\%\s]/g, (char) => (char === ' ' ? char : encodeURIComponent(char)))
    .slice(0, MAX_KEYWORD_CHARS);
}
