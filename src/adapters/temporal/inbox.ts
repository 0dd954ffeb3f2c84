import { runIdOf } from '../../contract/ids.js';
import { RUN_CREW, SearchAttribute, type WaitingApproval, type WaitingMemo } from '../../contract/messages.js';
import type { CrewRef } from '../../contract/views.js';
import { assigneeWord } from '../../contract/waiting.js';
import type { InboxFilter, WaitingRun } from '../../ports.js';
import type { TemporalClient } from './connection.js';
import { equals, listPage } from './visibility.js';

/**
 * One page of the open approvals of all runs, from visibility alone: the memo has them, so no run is asked, and no worker
 * needed. As old as every list.
 */
export async function listWaiting(
  client: TemporalClient,
  filter: InboxFilter,
): Promise<{ runs: WaitingRun[]; nextCursor?: string }> {
  const { executions, decode, nextCursor } = await listPage(client, inboxQuery(filter), filter);
  const runs = executions.flatMap(({ execution, memo }): WaitingRun[] => {
    const { workflowId, runId: executionId } = execution ?? {};
    const { crew, label, approvals } = memo?.fields ?? {};
    if (!workflowId || !executionId || !crew || !approvals) return [];
    const { open, more } = decode<WaitingMemo>(approvals);
    const asked = open.filter((approval) => isAsked(filter.assignee, approval));
    return [
      {
        runId: runIdOf(workflowId),
        executionId,
        crew: decode<CrewRef>(crew),
        ...(label && { label: decode<string>(label) }),
        open: asked,
        ...(more && { more }),
      },
    ];
  });
  return { runs, ...(nextCursor !== undefined && { nextCursor }) };
}

/** A run is found by everyone whom it asks; which of its approvals is whose, its memo says. */
function isAsked(assignee: string | undefined, { assignees, moreAssignees }: WaitingApproval): boolean {
  if (assignee === undefined) return true;
  // Of many assignees the memo has the first: where the name may be among the others, the approval is listed.
  return assignees?.includes(assignee) === true || moreAssignees === true;
}

function inboxQuery({ tenant, crew, assignee }: InboxFilter): string {
  return [
    `WorkflowType = '${RUN_CREW}'`,
    // A run that has ended asks nobody, whatever its attributes said last.
    `ExecutionStatus = 'Running'`,
    equals(SearchAttribute.tenant, tenant),
    equals(SearchAttribute.waiting, assignee === undefined ? 'open' : assigneeWord(assignee)),
    ...(crew === undefined ? [] : [equals(SearchAttribute.crew, crew)]),
  ].join(' AND ');
}
