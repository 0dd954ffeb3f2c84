import { textOf, type CompletionRequest, type WireUsage } from './openai.js';
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
  /** The caller's `traceparent` header. */
  traceparent: string | null;
  model: string;
  messages: CompletionRequest['messages'];
  /** Names of the tools that were offered. */
  tools: string[];
  /** As sent; null where it was not. */
  toolChoice: unknown;
  responseFormat: unknown;
  /** `max_tokens` or `max_completion_tokens`. */
  maxTokens: number | null;
  outcome: CallOutcome;
  /** Index in the script's `answers`; null when none was left. */
  answerIndex: number | null;
  /** What was reported to the caller, for its sums to be compared with; null where nothing was. */
  usage: WireUsage | null;
}

/** Gives each call its answer and keeps the record. */
export interface Player {
  /** Records a call and takes its answer: the first unused one whose `when` fits. */
  take(
    request: CompletionRequest,
    clientRequestId: string | null,
    traceparent?: string,
  ): { call: RecordedCall; answer: Answer | undefined };
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
    take(request, clientRequestId, traceparent) {
      const said = request.messages.map((message) => textOf(message.content)).join('\n');
      const index = answers.findIndex(
        ({ when, when_model: model = request.model, repeat }, at) =>
          (repeat || !used.has(at)) && (when === undefined || said.includes(when)) && model === request.model,
      );
      if (index !== -1) used.add(index);
      const call: RecordedCall = {
        n: calls.length + 1,
        at: new Date().toISOString(),
        clientRequestId,
        traceparent: traceparent ?? null,
        model: request.model,
        messages: request.messages,
        tools: request.tools?.flatMap((tool) => tool.function?.name ?? []) ?? [],
        toolChoice: request.tool_choice ?? null,
        responseFormat: request.response_format ?? null,
        maxTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
        outcome: 'in_flight',
        answerIndex: index === -1 ? null : index,
        usage: null,
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
