import type { AIMessageChunk, ToolCallChunk, UsageMetadata } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import type { TokenUsage } from '../../contract/wire.js';
import { tooLarge, type AnswerLimits } from './answer-limits.js';
import { JsonEnd } from './json-end.js';
import type { RawToolCall } from './tool-calls.js';

/** An answer as far as its stream has come. */
export interface Answer {
  parts: string[];
  calls: CallPieces[];
  /** Of its texts and calls together. */
  chars: number;
  /** False: nothing but a usage came. */
  hasChoice: boolean;
  id?: string;
  model?: string;
  finishReason?: string;
  usage?: UsageMetadata;
}

/** A tool call as far as its pieces have come. */
interface CallPieces {
  index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string[];
  /** Whether its arguments are a whole object already. */
  end: JsonEnd;
}

export function emptyAnswer(): Answer {
  return { parts: [], calls: [], chars: 0, hasChoice: false };
}

/**
 * Adds a chunk. By hand: LangChain's `concat` copies the whole answer for each chunk, seconds of CPU for a long one.
 * @throws ModelCallError where the answer goes on beyond the limits
 */
export function addChunk(answer: Answer, { message, generationInfo }: ChatGenerationChunk, limits: AnswerLimits): void {
  const { finish_reason: finishReason, model_name: model }: Record<string, unknown> = generationInfo ?? {};
  if (generationInfo !== undefined) answer.hasChoice = true;
  if (typeof finishReason === 'string' && finishReason !== '') answer.finishReason = finishReason;
  if (typeof model === 'string' && model !== '') answer.model = model;
  if (message.id !== undefined && message.id !== '') answer.id ??= message.id;
  if (message.text !== '') answer.parts.push(message.text);
  answer.chars += message.text.length;
  const { tool_call_chunks: pieces = [], usage_metadata: usage } = message as Partial<AIMessageChunk>;
  for (const piece of pieces) {
    addPiece(answer.calls, piece);
    answer.chars += (piece.name?.length ?? 0) + (piece.args?.length ?? 0);
  }
  if (answer.chars > limits.chars) throw tooLarge(limits.chars, 'characters');
  if (answer.calls.length > limits.calls) throw tooLarge(limits.calls, 'tool calls');
  if (usage) answer.usage = usage;
}

/** The calls, put together. */
export function callsOf({ calls }: Answer): RawToolCall[] {
  return calls.map(({ id, name, arguments: pieces }) => ({ id, name, arguments: pieces.join('') }));
}

export function tokenUsage(usage: UsageMetadata | undefined): TokenUsage {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cachedInputTokens: usage?.input_token_details?.cache_read ?? 0,
    reasoningTokens: usage?.output_token_details?.reasoning ?? 0,
  };
}

/** Adds a piece to its call, or begins one. Names come whole, and from some providers again with each piece. */
function addPiece(calls: CallPieces[], piece: ToolCallChunk): void {
  const { id, name = '', args = '', index } = piece;
  const call = callOf(calls, piece);
  if (!call) {
    calls.push({ index, id, name, arguments: [args], end: new JsonEnd(args) });
    return;
  }
  call.id ??= id;
  if (name !== call.name && call.end.isEmpty) call.name += name;
  if (args === '') return;
  call.arguments.push(args);
  call.end.add(args);
}

/**
 * The call that a piece belongs to: by id and index, else the last one. A name begins a call where the id is another one,
 * or the call before is whole already: some providers give each call the same index, and no ids.
 */
function callOf(calls: readonly CallPieces[], { id, name, args, index }: ToolCallChunk): CallPieces | undefined {
  const fits = (call: CallPieces) => index === undefined || call.index === index;
  const known = id ? calls.findLast((call) => call.id === id && fits(call)) : undefined;
  const at = known ?? (index === undefined ? calls.at(-1) : calls.findLast(fits));
  if (!at || !name) return at;
  const isOther = id ? at.id !== undefined && at.id !== id : index === undefined;
  return isOther || (args && at.end.isReached(at.arguments)) ? undefined : at;
}
