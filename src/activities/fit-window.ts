import type { ModelFacts } from '../contract/models.js';
import type { PlainMessage } from '../contract/wire.js';
import { CHARS_A_TOKEN } from '../crew/limits.js';

/** Answers that a window is left room for where nothing says how long they get, in tokens. */
const ANSWER_TOKENS = 1_024;

/** What stands in the place of a tool result that was left out. */
const LEFT_OUT = '[left out: it was long ago, and there is no more room for it]';

/**
 * Makes a conversation fit a model's window: the oldest tool results go first, each leaving a word behind, so that every
 * call keeps its answer. What the agent was told, and said itself, stays; where that alone is too long, the provider says so.
 */
export function fitWindow(
  messages: PlainMessage[],
  facts: ModelFacts | undefined,
  maxOutputTokens: number | undefined,
): { messages: PlainMessage[]; leftOutChars: number } {
  if (facts?.contextWindow === undefined) return { messages, leftOutChars: 0 };
  const answer = Math.min(maxOutputTokens ?? facts.maxOutputTokens ?? ANSWER_TOKENS, facts.contextWindow / 2);
  const room = (facts.contextWindow - answer) * CHARS_A_TOKEN;
  let excess = messages.reduce((sum, message) => sum + sizeOf(message), 0) - room;
  let leftOutChars = 0;
  const fitted = messages.map((message) => {
    const spare = message.content.length - LEFT_OUT.length;
    if (excess <= 0 || message.role !== 'tool' || spare <= 0) return message;
    excess -= spare;
    leftOutChars += message.content.length;
    return { ...message, content: LEFT_OUT };
  });
  return { messages: fitted, leftOutChars };
}

function sizeOf({ content, toolCalls }: PlainMessage): number {
  return content.length + (toolCalls ? JSON.stringify(toolCalls).length : 0);
}
