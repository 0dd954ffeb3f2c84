import { createHash } from 'node:crypto';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { PlainMessage } from '../../contract/wire.js';
import type { Traits } from '../models/providers.js';
import type { ToolNames } from './tool-names.js';

/** Ids that every provider takes; OpenAI's longest are 40 characters. */
const WIRE_ID = /^[A-Za-z0-9_-]{1,40}$/;

/** A conversation for LangChain. What says nothing (an empty answer) is left out: some providers refuse it. */
export function toLangChain(
  messages: readonly PlainMessage[],
  { toWire }: ToolNames,
  { shortCallIds }: Pick<Traits, 'shortCallIds'>,
): BaseMessage[] {
  const idOf = (id: string) => wireId(id, shortCallIds);
  return messages.flatMap((message): BaseMessage[] => {
    const { role, content, toolCalls = [], toolCallId = '', toolName } = message;
    switch (role) {
      case 'system':
        return [new SystemMessage(content)];
      case 'user':
        return [new HumanMessage(content)];
      case 'assistant':
        if (content === '' && toolCalls.length === 0) return [];
        return [
          new AIMessage({
            content,
            tool_calls: toolCalls.map((call) => ({ id: idOf(call.id), name: toWire(call.name), args: call.arguments })),
          }),
        ];
      case 'tool':
        return [
          new ToolMessage({
            content,
            tool_call_id: idOf(toolCallId),
            ...(toolName !== undefined && { name: toWire(toolName) }),
          }),
        ];
    }
  });
}

/** The ids that a conversation has, as they are on the wire and as they were given. */
export function callIdsOf(messages: readonly PlainMessage[]): string[] {
  return messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id));
}

/** A conversation may have been begun with another provider, whose ids this one would refuse. */
function wireId(id: string, short: boolean): string {
  if (!short && WIRE_ID.test(id)) return id;
  const digest = createHash('sha256').update(id).digest('hex');
  return short ? digest.slice(0, 9) : `call_${digest.slice(0, 24)}`;
}
