import type { AIMessageChunk, ToolCallChunk, UsageMetadata } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import type { TokenUsage } from '../../contract/wire.js';
import type { RawToolCall } from './tool-calls.js';

/** An answer as far as its stream has come. */
export interface Answer {
  parts: string[];
  calls: CallPieces[];
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
}

export function emptyAnswer(): Answer {
  return { parts: [], calls: [], hasChoice: false };
}

/** Adds a chunk. By hand: LangChain's `concat` copies the whole answer for each chunk, seconds of CPU for a long one. */
export function addChunk(answer: Answer, { message, generationInfo }: ChatGenerationChunk): void {
  const { finish_reason: finishReason, model_name: model }: Record<string, unknown> = generationInfo ?? {};
  if (generationInfo !== undefined) answer.hasChoice = true;
  if (typeof finishReason === 'string' && finishReason !== '') answer.finishReason = finishReason;
  if (typeof model === 'string' && model !== '') answer.model = model;
  if (message.id !== undefined && message.id !== '') answer.id ??= message.id;
  answer.parts.push(message.text);
  const { tool_call_chunks: pieces = [], usage_metadata: usage } = message as Partial<AIMessageChunk>;
  for (const piece of pieces) addPiece(answer.calls, piece);
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
    calls.push({ index, id, name, arguments: [args] });
    return;
  }
  call.id ??= id;
  if (name !== call.name && call.arguments.join('') === '') call.name += name;
  call.arguments.push(args);
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
  return isOther || (args && isWhole(at.arguments.join(''))) ? undefined : at;
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
