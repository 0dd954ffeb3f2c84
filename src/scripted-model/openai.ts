import { z } from 'zod';
import type { Answer } from './script.js';

/** The part of OpenAI's chat completion request that the scripted model looks at; everything else is let through. */
export const completionRequestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })).nullish(),
  tool_choice: z.unknown().optional(),
  response_format: z.unknown().optional(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
});

/** A valid chat completion request. */
export type CompletionRequest = z.output<typeof completionRequestSchema>;

const partsSchema = z.array(z.looseObject({ text: z.string().default('') }));

/** The text of a message's content: a string, or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = partsSchema.safeParse(content);
  return parts.success ? parts.data.map(({ text }) => text).join('\n') : '';
}

const ERROR_TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'requests',
};

/** OpenAI's error body. */
export function errorBody(status: number, message: string, code: string | null = null) {
  const type = ERROR_TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { error: { message, type, param: null, code } };
}

/** Tokens as OpenAI reports them. */
export interface WireUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
}

/** What a call is answered with, before it is put into one of the two shapes. */
export interface Completion {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
  text: string;
  toolCalls: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  finishReason: string;
  usage: WireUsage;
}

/** The completion that an answer with `text` or `tool_calls` stands for. `n`: the call's number, for ids. */
export function completionOf(answer: Answer, request: CompletionRequest, n: number): Completion {
  const text = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
  const toolCalls = (answer.tool_calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${n}_${index}`,
    type: 'function' as const,
    function: { name: call.name, arguments: call.arguments_text ?? JSON.stringify(call.arguments) },
  }));
  const said = request.messages.map((message) => textOf(message.content)).join('\n');
  const made = [text, ...toolCalls.map((call) => call.function.arguments)].join('\n');
  return {
    id: `chatcmpl-scripted-${n}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    text,
    toolCalls,
    finishReason: answer.finish_reason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    usage: usageOf(answer, { said, made }),
  };
}

/** What the script says, else words. */
function usageOf({ usage }: Answer, { said, made }: { said: string; made: string }): WireUsage {
  const input = usage?.input_tokens ?? words(said.trim()).length;
  const output = usage?.output_tokens ?? words(made.trim()).length;
  const { cached_input_tokens: cached, reasoning_tokens: reasoning } = usage ?? {};
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** The body of a completion that is not streamed (https://platform.openai.com/docs/api-reference/chat/object). */
export function completionBody(completion: Completion): object {
  const { id, created, model, text, toolCalls, finishReason, usage } = completion;
  const message = {
    role: 'assistant',
    content: text === '' && toolCalls.length > 0 ? null : text,
    refusal: null,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReason };
  return { id, object: 'chat.completion', created, model, choices: [choice], usage };
}

/**
 * The chunks of a streamed completion (https://platform.openai.com/docs/api-reference/chat/streaming): one a word, one a
 * tool call. With `cutAfterChars` the text ends there and so does the list: the rest is never sent.
 */
export function completionChunks(
  completion: Completion,
  {
    includeUsage,
    cutAfterChars,
    usageBeforeCut,
  }: { includeUsage: boolean; cutAfterChars?: number | undefined; usageBeforeCut?: boolean },
): object[] {
  const { id, created, model, text, toolCalls, finishReason, usage } = completion;
  const envelope = { id, object: 'chat.completion.chunk', created, model };
  // With include_usage, OpenAI sends `usage: null` in every chunk but the last.
  const chunk = (delta: object, reason: string | null = null) => ({
    ...envelope,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    ...(includeUsage && { usage: null }),
  });
  const first = chunk({ role: 'assistant', content: '' });
  const spoken = words(text.slice(0, cutAfterChars)).map((content) => chunk({ content }));
  if (cutAfterChars !== undefined) return [first, ...spoken, ...(usageBeforeCut ? [{ ...chunk({}), usage }] : [])];
  return [
    first,
    ...spoken,
    ...toolCalls.map((call, index) => chunk({ tool_calls: [{ index, ...call }] })),
    chunk({}, finishReason),
    ...(includeUsage ? [{ ...envelope, choices: [], usage }] : []),
  ];
}

/** Words with the white space before them, so that joining them gives the text again. */
function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
