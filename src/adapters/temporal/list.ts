import { createHash } from 'node:crypto';
import { RUN_CREW, SearchAttribute, type RunMemo } from '../../contract/messages.js';
import { runIdOf } from '../../contract/ids.js';
import { RunsError } from '../../contract/runs-error.js';
import { RUN_STATUSES, type RunStatus } from '../../contract/views.js';
import type { RunFilter, RunRow } from '../../ports.js';
import type { TemporalClient } from './connection.js';
import { endStatus, statusInQueries } from './execution-status.js';
import { labelKeyword } from '../../contract/label.js';

/**
 * One page of runs, newest first, from visibility alone: memo and search attributes, no query per row. What is listed
 * may be a moment old (under 0.1 s on the dev server, about a second on a busy cluster).
 */
export async function listRuns(
  client: TemporalClient,
  filter: RunFilter,
): Promise<{ rows: RunRow[]; nextCursor?: string }> {
  const query = visibilityQuery(filter);
  const response = await client.connection.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: filter.limit,
    query,
    ...(filter.cursor !== undefined && { nextPageToken: readCursor(filter.cursor, query) }),
  });
  const decode = client.options.loadedDataConverter.payloadConverter;
  const rows = response.executions.flatMap((info): RunRow[] => {
    const memo: RunMemo = {};
    if (info.memo?.fields?.['crew']) memo.crew = decode.fromPayload(info.memo.fields['crew']);
    if (info.memo?.fields?.['label']) memo.label = decode.fromPayload(info.memo.fields['label']);
    const { workflowId, runId } = info.execution ?? {};
    if (!workflowId || !runId || !memo.crew) return [];
    const attribute = info.searchAttributes?.indexedFields?.[SearchAttribute.status];
    return [
      {
        runId: runIdOf(workflowId),
        executionId: runId,
        crew: memo.crew,
        status: statusOf(info.status, attribute && decode.fromPayload(attribute)),
        startedAt: iso(info.startTime) ?? '',
        ...(info.closeTime && { endedAt: iso(info.closeTime) ?? '' }),
        ...(memo.label !== undefined && { label: memo.label }),
      },
    ];
  });
  const token = response.nextPageToken;
  return { rows, ...(token.length > 0 && { nextCursor: writeCursor(token, query) }) };
}

function visibilityQuery({ tenant, crew, status, label, thread }: RunFilter): string {
  const parts = [`WorkflowType = '${RUN_CREW}'`, equals(SearchAttribute.tenant, tenant)];
  if (crew !== undefined) parts.push(equals(SearchAttribute.crew, crew));
  if (label !== undefined) parts.push(equals(SearchAttribute.label, labelKeyword(label)));
  if (thread !== undefined) parts.push(equals(SearchAttribute.thread, thread));
  if (status !== undefined) {
    const { execution, own, ownNot } = statusInQueries(status);
    parts.push(`ExecutionStatus = '${execution}'`);
    if (own !== undefined) parts.push(equals(SearchAttribute.status, own));
    if (ownNot !== undefined) parts.push(`${SearchAttribute.status} != '${ownNot}'`);
  }
  return parts.join(' AND ');
}

function equals(attribute: string, value: string): string {
  return `${attribute} = '${value.replaceAll("'", "''")}'`;
}

function statusOf(execution: number | null | undefined, attribute: unknown): RunStatus {
  const ended = endStatus(execution);
  const word = Array.isArray(attribute) ? (attribute[0] as unknown) : attribute;
  if (ended) return ended === 'completed' && word === 'stopped' ? 'stopped' : ended;
  return RUN_STATUSES.find((status) => status === word) ?? 'running';
}

/** A cursor is Temporal's page token bound to the query it was made for: the two are worthless apart. */
export function writeCursor(token: Uint8Array, query: string): string {
  return Buffer.concat([digest(query), token]).toString('base64url');
}

/** The page token of a cursor. @throws RunsError `bad_cursor` where it was made for another query */
export function readCursor(cursor: string, query: string): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length <= DIGEST_BYTES || !bytes.subarray(0, DIGEST_BYTES).equals(digest(query))) {
    throw new RunsError('bad_cursor', 'The cursor is not from a page of this list');
  }
  return bytes.subarray(DIGEST_BYTES);
}

const DIGEST_BYTES = 8;

function digest(query: string): Buffer {
  return createHash('sha256').update(query).digest().subarray(0, DIGEST_BYTES);
}

/** A time of the server as ISO 8601. */
export function iso(time: { seconds?: { toNumber(): number } | null; nanos?: number | null } | null | undefined) {
  if (!time?.seconds) return undefined;
  return new Date(time.seconds.toNumber() * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
