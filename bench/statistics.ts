/** The value that so much of the values lies at or below: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median of `a[i] / b[i]`, of measurements that were taken in turn: what disturbs the machine disturbs both of a pair. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, at) => value / (b[at] ?? NaN)));
}
