import { textOf, type CompletionRequest } from './openai.js';
import type { Answer, Script } from './script.js';

/** What became of a call. `aborted`: the client went away first. */
export type CallOutcome =
  'answered' | 'rate_limited' | 'error' | 'cut' | 'malformed' | 'aborted' | 'exhausted' | 'in_flight';

/** One call as the endpoint saw it, JSON as it stands. */
export interface RecordedCall {
  /** Counts from 1. */
  n: number;
  /** Arrival, ISO 8601. */
  at: string;
  /** The caller's `X-Client-Request-Id` header. */
  clientRequestId: string | null;
  model: string;
  messages: CompletionRequest['messages'];
  outcome: CallOutcome;
  /** Index in the script's `answers`; null when none was left. */
  answerIndex: number | null;
}

/** Gives each call its answer and keeps the record. */
export interface Player {
  /** Records a call and takes its answer: the first unused one whose `when` fits. */
  take(request: CompletionRequest, clientRequestId: string | null): { call: RecordedCall; answer: Answer | undefined };
  calls(): RecordedCall[];
  /** Answers that were not used yet; one that repeats counts until its first use. */
  remaining(): number;
  /** Back to the start of the script, with an empty record. */
  reset(): void;
}

/** A player at the start of a script. */
export function createPlayer({ answers }: Script): Player {
  let calls: RecordedCall[] = [];
  const used = new Set<number>();
  return {
    take(request, clientRequestId) {
      const said = request.messages.map((message) => textOf(message.content)).join('\n');
      const index = answers.findIndex(
        ({ when, repeat }, at) => (repeat || !used.has(at)) && (when === undefined || said.includes(when)),
      );
      if (index !== -1) used.add(index);
      const call: RecordedCall = {
        n: calls.length + 1,
        at: new Date().toISOString(),
        clientRequestId,
        model: request.model,
        messages: request.messages,
        outcome: 'in_flight',
        answerIndex: index === -1 ? null : index,
      };
      calls.push(call);
      return { call, answer: answers[index] };
    },
    calls: () => structuredClone(calls),
    remaining: () => answers.length - used.size,
    reset() {
      calls = [];
      used.clear();
    },
  };
}
