import type { ModelPrices } from '../contract/models.js';
import { noUsage, type Usage } from '../contract/views.js';
import type { EarlierAttempts, ModelReply, TokenUsage } from '../contract/wire.js';

/** What an answered call took, with the attempts before the one that was answered. */
export function usageOf({ usage, durationMs, earlier }: ModelReply, prices: ModelPrices | undefined): Usage {
  return {
    ...noUsage(),
    ...usage,
    calls: 1,
    failedCalls: earlier?.failed ?? 0,
    unknownCalls: earlier?.unknown ?? 0,
    usd: prices ? usdOf(usage, prices) : 0,
    durationMs,
  };
}

/** What a call took that was never answered. */
export function usageOfFailed({ failed, unknown }: EarlierAttempts): Usage {
  return { ...noUsage(), failedCalls: failed, unknownCalls: unknown };
}

export function addUsage(sum: Usage, more: Usage): void {
  for (const key of Object.keys(more) as (keyof Usage)[]) sum[key] += more[key];
}

/** Prices are per million tokens; what the provider read from its cache is part of its input. */
function usdOf({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage, prices: ModelPrices): number {
  const cached = Math.min(cachedInputTokens, inputTokens);
  const input = (inputTokens - cached) * prices.input + cached * (prices.cachedInput ?? prices.input);
  return (input + outputTokens * prices.output) / 1e6;
}
