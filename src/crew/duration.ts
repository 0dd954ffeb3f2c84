/** How long something may take: a number of seconds, or a number with its unit: `30s`, `15m`, `4h`, `3d`, `500ms`. */
export type Duration = number | string;

export const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longest duration that a definition may name, in days. */
export const MAX_DURATION_DAYS = 365;

/** A duration in milliseconds; NaN where it is none, which the schema rules out. */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number') return duration * 1_000;
  const [, amount, unit = ''] = DURATION_PATTERN.exec(duration) ?? [];
  return Number(amount) * (UNIT_MS[unit] ?? NaN);
}
