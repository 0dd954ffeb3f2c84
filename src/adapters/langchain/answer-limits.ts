import { ModelCallError } from '../../contract/model-error.js';

/** What is read of one answer, at most: what goes on beyond it is no answer, and a worker holds many at a time. */
export interface AnswerLimits {
  /** Characters of its text and of its tool calls together. */
  chars: number;
  /** Tool calls. */
  calls: number;
  /** Bytes of its body, unpacked. A streamed token takes some 250. */
  bodyBytes: number;
  /** Lines of a stream: each costs time, however short. A token takes two. */
  lines: number;
  /** Bytes of one part: of one event of a stream, or of a body in one piece. */
  partBytes: number;
  /** Bytes of an error's body; the rest of one is left unread. */
  errorBytes: number;
  /** Longest silence of a body: a model that thinks is silent for minutes, a connection that was lost for ever. */
  idleMs: number;
}

export const ANSWER_LIMITS: AnswerLimits = {
  chars: 1_000_000,
  calls: 200,
  bodyBytes: 100_000_000,
  lines: 600_000,
  // The client copies an event that is not whole yet with each piece that comes.
  partBytes: 4_000_000,
  errorBytes: 64_000,
  idleMs: 240_000,
};

/** The error of an answer that goes on beyond a limit. */
export function tooLarge(limit: number, of: string): ModelCallError {
  return new ModelCallError('answer_too_large', `more than ${limit} ${of}`);
}
