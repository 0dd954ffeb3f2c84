import { ApplicationFailure } from '@temporalio/common';
import { EncryptionError } from '../contract/encryption-error.js';
import { FailureType } from '../contract/failures.js';
import { isStoreError, type StoreError } from '../contract/store-error.js';
import {
  INLINE_CHARS,
  type BlobRef,
  type ChatMessage,
  type Piece,
  type PlainMessage,
  type PlainToolCall,
  type Text,
  type ToolCall,
} from '../contract/wire.js';
import type { Store } from '../ports.js';

/** Texts of one tenant, as they cross the wire: short ones as they are, long ones by reference. */
export interface Texts {
  /** Keeps a text where it is too long to cross the wire. */
  toWire(text: string): Promise<Text>;
  /** @throws ApplicationFailure `Store.Refused` where the store does not have it */
  resolve(text: Text): Promise<string>;
  /** Messages with every reference resolved. @throws as `resolve` */
  plain(messages: readonly ChatMessage[]): Promise<PlainMessage[]>;
}

/** The texts of a tenant in a store. What the store throws becomes a failure of ours: retried while it is away. */
export function textsOf(store: Store, tenant: string): Texts {
  const get = async (ref: string): Promise<string> => {
    const text = await stored(() => store.getText(tenant, ref));
    if (text === undefined) throw missing();
    return text;
  };
  const resolve = (text: Text) => (typeof text === 'string' ? Promise.resolve(text) : get(text.ref));
  const piece = async (part: Piece) => {
    if (typeof part === 'string') return part;
    const text = await get(part.ref);
    return part.clip ? clip(text, part.clip) : text;
  };
  const argumentsOf = async ({ arguments: args = {} }: ToolCall): Promise<Record<string, unknown>> => {
    return isRef(args) ? (JSON.parse(await get(args.ref)) as Record<string, unknown>) : args;
  };
  const toolCall = async (call: ToolCall): Promise<PlainToolCall> => {
    const { id, name, invalid } = call;
    return { id, name, arguments: await argumentsOf(call), ...(invalid !== undefined && { invalid }) };
  };
  return {
    toWire: (text) => (text.length <= INLINE_CHARS ? Promise.resolve(text) : stored(() => store.putText(tenant, text))),
    resolve,
    plain: (messages) =>
      Promise.all(
        messages.map(async ({ role, content, toolCalls, toolCallId, toolName }) => ({
          role,
          content: (await Promise.all([content].flat().map(piece))).join(''),
          ...(toolCalls && { toolCalls: await Promise.all(toolCalls.map(toolCall)) }),
          ...(toolCallId !== undefined && { toolCallId }),
          ...(toolName !== undefined && { toolName }),
        })),
      ),
  };
}

/** Does something with the store, and puts its errors into failures of ours. */
export async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStoreError(error)) throw error;
    throw ApplicationFailure.create({ ...kindOf(error), message: error.message });
  }
}

function kindOf(error: StoreError): { type: FailureType; nonRetryable: boolean } {
  if (error.reason === 'unavailable') return { type: FailureType.storeUnavailable, nonRetryable: false };
  if (!(error instanceof EncryptionError)) return { type: FailureType.storeRefused, nonRetryable: true };
  // Another worker may have the key, or this one when it is started again.
  if (error.problem === 'key_missing') return { type: FailureType.encryptionKeyMissing, nonRetryable: false };
  return { type: FailureType.encryptionNotAuthentic, nonRetryable: true };
}

/** What a reference should stand for is not in the store: collected, or another store than the run began with. */
export function missing(): ApplicationFailure {
  const message = 'The store does not have a text of this run any more';
  return ApplicationFailure.create({ type: FailureType.storeRefused, message, nonRetryable: true });
}

export function isRef(value: object): value is BlobRef {
  return 'ref' in value && 'chars' in value && typeof value.ref === 'string' && typeof value.chars === 'number';
}

function clip(text: string, { keep, chars }: { keep: 'start' | 'end'; chars: number }): string {
  const left = text.length - chars;
  if (left <= 0) return text;
  const note = `[… ${left} characters left out]`;
  return keep === 'start' ? `${text.slice(0, chars)}\n${note}` : `${note}\n${text.slice(-chars)}`;
}
