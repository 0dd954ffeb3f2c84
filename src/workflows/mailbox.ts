import { FailureType } from '../contract/failures.js';
import { MAX_MESSAGE_CHARS, MAX_MESSAGES, type MessageInput, type RunInput } from '../contract/messages.js';
import type { ChatMessage } from '../contract/wire.js';
import type { MessageView } from '../contract/views.js';
import { failure } from './failure.js';
import type { RunState } from './run-state.js';

/**
 * Whether a run takes a message. Synchronous, so that an Update validator can use it.
 * @throws ApplicationFailure `Message.Invalid`
 */
export function checkMessage({ definition }: RunInput, { view }: RunState, { agent, text, by }: MessageInput): void {
  const refuse = (message: string) => failure(FailureType.messageInvalid, message);
  if (typeof text !== 'string' || text.trim() === '') throw refuse("A message needs 'text': what the agent shall know");
  if (text.length > MAX_MESSAGE_CHARS) throw refuse(`A message has at most ${MAX_MESSAGE_CHARS} characters`);
  if (typeof by !== 'string' || by.trim() === '') throw refuse("A message needs 'by': who says it");
  if (agent !== undefined && !Object.hasOwn(definition.agents, agent)) {
    const agents = Object.keys(definition.agents).slice(0, 30).join(', ');
    throw refuse(`The crew has no agent '${String(agent).slice(0, 80)}'. Its agents: ${agents}`);
  }
  if ((view.messages ?? []).length >= MAX_MESSAGES) throw refuse(`A run takes at most ${MAX_MESSAGES} messages`);
}

/** What an agent was told since its last call, as messages of its conversation. Each is delivered to it once. */
export function takeMessages(state: RunState, taskId: string | undefined, agent: string): ChatMessage[] {
  const waiting = (state.view.messages ?? []).filter(
    (message) => (message.agent === undefined || message.agent === agent) && !message.deliveredTo.includes(agent),
  );
  return waiting.map((message) => {
    state.messageDelivered(message, taskId, agent);
    return { role: 'user', content: inWords(message) };
  });
}

function inWords({ by, text }: MessageView): string {
  return `A message from ${by}, who follows your work:\n${text}\nTake it into account from here on.`;
}
