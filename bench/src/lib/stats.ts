/** Order statistics over raw samples. Percentiles are never averaged: samples are merged first. */

export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The nearest-rank percentile of ascending `sorted`: the least value that at least `share` of all do not exceed. */
export function percentileOf(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) {
    return NaN;
  }
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? NaN;
}

/** Every figure is NaN where there is no sample: no sample is not a latency of zero. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50: percentileOf(sorted, 0.5),
    p95: percentileOf(sorted, 0.95),
    p99: percentileOf(sorted, 0.99),
    max: percentileOf(sorted, 1),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}

/**
 * The median of `mine[i] / theirs[i]`: of rounds that ran next to each other, so that a slow moment of the machine hits both
 * sides of a ratio. A pair with a NaN, a round that does not count, is left out; NaN where no pair is left.
 */
export function medianRatioOf(mine: readonly number[], theirs: readonly number[]): number {
  return medianOf(mine.map((value, i) => value / (theirs[i] ?? NaN)).filter((ratio) => !Number.isNaN(ratio)));
}
