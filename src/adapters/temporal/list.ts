import { RUN_CREW, SearchAttribute, type RunMemo } from '../../contract/messages.js';
import { runIdOf } from '../../contract/ids.js';
import { RUN_STATUSES, type RunStatus } from '../../contract/views.js';
import { keyword } from '../../contract/waiting.js';
import type { RunFilter, RunRow } from '../../ports.js';
import type { TemporalClient } from './connection.js';
import { endStatus, statusInQueries } from './execution-status.js';
import { equals, listPage } from './visibility.js';

/**
 * One page of runs, open ones first, newest first, then those that ended, the last first, from visibility alone: memo and search attributes, no query per row. What is listed
 * may be a moment old (under 0.1 s on the dev server, about a second on a busy cluster).
 */
export async function listRuns(
  client: TemporalClient,
  filter: RunFilter,
): Promise<{ rows: RunRow[]; nextCursor?: string }> {
  const query = visibilityQuery(filter);
  const { executions, decode, nextCursor } = await listPage(client, query, filter);
  const rows = executions.flatMap((info): RunRow[] => {
    const memo: RunMemo = {};
    if (info.memo?.fields?.['crew']) memo.crew = decode(info.memo.fields['crew']);
    if (info.memo?.fields?.['label']) memo.label = decode(info.memo.fields['label']);
    const parent = info.memo?.fields?.['parentRunId'];
    if (parent) memo.parentRunId = decode(parent);
    const { workflowId, runId } = info.execution ?? {};
    if (!workflowId || !runId || !memo.crew) return [];
    const attribute = info.searchAttributes?.indexedFields?.[SearchAttribute.status];
    return [
      {
        runId: runIdOf(workflowId),
        executionId: runId,
        crew: memo.crew,
        status: statusOf(info.status, attribute && decode(attribute)),
        startedAt: iso(info.startTime) ?? '',
        ...(info.closeTime && { endedAt: iso(info.closeTime) ?? '' }),
        ...(memo.label !== undefined && { label: memo.label }),
        ...(memo.parentRunId !== undefined && { parentRunId: memo.parentRunId }),
      },
    ];
  });
  return { rows, ...(nextCursor !== undefined && { nextCursor }) };
}

function visibilityQuery({ tenant, crew, status, label, parent, thread }: RunFilter): string {
  const parts = [`WorkflowType = '${RUN_CREW}'`, equals(SearchAttribute.tenant, tenant)];
  if (crew !== undefined) parts.push(equals(SearchAttribute.crew, crew));
  if (label !== undefined) parts.push(equals(SearchAttribute.label, keyword(label)));
  if (parent !== undefined) parts.push(equals(SearchAttribute.parent, parent));
  if (thread !== undefined) parts.push(equals(SearchAttribute.thread, thread));
  if (status !== undefined) {
    const { execution, own, ownNot } = statusInQueries(status);
    parts.push(`ExecutionStatus = '${execution}'`);
    if (own !== undefined) parts.push(equals(SearchAttribute.status, own));
    if (ownNot !== undefined) parts.push(`${SearchAttribute.status} != '${ownNot}'`);
  }
  return parts.join(' AND ');
}

function statusOf(execution: number | null | undefined, attribute: unknown): RunStatus {
  const ended = endStatus(execution);
  const word = Array.isArray(attribute) ? (attribute[0] as unknown) : attribute;
  if (ended) return ended === 'completed' && word === 'stopped' ? 'stopped' : ended;
  return RUN_STATUSES.find((status) => status === word) ?? 'running';
}

/** A time of the server as ISO 8601. */
export function iso(time: { seconds?: { toNumber(): number } | null; nanos?: number | null } | null | undefined) {
  if (!time?.seconds) return undefined;
  return new Date(time.seconds.toNumber() * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
