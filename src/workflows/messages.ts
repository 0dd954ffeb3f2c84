import type { ChatMessage, Piece, Text } from '../contract/wire.js';
import type { PromptMessage } from '../crew/prompt.js';

type Reference = Exclude<Piece, string>;

/** A prompt as it crosses the wire. Texts that stand beside each other become one. */
export function toWire(messages: readonly PromptMessage<Reference>[]): ChatMessage[] {
  return messages.map(({ role, content }) => ({ role, content: joined(content) }));
}

function joined(pieces: readonly Piece[]): Piece | Piece[] {
  const parts: Piece[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') parts[parts.length - 1] = last + piece;
    else parts.push(piece);
  }
  const [first = ''] = parts;
  return parts.length <= 1 ? first : parts;
}

/** Characters of messages, in UTF-16 code units: all of them, or only what is not by reference. */
export function sizeOf(messages: readonly ChatMessage[], what: 'all' | 'inline' = 'all'): number {
  const pieces = messages.flatMap(({ content }) => content);
  return pieces.reduce((sum, piece) => {
    if (typeof piece === 'string') return sum + piece.length;
    return what === 'inline' ? sum : sum + Math.min(piece.clip?.chars ?? piece.chars, piece.chars);
  }, 0);
}

/** Length of a text, in UTF-16 code units. */
export function lengthOf(text: Text): number {
  return typeof text === 'string' ? text.length : text.chars;
}

/** The beginning of a text, with a word about what is left out. */
export function clipped(text: Text, chars: number): Piece {
  if (lengthOf(text) <= chars) return text;
  if (typeof text !== 'string') return { ...text, clip: { keep: 'start', chars } };
  return `${text.slice(0, chars)}\n[… ${text.length - chars} characters left out]`;
}
