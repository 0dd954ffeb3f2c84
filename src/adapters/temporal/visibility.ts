import { createHash } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { EncryptionError } from '../../contract/encryption-error.js';
import { RunsError } from '../../contract/runs-error.js';
import type { TemporalClient } from './connection.js';
import { decodedFields } from './payloads.js';

/** A condition of a visibility query. */
export function equals(attribute: string, value: string): string {
  return `${attribute} = '${value.replaceAll("'", "''")}'`;
}

/**
 * One page of a visibility query, in Temporal's own order: open ones first, newest first, then by their end, the last first. `decode` gives what a payload of its memos and search attributes says.
 * What lies encrypted and cannot be opened here has no memo: one lost key hides its rows, not the list.
 * @throws RunsError `bad_cursor`
 */
export async function listPage(
  client: TemporalClient,
  query: string,
  { limit, cursor }: { limit: number; cursor?: string },
) {
  const { executions, nextPageToken } = await client.connection.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: limit,
    query,
    ...(cursor !== undefined && { nextPageToken: readCursor(cursor, query) }),
  });
  for (const info of executions) {
    if (info.memo?.fields)
      info.memo = { fields: await readable(client, info.execution?.workflowId ?? '', info.memo.fields) };
  }
  const { payloadConverter } = client.options.loadedDataConverter;
  return {
    executions,
    decode: <T>(payload: Payload) => payloadConverter.fromPayload<T>(payload),
    nextCursor: nextPageToken.length > 0 ? writeCursor(nextPageToken, query) : undefined,
  };
}

/** The fields of a memo; none where they cannot be opened, which the codec has logged. */
async function readable(
  client: TemporalClient,
  workflowId: string,
  fields: Record<string, Payload>,
): Promise<Record<string, Payload>> {
  try {
    return await decodedFields(client, workflowId, fields);
  } catch (error) {
    if (error instanceof EncryptionError) return {};
    throw error;
  }
}

/** A cursor is Temporal's page token bound to the query it was made for: the two are worthless apart. */
function writeCursor(token: Uint8Array, query: string): string {
  return Buffer.concat([digest(query), token]).toString('base64url');
}

function readCursor(cursor: string, query: string): Uint8Array {
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
