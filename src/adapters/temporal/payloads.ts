import type { Client } from '@temporalio/client';
import type { Payload, ProtoFailure } from '@temporalio/common';

/**
 * Payloads of a workflow as they were before the codecs of the client's data converter, for what the client's own methods do not
 * decode. @throws EncryptionError
 */
export async function decoded(client: Client, workflowId: string, payloads: Payload[]): Promise<Payload[]> {
  const context = { type: 'workflow', namespace: client.options.namespace, workflowId } as const;
  let now = payloads;
  for (const codec of [...client.options.loadedDataConverter.payloadCodecs].reverse())
    now = await codec.decode(now, context);
  return now;
}

/** The fields of a memo, decoded. @throws EncryptionError */
export async function decodedFields(
  client: Client,
  workflowId: string,
  fields: Record<string, Payload>,
): Promise<Record<string, Payload>> {
  const names = Object.keys(fields);
  const payloads = await decoded(client, workflowId, Object.values(fields));
  return Object.fromEntries(payloads.map((payload, at) => [names[at] ?? '', payload]));
}

/** The message of a failure, which lies in a payload where failures are encoded. @throws EncryptionError */
export async function failureMessage(client: Client, workflowId: string, failure: ProtoFailure): Promise<string> {
  const { encodedAttributes, message } = failure;
  if (!encodedAttributes) return message ?? '';
  const [payload] = await decoded(client, workflowId, [encodedAttributes]);
  const { failureConverter, payloadConverter } = client.options.loadedDataConverter;
  const readable = { ...failure, encodedAttributes: payload ?? encodedAttributes, cause: null };
  return failureConverter.failureToError(readable, payloadConverter).message;
}

/** Deep enough for every event; histories are trees, but a bound costs nothing. */
const MAX_DEPTH = 20;

/** All payloads in a history, or in a part of one. */
export function payloadsIn(value: unknown, depth = 0): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || depth > MAX_DEPTH) return [];
  const { data, metadata } = value as Payload;
  if (data instanceof Uint8Array && metadata?.['encoding'] instanceof Uint8Array) return [{ data, metadata }];
  return Object.values(value).flatMap((inner) => payloadsIn(inner, depth + 1));
}
