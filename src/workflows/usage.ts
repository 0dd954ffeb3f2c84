import type { ModelPrices } from '../contract/models.js';
import { addUsage, noUsage, type Usage } from '../contract/views.js';
import type { EarlierAttempts, ModelReply, TokenUsage } from '../contract/wire.js';

/** What an answered call took, with the attempts before the one that was answered. */
export function usageOf({ usage, durationMs, earlier }: ModelReply, prices: ModelPrices | undefined): Usage {
  const sum = { ...noUsage(), ...tokens(usage, prices), calls: 1, durationMs };
  if (earlier) addUsage(sum, usageOfFailed(earlier, prices));
  return sum;
}

/** What a call took that was never answered: tokens as far as they are known. */
export function usageOfFailed({ failed, unknown, usage }: EarlierAttempts, prices: ModelPrices | undefined): Usage {
  return { ...noUsage(), ...(usage && tokens(usage, prices)), failedCalls: failed, unknownCalls: unknown };
}

function tokens(usage: TokenUsage, prices: ModelPrices | undefined): TokenUsage & Pick<Usage, 'usd'> {
  return { ...usage, usd: prices ? usdOf(usage, prices) : 0 };
}

/** Prices are per million tokens; what the provider read from its cache is part of its input. */
function usdOf({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage, prices: ModelPrices): number {
  const cached = Math.min(cachedInputTokens, inputTokens);
  const input = (inputTokens - cached) * prices.input + cached * (prices.cachedInput ?? prices.input);
  return (input + outputTokens * prices.output) / 1e6;
}
