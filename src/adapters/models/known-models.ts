import type { ModelPrices } from '../../contract/models.js';

/**
 * What is known of well-known models without an entry of their own. Context windows as their providers publish them;
 * list prices (US dollars per million tokens) of OpenAI's where they are settled. `models.yaml` has the last word.
 */
interface KnownModel {
  provider: string;
  /** Tokens of prompt and answer together. */
  contextWindow: number;
  prices?: ModelPrices;
}

/** Ours, which runs on this machine. */
export const LOCAL = 'local';

const openai = (contextWindow: number, prices?: [input: number, output: number, cachedInput: number]): KnownModel => ({
  provider: 'openai',
  contextWindow,
  ...(prices && { prices: { input: prices[0], output: prices[1], cachedInput: prices[2] } }),
});
const of = (provider: string, contextWindow: number): KnownModel => ({ provider, contextWindow });

const KNOWN: Record<string, KnownModel> = {
  'gpt-4o': openai(128_000, [2.5, 10, 1.25]),
  'gpt-4o-mini': openai(128_000, [0.15, 0.6, 0.075]),
  'gpt-4.1': openai(1_047_576, [2, 8, 0.5]),
  'gpt-4.1-mini': openai(1_047_576, [0.4, 1.6, 0.1]),
  'gpt-4.1-nano': openai(1_047_576, [0.1, 0.4, 0.025]),
  'gpt-4-turbo': openai(128_000),
  'gpt-4': openai(8_192),
  'gpt-3.5-turbo': openai(16_385),
  'gpt-5': openai(400_000),
  'gpt-5-mini': openai(400_000),
  'gpt-5-nano': openai(400_000),
  o1: openai(200_000),
  o3: openai(200_000),
  'o3-mini': openai(200_000),
  'o4-mini': openai(200_000),
  'claude-3-5-haiku': of('anthropic', 200_000),
  'claude-3-5-sonnet': of('anthropic', 200_000),
  'claude-3-7-sonnet': of('anthropic', 200_000),
  'claude-sonnet-4': of('anthropic', 200_000),
  'claude-opus-4': of('anthropic', 200_000),
  'gemini-1.5-flash': of('gemini', 1_048_576),
  'gemini-1.5-pro': of('gemini', 2_097_152),
  'gemini-2.0-flash': of('gemini', 1_048_576),
  'gemini-2.5-flash': of('gemini', 1_048_576),
  'gemini-2.5-pro': of('gemini', 1_048_576),
  'llama-3.1-8b-instant': of('groq', 131_072),
  'llama-3.3-70b-versatile': of('groq', 131_072),
  // The demo model, as `npm start` runs it.
  'smollm2-135m-instruct-demo': { provider: LOCAL, contextWindow: 4_096, prices: { input: 0, output: 0 } },
};

/** What is known of a model by its provider's id; a date or `-latest` at its end does not matter. */
export function knownModel(id: string): KnownModel | undefined {
  const plain = id.toLowerCase().replace(/-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/, '');
  return Object.hasOwn(KNOWN, plain) ? KNOWN[plain] : undefined;
}
