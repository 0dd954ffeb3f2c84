import type { CrewDefinition } from './types.js';

/** Model calls of one attempt before the agent must answer in one last call, where the definition does not say. CrewAI's. */
export const DEFAULT_MAX_ITER = 20;

/** How often a guardrail sends an output back, where the definition does not say. CrewAI's. */
export const DEFAULT_GUARDRAIL_RETRIES = 3;

/** How often a manager sends one task's work back, where the definition does not say. */
export const DEFAULT_MAX_REVIEWS = 2;

/** How often a person may send one task's output back before the task fails. */
export const MAX_REJECTIONS = 10;

/** How often an answer that does not fit the output schema is asked for again. */
export const SCHEMA_REPAIRS = 3;

/** How often an answer to one of the engine's own questions (a verdict, a plan) is asked for again where it is of no use. */
export const QUESTION_REPAIRS = 2;

/** How many answers in a row may hold nothing but tool calls that cannot be made; then the agent must answer without tools. */
export const MAX_MALFORMED_ROUNDS = 3;

/** Tool calls of one answer that are made; the model is told to repeat the rest. */
export const MAX_CALLS_A_ROUND = 20;

/** How deep work is handed on: the agent of a task, its coworker, and that one's coworker. */
export const MAX_DELEGATION_DEPTH = 2;

/** What a run has used of its budget. */
export interface Spent {
  tokens: number;
  usd: number;
  model_calls: number;
  /** Seconds. */
  wall_time: number;
}

/** A limit that was reached. */
export interface Excess {
  limit: keyof Spent;
  allowed: number;
  used: number;
}

/**
 * The limits of a budget that leave no room for one more call. `shares`: how many times the budget was granted, 1 at
 * first. `next`: what the call needs at least.
 */
export function excesses(
  budget: NonNullable<CrewDefinition['budget']>,
  spent: Spent,
  next: Pick<Spent, 'tokens' | 'model_calls'>,
  shares: number,
): Excess[] {
  const limits: (keyof Spent)[] = ['tokens', 'usd', 'model_calls', 'wall_time'];
  return limits.flatMap((limit): Excess[] => {
    const one = budget[limit];
    if (one === undefined) return [];
    const allowed = one * shares;
    const needed = limit === 'tokens' || limit === 'model_calls' ? spent[limit] + next[limit] : spent[limit];
    const over = limit === 'tokens' || limit === 'model_calls' ? needed > allowed : needed >= allowed;
    return over ? [{ limit, allowed, used: spent[limit] }] : [];
  });
}

/** Characters of a token, on the safe side for English prose: what sizes are estimated by where nothing was counted yet. */
export const CHARS_A_TOKEN = 3.5;

/** Tokens that a text of this length takes, about. */
export function estimateTokens(chars: number): number {
  return Math.ceil(chars / CHARS_A_TOKEN);
}
