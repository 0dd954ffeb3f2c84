import type { AnswerPart, FinishReason } from './completion.js';

/** https://platform.openai.com/docs/api-reference/chat/object */
export interface WireUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

interface WireToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** Fields that every chunk and every answer begins with. */
export interface Envelope {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
  /** Says in each answer that a demo model gave it. */
  system_fingerprint: string;
}

export function wireUsage(promptTokens: number, completionTokens: number): WireUsage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** An answer in one piece. */
export function wireCompletion(
  envelope: Envelope,
  parts: readonly AnswerPart[],
  finishReason: FinishReason,
  usage: WireUsage,
) {
  const content = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls: WireToolCall[] = [];
  for (const part of parts) {
    if (part.type === 'tool_call') {
      calls.push({ id: part.id, type: 'function', function: { name: part.name, arguments: '' } });
    }
    const call = calls.at(-1);
    if (part.type === 'tool_arguments' && call) call.function.arguments += part.text;
  }
  const message =
    calls.length > 0
      ? { role: 'assistant', content: null, refusal: null, tool_calls: calls }
      : { role: 'assistant', content, refusal: null };
  return {
    object: 'chat.completion',
    ...envelope,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    usage,
  };
}

/** One chunk of a streamed answer, https://platform.openai.com/docs/api-reference/chat/streaming. */
export function wireChunk(envelope: Envelope, delta: object, finishReason: FinishReason | null = null) {
  return {
    object: 'chat.completion.chunk',
    ...envelope,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  };
}

/** The chunk after the last one, where `stream_options.include_usage` asks for it. */
export function wireUsageChunk(envelope: Envelope, usage: WireUsage) {
  return { object: 'chat.completion.chunk', ...envelope, choices: [], usage };
}

/** What a part adds to the message. */
export function wireDelta(part: AnswerPart): object {
  switch (part.type) {
    case 'text':
      return { content: part.text };
    case 'tool_call':
      return {
        tool_calls: [{ index: 0, id: part.id, type: 'function', function: { name: part.name, arguments: '' } }],
      };
    case 'tool_arguments':
      return { tool_calls: [{ index: 0, function: { arguments: part.text } }] };
  }
}
